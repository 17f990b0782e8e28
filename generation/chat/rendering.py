"""A row as a trainer reads it: the rendered text, which characters of it are trained, and what must be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from generation.chat.base import (
    ChatTemplate,
    Conversation,
    Note,
    Piece,
    PieceKind,
    Settings,
    UnrenderableError,
    json_of,
)
from generation.chat.catalogue import template_named
from generation.types import Candidate, Example, Pair, Turn

_TRAINED = ("answer", "call", "end")
_SAID = ("content", "answer")


class Part(NamedTuple):
    """A stretch of the rendered text in characters, of which kind it is, whose turn it is, whether it is trained."""

    start: int
    end: int
    kind: PieceKind
    turn: int
    trained: bool


class Span(NamedTuple):
    """A trained stretch of the rendered text in characters, and the weight of its loss (1 unless the row says so)."""

    start: int
    end: int
    turn: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text that the tokenizer gets. `parts` tile it; `spans` are its trained ranges, one for each trained turn.

    `turns` are the conversation's turns as the parts number them, -1 being nobody's.
    """

    template: str
    text: str
    parts: tuple[Part, ...]
    spans: tuple[Span, ...]
    warnings: tuple[Note, ...]
    turns: tuple[Turn, ...]

    @property
    def trained_characters(self) -> int:
        """How many characters are trained."""
        return sum(span.end - span.start for span in self.spans)


_DEFAULTS = Settings()


def render(example: Example, *, template: str | ChatTemplate, settings: Settings = _DEFAULTS) -> Rendered:
    """The example in that template; a prompt (no output, no calls) ends with its question.

    `UnknownTemplateError` for a name that nobody knows, `UnrenderableError` for what the template has no place for.
    """
    talk, notes = conversation_of(example, settings)
    return render_conversation(talk, template=template, settings=settings, notes=notes)


def render_text(example: Example, *, template: str | ChatTemplate, settings: Settings = _DEFAULTS) -> str:
    """The text of `render` alone, for files of many rows."""
    chosen = template_named(template) if isinstance(template, str) else template
    talk, _ = conversation_of(example, settings)
    return "".join(each.text for each in chosen.write(talk, settings) if isinstance(each, Piece))


def render_turns(
    turns: Sequence[Turn], *, template: str | ChatTemplate, tools: str = "", settings: Settings = _DEFAULTS
) -> Rendered:
    """The same for a plain list of turns."""
    talk = Conversation(tuple(turns), tools=_tools(tools))
    return render_conversation(talk, template=template, settings=settings)


def render_pair(
    pair: Pair, *, template: str | ChatTemplate, settings: Settings = _DEFAULTS
) -> tuple[Rendered, Rendered]:
    """The prompt with the chosen answer, and with the rejected one. What is trained is the answer alone, as in DPO."""
    masked = replace(settings, mask_history=True)
    chosen, rejected = (
        render(_answered(pair.prompt, each), template=template, settings=masked)
        for each in (pair.chosen, pair.rejected)
    )
    return chosen, rejected


def prompt_of(example: Example) -> Example:
    """The example without its answer: what a model is asked."""
    return replace(example, output="", calls=(), weight=None)


def render_conversation(
    talk: Conversation, *, template: str | ChatTemplate, settings: Settings = _DEFAULTS, notes: Iterable[Note] = ()
) -> Rendered:
    """See `render`."""
    chosen = template_named(template) if isinstance(template, str) else template
    pieces: list[Piece] = []
    told = list(notes)
    for each in chosen.write(talk, settings):
        if isinstance(each, Note):
            told.append(each)
        elif each.text:
            pieces.append(each)
    parts = tuple(_parts(pieces, talk.turns, settings))
    return Rendered(
        template=chosen.name,
        text="".join(piece.text for piece in pieces),
        parts=parts,
        spans=tuple(_spans(parts, talk.turns)),
        warnings=tuple(dict.fromkeys([*told, *_changes(pieces, talk, told)])),
        turns=talk.turns,
    )


def conversation_of(example: Example, settings: Settings = _DEFAULTS) -> tuple[Conversation, list[Note]]:
    """The turns of an example, and what had to be done to have them."""
    turns: list[Turn] = [Turn("system", example.system)] if example.system else []
    turns += example.turns
    asked = settings.separator.join(text for text in (example.instruction, example.input) if text)
    number = len(turns) if asked else -1
    if asked:
        turns.append(Turn("user", asked))
    turns += example.steps
    if example.output or example.calls:
        turns.append(Turn("assistant", example.output, calls=example.calls, weight=example.weight))
    notes = []
    for at, turn in enumerate(turns):
        if turn.role == "developer":
            turns[at] = replace(turn, role="system")
            notes.append(Note("developer_as_system", at))
        if turn.name:
            notes.append(Note("name_left_out", at))
    if example.images or example.videos or example.audios:
        notes.append(Note("media_placeholders"))
    talk = Conversation(tuple(turns), _tools(example.tools), example.instruction, example.input, number)
    return talk, notes


def _answered(prompt: Example, given: Candidate) -> Example:
    steps = (*prompt.steps, *given.steps)
    return replace(prompt, output=given.text, steps=steps, calls=given.calls, weight=None)


def _tools(text: str) -> tuple[Any, ...]:
    """Parsed and wrapped as {"type": "function", "function": ...}, which all templates take them to be."""
    if not text.strip():
        return ()
    tools = json_of(text)
    if not isinstance(tools, list) or not all(isinstance(tool, dict) for tool in tools):
        raise UnrenderableError("bad_tools", path="tools")
    return tuple(tool if "function" in tool else {"type": "function", "function": tool} for tool in tools)


def _parts(pieces: Sequence[Piece], turns: Sequence[Turn], settings: Settings) -> Iterator[Part]:
    answers = [at for at, turn in enumerate(turns) if turn.role == "assistant"]
    last = answers[-1] if answers else -1
    start = 0
    for piece in pieces:
        trained = piece.kind in _TRAINED and turns[piece.turn].weight != 0
        if settings.mask_history and piece.turn != last:
            trained = False
        if piece.kind == "end" and (
            settings.train_on_eos == "none" or (settings.train_on_eos == "last" and piece.turn != last)
        ):
            trained = False
        yield Part(start, start + len(piece.text), piece.kind, piece.turn, trained)
        start += len(piece.text)


def _spans(parts: Sequence[Part], turns: Sequence[Turn]) -> Iterator[Span]:
    open_span: Span | None = None
    for part in parts:
        if open_span and (not part.trained or part.turn != open_span.turn):
            yield open_span
            open_span = None
        if part.trained and open_span:
            open_span = open_span._replace(end=part.end)
        elif part.trained:
            weight = turns[part.turn].weight
            open_span = Span(part.start, part.end, part.turn, 1.0 if weight is None else weight)
    if open_span:
        yield open_span


def _changes(pieces: Sequence[Piece], talk: Conversation, told: Sequence[Note]) -> Iterator[Note]:
    """Says of every turn whose words do not stand in the text as they are, unless the template said why."""
    explained = {note.turn for note in told}
    words: dict[int, list[str]] = {}
    for piece in pieces:
        if piece.kind in _SAID:
            words.setdefault(piece.turn, []).append(piece.text)
    for at, turn in enumerate(talk.turns):
        said = "".join(words.get(at, ()))
        whole = talk.instruction + talk.input if at == talk.asked and said != turn.content else turn.content
        if said != whole and said == whole.strip():
            yield Note("content_trimmed", at)
        elif said != whole and at not in explained:
            yield Note("content_changed", at)
