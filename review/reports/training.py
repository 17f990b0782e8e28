"""A row as a trainer sees it: the rendered text in marked stretches, figures by turn, what a cut-off would lose."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from generation.actions.chat_templates import chat_template_in
from generation.chat.base import Note, Settings, UnrenderableError
from generation.chat.catalogue import CHAT_TEMPLATES, UnknownTemplateError, template_named
from generation.chat.own_template import own_template
from generation.chat.rendering import Part, Rendered, conversation_of, prompt_of, render
from generation.chat.special_tokens import Found, Place, find, find_in
from generation.models import Project
from generation.quality.text import token_estimate
from generation.types import Example, Turn

OWN = "own."
"""Begins the name of a project's own template; its id follows."""
USUAL = "chatml"
USUAL_CUTOFF = 2048
"""As LLaMA-Factory has it."""
LONGEST_SHOWN = 60_000
MOST_PLACES = 50
_REASONING = ("<think>", "</think>")
_LINES = re.compile(r"[^\n]+|\n")


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody wants to see: a template, and how it is trained. `cutoff` is in estimated tokens, 0 for none.

    With `as_asked` the answer is left out, the text ends where the model begins, and nothing of it is trained.
    """

    template: str = USUAL
    mask_history: bool = False
    as_asked: bool = False
    cutoff: int = USUAL_CUTOFF

    @property
    def settings(self) -> Settings:
        """What the templates are told."""
        return Settings(generation_prompt=self.as_asked, mask_history=self.mask_history)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text as the page marks it. `over` lies behind the cut-off; `breaks` is a line end of the frame."""

    text: str
    kind: str
    trained: bool = False
    over: bool = False
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class TurnFigures:
    """What one turn comes to, in characters of its own text and estimated tokens."""

    number: int
    role: str
    characters: int
    tokens: int
    trained: int
    weight: float
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class TrainingText:
    """Everything that the page and the API say of a rendered row. Tokens are estimates.

    `cut` is the character from which on a trainer with that cut-off would see nothing, None when all fits;
    `lost` is how many trained tokens lie behind it.
    """

    rendered: Rendered
    stretches: Sequence[Stretch]
    turns: Sequence[TurnFigures]
    notes: Sequence[str]
    places: Sequence[Place]
    tokens: int
    trained: int
    cut: int | None
    lost: int
    shortened: bool

    @property
    def share(self) -> int:
        """How many of a hundred tokens are trained."""
        return round(100 * self.trained / self.tokens) if self.tokens else 0

    @property
    def forged(self) -> bool:
        """Whether a token of the chosen template stands in a content."""
        return any(place.found.severity == "error" for place in self.places)


def training_text(project: Project, *, example: Example, look: Look) -> TrainingText:
    """The row in the template that `look` names.

    `UnknownTemplateError`, `UnrenderableError` for what the template has no place for, `TemplateFaultError` for a
    template of one's own that fails.
    """
    asked = prompt_of(example) if look.as_asked else example
    rendered, own = _rendered(project, asked, look)
    if look.as_asked:
        rendered = replace(rendered, spans=(), parts=tuple(part._replace(trained=False) for part in rendered.parts))
    places = find_in(asked, template=rendered.template, tokens=own)
    cut = _cut_at(rendered.text, look.cutoff)
    tokens_within = _tokens_within(rendered)
    return TrainingText(
        rendered=rendered,
        stretches=list(_stretches(rendered, own, cut)),
        turns=[_figures(rendered, at, turn, tokens_within) for at, turn in enumerate(rendered.turns)],
        notes=list(dict.fromkeys(note.code for note in rendered.warnings if note.turn == -1)),
        places=places[:MOST_PLACES],
        tokens=token_estimate(rendered.text),
        trained=sum(tokens_within(span.start, span.end) for span in rendered.spans),
        cut=cut,
        lost=0 if cut is None else sum(tokens_within(max(cut, span.start), span.end) for span in rendered.spans),
        shortened=len(rendered.text) > LONGEST_SHOWN,
    )


def _rendered(project: Project, example: Example, look: Look) -> tuple[Rendered, frozenset[str]]:
    if not look.template.startswith(OWN):
        template = template_named(look.template)
        return render(example, template=template, settings=look.settings), frozenset(template.tokens)
    number = look.template.removeprefix(OWN)
    version = chat_template_in(project, template_id=int(number)) if number.isdecimal() and len(number) < 19 else None
    if version is None:
        raise UnknownTemplateError(look.template)
    return render_own(example, name=look.template, source=version.text, settings=look.settings, **version.declared)


