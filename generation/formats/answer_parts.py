"""How a record may hold one answer: as a text, as one message, as a list of messages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from generation.files.strict_json import Fault
from generation.formats.base import Options
from generation.formats.chat import Dialect, told
from generation.formats.parts import fitting_answer, plain_turns
from generation.formats.prompt_parts import PLAIN, are_messages, turns_of
from generation.formats.turns import answer_from, answer_turns, prompt_turns
from generation.types import Candidate, Example, Turn


class AnswerPart(Protocol):
    """One way to hold an answer as the value of a field."""

    def fits(self, value: Any) -> bool:
        """Whether the value is of the right type."""
        ...

    def read(self, value: Any, *, path: str) -> Candidate:
        """The answer; `Fault` where there is none."""
        ...

    def write(self, answer: Candidate, options: Options, *, path: str, prompt: Example) -> Any:
        """The value that holds it; `Fault` "not_representable" for tool turns without a place."""
        ...


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """The text alone."""

    def fits(self, value: Any) -> bool:
        """See `AnswerPart`."""
        return isinstance(value, str)

    def read(self, value: Any, *, path: str) -> Candidate:
        """See `AnswerPart`."""
        if not isinstance(value, str):
            raise Fault("not_a_string", path=path)
        return Candidate(value)

    def write(self, answer: Candidate, options: Options, *, path: str, prompt: Example) -> Any:
        """See `AnswerPart`."""
        return fitting_answer(answer, options, path=path).text


@dataclass(frozen=True, slots=True)
class MessageAnswer:
    """One message of the assistant."""

    def fits(self, value: Any) -> bool:
        """See `AnswerPart`."""
        return isinstance(value, dict) and "role" in value

    def read(self, value: Any, *, path: str) -> Candidate:
        """See `AnswerPart`."""
        if not isinstance(value, dict):
            raise Fault("not_an_object", path=path)
        turn = turns_of([value], PLAIN, path=path).turns[0]
        if turn.role != "assistant" or turn.calls:
            raise Fault("no_answer", path=path)
        return Candidate(turn.content)

    def write(self, answer: Candidate, options: Options, *, path: str, prompt: Example) -> Any:
        """See `AnswerPart`."""
        return {"role": "assistant", "content": fitting_answer(answer, options, path=path).text}


@dataclass(frozen=True, slots=True)
class MessagesAnswer:
    """A list of messages that ends with the assistant's. `roles` may stand in it, all of them if none is named."""

    dialect: Dialect = PLAIN
    roles: frozenset[str] = frozenset()

    def fits(self, value: Any) -> bool:
        """See `AnswerPart`."""
        return are_messages(value)

    def read(self, value: Any, *, path: str) -> Candidate:
        """See `AnswerPart`."""
        known = replace(self.dialect, roles=self.roles) if self.roles else self.dialect
        found = turns_of(value, known, path=path)
        if found.found.unnamed or found.found.images or found.found.videos or found.found.audios:
            raise Fault("media_not_taken", path=path)
        return answer_from(found.turns, path=path, meta=found.extras)

    def write(self, answer: Candidate, options: Options, *, path: str, prompt: Example) -> Any:
        """See `AnswerPart`."""
        turns = self.turns(answer, options)
        if not self.dialect.tools:
            return told(turns, self.dialect, path=path)
        # Calls are numbered through the whole conversation.
        before = prompt_turns(prompt)
        return told([*before, *turns], self.dialect, path=path)[len(before) :]

    def turns(self, answer: Candidate, options: Options) -> list[Turn]:
        """The turns of the answer, without tools where they are to be left out."""
        if options.drop_tools and not self.dialect.tools:
            return [*plain_turns(answer.steps), Turn("assistant", answer.text)]
        return answer_turns(answer)
