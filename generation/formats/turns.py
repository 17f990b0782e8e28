"""Conversations: a list of turns <-> the parts of an `Example`, and turns <-> plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from generation.files.strict_json import Fault
from generation.types import Candidate, Example, ToolCall, Turn, TurnRole


def example_from(turns: Sequence[Turn], *, path: str = "messages", **parts: Any) -> Example:
    """The example that this conversation is; `parts` are its other fields (tools, images, meta, system).

    `Fault` "no_answer" unless the last turn is the assistant's.
    """
    if not turns or turns[-1].role != "assistant":
        raise Fault("no_answer", path=path)
    last = turns[-1]
    return prompt_from(turns[:-1], **parts, output=last.content, calls=last.calls, weight=last.weight)


def prompt_from(turns: Sequence[Turn], **parts: Any) -> Example:
    """The prompt that these turns are: an example without output. Nothing is joined, trimmed or left out."""
    rest = list(turns)
    if rest and rest[0].role == "system" and "system" not in parts and only_text(rest[0]):
        parts["system"] = rest.pop(0).content
    at = next((at for at in reversed(range(len(rest))) if rest[at].role == "user"), None)
    # A user turn with more than a text (a name) has no place in `instruction`; it stays whole among the earlier ones.
    if at is None or not only_text(rest[at]):
        return Example("", turns=tuple(rest), **parts)
    return Example(rest[at].content, turns=tuple(rest[:at]), steps=tuple(rest[at + 1 :]), **parts)


def only_text(turn: Turn) -> bool:
    """Whether a text and a role are all that the turn has, and the text is not empty."""
    return bool(turn.content) and not (turn.name or turn.calls or turn.call_id or turn.weight is not None)


def prompt_turns(example: Example, *, separator: str = "\n", default_system: str = "") -> list[Turn]:
    """All turns up to the answer, the system text first."""
    turns = []
    has_own = example.turns and example.turns[0].role in ("system", "developer")
    system = example.system or ("" if has_own else default_system)
    if system:
        turns.append(Turn("system", system))
    turns += example.turns
    asked = asked_text(example, separator=separator)
    if asked:
        turns.append(Turn("user", asked))
    return turns + list(example.steps)


def all_turns(example: Example, *, separator: str = "\n", default_system: str = "") -> list[Turn]:
    """The whole conversation, the answer last."""
    asked = prompt_turns(example, separator=separator, default_system=default_system)
    return [*asked, Turn("assistant", example.output, calls=example.calls, weight=example.weight)]


def plain_texts(
    example: Example, *, separator: str = "\n", default_system: str = ""
) -> list[tuple[TurnRole, str]] | None:
    """`all_turns` as (role, text) where there is nothing but texts: the usual row, and quickly done. Else None."""
    it = example
    if it.turns or it.steps or it.calls or it.tools or it.images or it.videos or it.audios or it.meta:
        return None
    if it.weight is not None:
        return None
    texts: list[tuple[TurnRole, str]] = []
    system = it.system or default_system
    if system:
        texts.append(("system", system))
    asked = f"{it.instruction}{separator}{it.input}" if it.instruction and it.input else it.instruction or it.input
    if asked:
        texts.append(("user", asked))
    texts.append(("assistant", it.output))
    return texts


def asked_text(example: Example, *, separator: str = "\n") -> str:
    """Instruction and input as one text; an empty one leaves no separator behind."""
    return separator.join(text for text in (example.instruction, example.input) if text)


def answer_turns(answer: Candidate) -> list[Turn]:
    """The turns that an answer consists of: usually one."""
    return [*answer.steps, Turn("assistant", answer.text, calls=answer.calls)]


def answer_from(turns: Sequence[Turn], *, path: str, **parts: Any) -> Candidate:
    """The answer in these turns, the assistant's last; `Fault` "no_answer" otherwise."""
    if not turns or turns[-1].role != "assistant":
        raise Fault("no_answer", path=path)
    return Candidate(turns[-1].content, steps=tuple(turns[:-1]), calls=turns[-1].calls, **parts)


def exchanges(turns: Sequence[Turn]) -> tuple[tuple[str, str], ...] | None:
    """Earlier turns as (user, assistant) texts; None where they are anything else than plain exchanges in turn."""
    if len(turns) % 2:
        return None
    pairs = []
    for asked, said in zip(turns[::2], turns[1::2], strict=True):
        more = asked.name or asked.weight is not None or said.name or said.calls or said.weight is not None
        if asked.role != "user" or said.role != "assistant" or more:
            return None
        pairs.append((asked.content, said.content))
    return tuple(pairs)


def from_exchanges(pairs: Iterable[Sequence[str]]) -> tuple[Turn, ...]:
    """(user, assistant) texts as turns."""
    return tuple(turn for asked, said in pairs for turn in (Turn("user", asked), Turn("assistant", said)))


def turn_as_json(turn: Turn) -> dict[str, Any]:
    """A turn as plain JSON, without what is empty: role, content, name, calls, call_id, weight."""
    told: dict[str, Any] = {"role": turn.role, "content": turn.content}
    if turn.name:
        told["name"] = turn.name
    if turn.calls:
        told["calls"] = [call_as_json(call) for call in turn.calls]
    if turn.call_id:
        told["call_id"] = turn.call_id
    if turn.weight is not None:
        told["weight"] = turn.weight
    return told


def turn_from_json(told: Mapping[str, Any]) -> Turn:
    """What `turn_as_json` wrote."""
    calls = tuple(call_from_json(call) for call in told.get("calls", ()))
    return Turn(told["role"], told["content"], told.get("name", ""), calls, told.get("call_id", ""), told.get("weight"))


def call_as_json(call: ToolCall) -> dict[str, str]:
    """A tool call as plain JSON: name, arguments (a text), and its id where it has one."""
    return {"name": call.name, "arguments": call.arguments} | ({"id": call.id} if call.id else {})


def call_from_json(told: Mapping[str, str]) -> ToolCall:
    """What `call_as_json` wrote."""
    return ToolCall(told["name"], told["arguments"], told.get("id", ""))
