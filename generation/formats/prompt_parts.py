"""How a record may hold a prompt: as one text, as Alpaca's fields, as chat messages, as ShareGPT's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.base import Options
from generation.formats.chat import ROLES, Dialect, Heard, heard, paths, told
from generation.formats.content_parts import Shelf
from generation.formats.parts import MEDIA, field_of, fitting, media_of, optional_text, text_of
from generation.formats.tool_calls import tools_list, tools_text
from generation.formats.turns import asked_text, exchanges, from_exchanges, prompt_from, prompt_turns
from generation.types import Example, Turn

PLAIN = Dialect()
"""System, user and assistant, and nothing but texts."""

WITH_TOOLS = Dialect(roles=frozenset(ROLES), names=True)
"""Every role, names, and tool calls whose arguments are texts."""

TRL = Dialect(roles=frozenset(ROLES), names=True, arguments="object", style="trl")
"""What chat templates take: every role, and tool calls whose arguments are objects."""


class PromptPart(Protocol):
    """One way to hold a prompt: what it reads from a record, and the fields that it adds to one."""

    @property
    def needed(self) -> str:
        """The field without which there is no prompt, empty when it shares the answers' field."""
        ...

    @property
    def keys(self) -> frozenset[str]:
        """All fields that belong to the prompt."""
        ...

    def fits(self, record: Record) -> bool:
        """Whether the field is there and of the right type."""
        ...

    def read(self, record: Record) -> Example:
        """The prompt; `Fault` where there is none."""
        ...

    def write(self, prompt: Example, options: Options) -> Record:
        """The fields that hold it; `Fault` "not_representable" for what has no place."""
        ...


@dataclass(frozen=True, slots=True)
class TextPrompt:
    """One text, and a system text where the format has a field for it. Earlier turns have no place."""

    needed: str = "prompt"
    system: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """The field of the text and that of the system text."""
        return frozenset({self.needed, self.system} - {""})

    def fits(self, record: Record) -> bool:
        """See `PromptPart`."""
        return isinstance(record.get(self.needed), str)

    def read(self, record: Record) -> Example:
        """See `PromptPart`."""
        system = optional_text(record, self.system) if self.system else ""
        return Example(text_of(record, self.needed), system=system)

    def write(self, prompt: Example, options: Options) -> Record:
        """See `PromptPart`."""
        prompt = fitting(prompt, options, holds={"system"} if self.system else ())
        system = (prompt.system or options.default_system) if self.system else ""
        beside = {self.system: system} if system else {}
        return beside | {self.needed: asked_text(prompt, separator=options.separator)}


@dataclass(frozen=True, slots=True)
class AlpacaPrompt:
    """Instruction and input as they are, earlier exchanges in `history`, system and media where there are any."""

    needed: str = "instruction"
    keys: frozenset[str] = frozenset({"instruction", "input", "system", "history", *MEDIA})

    def fits(self, record: Record) -> bool:
        """See `PromptPart`."""
        return isinstance(record.get(self.needed), str)

    def read(self, record: Record) -> Example:
        """See `PromptPart`."""
        media: dict[str, Any] = media_of(record, *MEDIA)
        return Example(
            text_of(record, "instruction"),
            optional_text(record, "input"),
            system=optional_text(record, "system"),
            turns=from_exchanges(_history(record.get("history"))),
            **media,
        )

    def write(self, prompt: Example, options: Options) -> Record:
        """See `PromptPart`."""
        prompt = fitting(prompt, options, holds={"system", "turns", *MEDIA})
        record: Record = {"instruction": prompt.instruction, "input": prompt.input}
        if system := prompt.system or options.default_system:
            record["system"] = system
        if prompt.turns:
            earlier = exchanges(prompt.turns)
            if earlier is None:
                raise Fault("not_representable", path="turns")
            record["history"] = [list(pair) for pair in earlier]
        return record | {name: list(getattr(prompt, name)) for name in MEDIA if getattr(prompt, name)}


def _history(value: Any) -> list[Sequence[str]]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Fault("not_a_list", path="history")
    for at, turn in enumerate(value):
        if not isinstance(turn, list) or len(turn) != 2 or not all(isinstance(text, str) for text in turn):
            raise Fault("not_a_turn", path=f"history.{at}")
    return value


@dataclass(frozen=True, slots=True)
class MessagesPrompt:
    """A list of chat messages up to the answer, in the dialect of the target, tools and media in fields beside it."""

    needed: str = "messages"
    dialect: Dialect = PLAIN
    tools: str = ""
    media: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The messages, the tools and the media."""
        return frozenset({self.needed, self.tools, *self.media} - {""})

    def fits(self, record: Record) -> bool:
        """See `PromptPart`."""
        return are_messages(record.get(self.needed))

    def read(self, record: Record) -> Example:
        """See `PromptPart`."""
        return self.from_turns(turns_of(field_of(record, self.needed), self.dialect, path=self.needed), record)

    def from_turns(self, found: Heard, record: Record) -> Example:
        """The prompt that these turns are, with the tools and media of the record."""
        tools = tools_text(record.get(self.tools) or None, path=self.tools) if self.tools else ""
        for name in MEDIA:
            if getattr(found.found, name) and name not in self.media:
                raise Fault("media_not_taken", path=self.needed, message=name)
        media: dict[str, Any] = {name: tuple(getattr(found.found, name)) or paths(record, name) for name in self.media}
        if found.found.unnamed > sum(map(len, media.values())):
            raise Fault("media_count", path=self.needed)
        return prompt_from(found.turns, tools=tools, meta=found.extras, **media)

    def write(self, prompt: Example, options: Options) -> Record:
        """See `PromptPart`."""
        turns = self.turns(prompt, options)
        shelf = Shelf.of(prompt, style=self.dialect.style) if self.media else None
        return {self.needed: told(turns, self.dialect, shelf=shelf, path=self.needed)} | self.beside(prompt, options)

    def turns(self, prompt: Example, options: Options) -> list[Turn]:
        """The turns of the prompt; weights have no meaning where only answers are compared."""
        tools = {"steps", "tools"} if self.tools else {"steps"} if self.dialect.tools else set()
        prompt = fitting(prompt, options, holds={"system", "turns", *tools, *self.media})
        turns = prompt_turns(prompt, separator=options.separator, default_system=options.default_system)
        return [turn if turn.weight is None else replace(turn, weight=None) for turn in turns]

    def beside(self, prompt: Example, options: Options) -> Record:
        """The tools and the media, which stand beside the messages."""
        with_tools = self.tools and prompt.tools
        beside: Record = {self.tools: tools_list(prompt.tools, path=self.tools)} if with_tools else {}
        return beside | {name: list(getattr(prompt, name)) for name in self.media if getattr(prompt, name)}


def are_messages(value: Any) -> bool:
    """Whether the value looks like a list of chat messages."""
    return isinstance(value, list) and all(isinstance(each, dict) and "role" in each for each in value)


def turns_of(value: Any, dialect: Dialect, *, path: str) -> Heard:
    """The turns in a list of messages; `Fault` "unrecognized_role" for one that the target does not know."""
    found = heard(value, path=path)
    for at, turn in enumerate(found.turns):
        if turn.role not in dialect.roles:
            raise Fault("unrecognized_role", path=f"{path}.{at}.role", message=turn.role)
    return found
