"""Rows of files as a preview shows them: their parts in order, each with its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from generation.formats.turns import prompt_turns
from generation.types import Candidate, Example, Feedback, Pair, Ranking, Stepwise, Text, Turn
from generation.words import TURN_ROLES, word

MOST_PARTS = 12


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a row under its name; `tint` is "ok" or "bad" where it is the better or worse one."""

    name: str
    text: str
    tint: str = ""


@dataclass(frozen=True, slots=True)
class RowLook:
    """A row with the line that it begins on. `more` counts the parts that are left out."""

    line: int
    parts: tuple[Part, ...]
    more: int


def row_look(line: int, row: Any) -> RowLook:
    """The row as people read it."""
    parts = list(_parts(row))
    return RowLook(line, tuple(parts[:MOST_PARTS]), max(0, len(parts) - MOST_PARTS))


def _parts(row: Any) -> Iterator[Part]:
    match row:
        case Example():
            yield from _asked(row)
            if row.output or row.calls:
                yield _said(_("Output"), Turn("assistant", row.output, calls=row.calls))
        case Pair():
            yield from _asked(row.prompt)
            yield _answer(_("Chosen"), row.chosen, "ok")
            yield _answer(_("Rejected"), row.rejected, "bad")
        case Ranking():
            yield from _asked(row.prompt)
            for answer in row.answers:
                yield _answer(_("Answer"), answer, "")
        case Feedback():
            yield from _asked(row.example)
            yield Part(_("Good") if row.good else _("Bad"), row.example.output, "ok" if row.good else "bad")
        case Text():
            yield Part(_("Text"), row.text)
        case Stepwise():
            yield Part(_("Prompt"), row.prompt)
            for step, good in zip(row.completions, row.labels, strict=False):
                yield Part(_("Step"), step, "ok" if good else "bad")


def _asked(example: Example) -> Iterator[Part]:
    if example.tools:
        yield Part(_("Tools"), example.tools)
    if example.turns or example.steps:
        for turn in prompt_turns(example):
            yield _said(str(word(TURN_ROLES, turn.role)), turn)
    else:
        if example.system:
            yield Part(_("System"), example.system)
        yield Part(_("Instruction"), example.instruction)
        if example.input:
            yield Part(_("Input"), example.input)
    for name, paths in ((_("Images"), example.images), (_("Videos"), example.videos), (_("Audio"), example.audios)):
        if paths:
            yield Part(name, " · ".join(paths))


def _answer(name: str, answer: Candidate, tint: str) -> Part:
    about = []
    if answer.rank is not None:
        about.append(_("rank %(n)s") % {"n": answer.rank})
    if answer.score is not None:
        about.append(_("score %(n)s") % {"n": f"{answer.score:g}"})
    said = _said(name, Turn("assistant", answer.text, calls=answer.calls))
    return Part(" · ".join([name, *about]), said.text, tint)


def _said(name: str, turn: Turn) -> Part:
    """A turn's text, and after it what it calls."""
    calls = [f"{call.name}({call.arguments})" for call in turn.calls]
    return Part(name, "\n".join(text for text in (turn.content, *calls) if text))
