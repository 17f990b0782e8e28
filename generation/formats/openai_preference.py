"""OpenAI's preference rows: {input: {messages, tools, parallel_tool_calls}, preferred_output, non_preferred_output}.

Source: OpenAI's guide to direct preference optimization; Together and Fireworks read the same shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generation.files.records import Record
from generation.formats.answer_parts import MessagesAnswer
from generation.formats.base import NESTED_LAYOUTS, Options
from generation.formats.pairs import last_turn_faults, pair_format
from generation.formats.parts import object_of
from generation.formats.prompt_parts import WITH_TOOLS, MessagesPrompt
from generation.types import N_, Example, Pair, RowError

MINIMUM_EXAMPLES = 10
_INSIDE = MessagesPrompt("messages", dialect=WITH_TOOLS, tools="tools")
_PARALLEL = "parallel_tool_calls"


@dataclass(frozen=True, slots=True)
class InputPrompt:
    """The prompt in the object `input`, with its tools and whether they may be called at the same time."""

    needed: str = "input"
    keys: frozenset[str] = frozenset({"input"})

    def fits(self, record: Record) -> bool:
        """See `PromptPart`."""
        return isinstance(record.get("input"), dict) and _INSIDE.fits(record["input"])

    def read(self, record: Record) -> Example:
        """See `PromptPart`. Unknown keys of `input` go into the prompt's meta."""
        inside = object_of(record, "input")
        prompt = _INSIDE.read(inside)
        more = {name: value for name, value in inside.items() if name not in _INSIDE.keys}
        # true is what OpenAI takes when nothing is said.
        if more.get(_PARALLEL) in (True, None):
            more.pop(_PARALLEL, None)
        return replace(prompt, meta={**prompt.meta, **more})

    def write(self, prompt: Example, options: Options) -> Record:
        """See `PromptPart`."""
        inside = {"tools": [], _PARALLEL: True} | _INSIDE.write(prompt, options)
        if prompt.meta.get(_PARALLEL) is False:
            inside[_PARALLEL] = False
        return {"input": {name: inside[name] for name in ("messages", "tools", _PARALLEL)}}


def _faults(record: Record, pair: Pair) -> Iterator[RowError]:
    yield from last_turn_faults(pair, path="input.messages")
    for name, answer in (("preferred_output", pair.chosen), ("non_preferred_output", pair.rejected)):
        if answer.steps:
            yield RowError(0, "one_answer_only", name, severity="warning")
    if any(turn.role == "assistant" for turn in pair.prompt.turns):
        yield RowError(0, "one_turn_only", "input.messages", severity="warning")


FORMAT = pair_format(
    name="openai_preference",
    title=N_("OpenAI preference"),
    layouts=NESTED_LAYOUTS,
    prompt=InputPrompt(),
    answer=MessagesAnswer(WITH_TOOLS, roles=frozenset({"assistant", "tool"})),
    chosen="preferred_output",
    rejected="non_preferred_output",
    sureness=98,
    more_faults=_faults,
)
