"""Files of any kind as prompts to be answered, or as prompts with answers to be ranked.

An output that a row has is no part of its prompt: it is left behind at the entrance, or becomes one answer of several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from generation.actions.brought_rows import Brought, bring_rows
from generation.actions.reading import Line
from generation.actions.row_reading import Reading, rows_in
from generation.management import files
from generation.management.choosing import chosen_reading
from generation.models import Answer, Project
from generation.types import Candidate, Example, Feedback, Pair, Ranking, RowError

Say = Callable[[str], object]
_BESIDE = 2
"""Answers that a prompt must have before they can be ranked."""


def prompts(project: Project, *, path: Path, format: str | None, with_outputs: bool, say: Say) -> list[int]:
    """The ids of the file's prompts among the project's samples; `CommandError` without one. Names faulty lines.

    `with_outputs` keeps a row's own output beside its prompt, as the reference that a judge may be shown.
    """
    return _brought(project, path, format, lambda row: row if with_outputs and _whole(row) else prompt_of(row), say)


def answered(project: Project, *, path: Path, format: str | None, say: Say) -> list[int]:
    """The ids of the file's prompts that have two answers or more, those of earlier rows counted in."""
    ids = _brought(project, path, format, ranking_of, say)
    found = [pk for pk in ids if Answer.objects.filter(sample=pk).order_by("id")[:_BESIDE].count() == _BESIDE]
    if not found:
        raise CommandError(_("%(file)s holds no prompt with two answers.") % {"file": path})
    return found


def prompt_of(row: Any) -> Any:
    """The row's prompt alone: what any answer to it would begin with. What has none is a fault of its row."""
    match row:
        case Example():
            return replace(row, output="", steps=(), calls=(), weight=None, meta={})
        case Pair() | Ranking():
            return prompt_of(row.prompt)
        case Feedback():
            return prompt_of(row.example)
        case RowError():
            return row
    return RowError(0, "kind_not_kept", message=type(row).__name__)


def ranking_of(row: Any) -> Any:
    """The row as a prompt with its answers; who chose one over the other gave them ranks."""
    match row:
        case Ranking() | RowError():
            return row
        case Pair():
            first, second = _placed(row.chosen, 1), _placed(row.rejected, 2)
            return Ranking(row.prompt, (first, second))
        case Feedback():
            return Ranking(prompt_of(row.example), (_candidate(row.example, meta={"good": row.good}),))
        case Example() if row.output or row.calls:
            return Ranking(prompt_of(row), (_candidate(row, meta={}),))
    return RowError(0, "kind_not_kept", message=type(row).__name__)


def _placed(answer: Candidate, rank: int) -> Candidate:
    return answer if answer.score is not None else replace(answer, rank=rank)


def _candidate(example: Example, *, meta: dict[str, Any]) -> Candidate:
    return Candidate(example.output, steps=example.steps, calls=example.calls, meta=meta)


def _whole(row: Any) -> bool:
    return isinstance(row, Example) and bool(row.output)


def _brought(
    project: Project, path: Path, format: str | None, turned: Callable[[Any], Any], say: Say
) -> list[int]:  # fmt: skip
    with files.reading(path) as file:
        chosen, fields = chosen_reading(file, name=format)
        rows = rows_in(file, reading=Reading(chosen.name, fields))
        found = bring_rows(
            project, lines=_turned(rows, turned), name=path.name, format=chosen.name, now=timezone.now()
        )  # fmt: skip
    for fault in found.faults:
        say(files.one_line(fault.line, fault.code, fault.path))
    if not found.ids:
        raise CommandError(_("%(file)s holds no usable row.") % {"file": path})
    told = {"file": path.name, "format": _(chosen.title), "new": found.new, "known": len(found.ids) - found.new}
    say(_told(found, told))
    return found.ids


def _told(found: Brought, told: dict[str, Any]) -> str:
    if found.new > len(found.ids):  # answers count as rows of their own
        told |= {"known": 0}
    return _("%(file)s (%(format)s): %(new)d new rows, %(known)d known.") % told


def _turned(rows: Iterator[Line], turned: Callable[[Any], Any]) -> Iterator[Line]:
    for line, row in rows:
        made = turned(row)
        yield line, replace(made, line=line) if isinstance(made, RowError) else made