def render_own(
    example: Example, *, name: str, source: str, settings: Settings, bos: str = "", eos: str = ""
) -> tuple[Rendered, frozenset[str]]:
    """The example in somebody's own template, and the special tokens that stand in its source."""
    talk, notes = conversation_of(example, settings)
    with own_template(source, name=name, bos=bos, eos=eos) as template:
        rendered = template.render(talk, settings=settings, notes=notes)
    tokens = {found.token for found in find(source)} | {token for token in (bos, eos) if token}
    return rendered, frozenset(tokens)


def offered_templates() -> list[tuple[str, str]]:
    """Name and title of the templates that FDC knows."""
    return [(each.name, each.title) for each in CHAT_TEMPLATES]


def fitting_templates(example: Example) -> list[tuple[str, str]]:
    """Name and title of those that have a place for everything in the row."""
    fitting = []
    for each in CHAT_TEMPLATES:
        with suppress(UnrenderableError):
            render(example, template=each)
            fitting.append((each.name, each.title))
    return fitting


def _tokens_within(rendered: Rendered) -> Callable[[int, int], int]:
    def within(start: int, end: int) -> int:
        return token_estimate(rendered.text[start:end]) if start < end else 0

    return within


def _cut_at(text: str, cutoff: int) -> int | None:
    """The first character that lies behind so many tokens."""
    if not cutoff or token_estimate(text) <= cutoff:
        return None
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if token_estimate(text[:middle]) <= cutoff else (low, middle - 1)
    return low


def _figures(rendered: Rendered, at: int, turn: Turn, within: Callable[[int, int], int]) -> TurnFigures:
    parts = [part for part in rendered.parts if part.turn == at]
    spans = [span for span in rendered.spans if span.turn == at]
    return TurnFigures(
        number=at + 1,
        role=turn.role,
        characters=len(turn.content),
        tokens=sum(within(part.start, part.end) for part in parts),
        trained=sum(within(span.start, span.end) for span in spans),
        weight=spans[0].weight if spans else 0.0,
        notes=list(dict.fromkeys(note.code for note in rendered.warnings if note.turn == at)),
    )


def _stretches(rendered: Rendered, own: Collection[str], cut: int | None) -> Iterator[Stretch]:
    for part in rendered.parts:
        if part.start >= LONGEST_SHOWN:
            return
        text = rendered.text[part.start : min(part.end, LONGEST_SHOWN)]
        for start, stretch in _marked(part, text, rendered.template, own):
            at = part.start + start
            if cut is None or at + len(stretch.text) <= cut:
                yield stretch
            elif at >= cut:
                yield replace(stretch, over=True)
            else:
                yield replace(stretch, text=stretch.text[: cut - at])
                yield replace(stretch, text=stretch.text[cut - at :], over=True)


def _marked(part: Part, text: str, template: str, own: Collection[str]) -> Iterator[tuple[int, Stretch]]:
    """The part cut at its special tokens, and at its line ends where it is the template's."""
    at = 0
    for found in find(text, template=template, tokens=own):
        yield from _plain(part, text[at : found.start], at)
        yield found.start, Stretch(found.token, _kind_of(part, found), part.trained)
        at = found.end
    yield from _plain(part, text[at:], at)


def _kind_of(part: Part, found: Found) -> str:
    if part.kind not in ("content", "answer") or (part.kind == "answer" and found.token in _REASONING):
        return "token"
    return "forged" if found.severity == "error" else "foreign"


def _plain(part: Part, text: str, at: int) -> Iterator[tuple[int, Stretch]]:
    if part.kind != "frame":
        if text:
            yield at, Stretch(text, part.kind, part.trained)
        return
    for found in _LINES.finditer(text):
        yield at + found.start(), Stretch(found[0], "frame", part.trained, breaks=found[0] == "\n")


def warnings_of(seen: TrainingText) -> list[dict[str, Any]]:
    """What must be said of the rendering, as plain data."""
    return [_told(note) for note in seen.rendered.warnings]


def _told(note: Note) -> dict[str, Any]:
    return {"code": note.code, "turn": None if note.turn < 0 else note.turn}
