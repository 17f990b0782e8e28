"""What the pages of one version and of two versions side by side read: rows by position, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generation.access import Seat
from generation.formats.turns import asked_text, turn_as_json
from generation.models import Project
from generation.types import Candidate, Example, Feedback, Pair, Ranking, Row, Text
from review.mixes.comparing import CHANGED, CHANGES, MOVED, REMOVED, changes, rows_that, twins_of
from review.mixes.recipe import Recipe
from review.models import Dataset, DatasetVersion
from review.reports.counts import narrows_by_verdicts
from review.reports.veils import emptied, veil_rows
from review.rows import PinnedRow, rows_at

PAGE_SIZE = 50
LONGEST = 600
"""Characters of a text in a list."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row as a list shows it. `marks` are an answer's short facts: good or bad, a score, a number of answers."""

    pinned: PinnedRow
    prompt: str
    answers: Sequence[tuple[str, str]]
    earlier: int


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Some rows of a version in order; `after` is the position to go on from, None on the last page."""

    rows: Sequence[Line]
    after: int | None
    first: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of a comparison. `texts` are (name, before, after) of what changed; `moved` names two sides."""

    change: str
    line: Line
    texts: Sequence[tuple[str, str, str]] = ()
    moved: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One page of what happened between two versions, with the counts of all of it."""

    counts: Mapping[str, int]
    change: str
    rows: Sequence[Difference]
    after: int | None
    first: bool


def versions_of(project: Project, dataset_id: int) -> Any:
    """All versions of the project's dataset, newest first, with what a line of the list shows."""
    # Looked up by its key, a number beyond all columns finds nothing; as a foreign key it would be an error.
    rows = DatasetVersion.objects.filter(dataset__in=Dataset.objects.filter(project=project, pk=dataset_id))
    return rows.select_related("dataset", "job", "frozen_by", "parent").order_by("-number")


def two_of(rows: Sequence[DatasetVersion], *, before: int | None, after: int | None) -> Any:
    """The two versions of these numbers among frozen ones, newest first; what is missing becomes the newest version,
    and the one that it follows. None when there is no frozen version."""
    by_number = {row.number: row for row in rows}
    if not by_number:
        return None
    second = by_number.get(after or 0, rows[0])
    usual = by_number.get(second.parent.number if second.parent else 0, rows[-1])
    return by_number.get(before or 0, usual), second


def rows_page(
    seat: Seat, version: DatasetVersion, *, split: str = "", source: str = "", after: int | None = None,
    size: int = PAGE_SIZE,
) -> RowsPage:  # fmt: skip
    """The rows that follow the position `after`, narrowed to a split and a source, as this person may see them."""
    pins = version.pins.filter(position__gt=after or 0)
    if split:
        pins = pins.filter(split=split)
    if source:
        pins = pins.filter(source=source)
    places = list(pins.order_by("position").values_list("position", flat=True)[: size + 1])
    found, hidden = _veiled(seat, version, rows_at(version, positions=places[:size]))
    rows = [line_of(row, veiled=row.position in hidden) for row in found]
    return RowsPage(rows, places[size - 1] if len(places) > size else None, not after)


def compare(
    seat: Seat, before: DatasetVersion, after_version: DatasetVersion, *, change: str = "",
    after: int | None = None, size: int = PAGE_SIZE,
) -> Comparison:  # fmt: skip
    """One page of the rows that a change happened to, as this person may see them; without `change` of the first kind
    that has any."""
    counts = changes(before, after_version)
    change = change if change in CHANGES else next((each for each in CHANGES if counts[each]), CHANGES[0])
    found = rows_that(change, before=before, after=after_version).filter(position__gt=after or 0)
    pins = list(found.defer("answers")[: size + 1])
    more = pins[size - 1].position if len(pins) > size else None
    pins = pins[:size]
    here = before if change == REMOVED else after_version
    found_here, hidden = _veiled(seat, here, rows_at(here, positions=[pin.position for pin in pins]))
    shown = {row.position: row for row in found_here}
    twins = twins_of(pins, in_version=before) if change in (CHANGED, MOVED) else {}
    found_then, _ = _veiled(seat, before, rows_at(before, positions=[twin.position for twin in twins.values()]))
    then = {row.position: row for row in found_then}
    rows = []
    for pin in pins:
        twin = twins.get(pin.pk)
        old = then.get(twin.position) if twin else None
        rows.append(_difference(change, shown[pin.position], old, veiled=pin.position in hidden))
    return Comparison(counts, change, rows, more, not after)


def line_of(pinned: PinnedRow, *, veiled: bool = False) -> Line:
    """A pinned row as a list shows it; what is `veiled` has no marks at its answers."""
    example = _prompt_of(pinned.row)
    prompt = asked_text(example) if example else ""
    answers = [("" if veiled else mark, text[:LONGEST]) for mark, text in _answers(pinned.row)]
    return Line(pinned, prompt[:LONGEST], answers, len(example.turns) if example else 0)


def texts_of(row: Row) -> dict[str, str]:
    """Everything that a row says, by name, for a diff."""
    example = _prompt_of(row)
    told: dict[str, str] = {}
    if example:
        turns = [turn_as_json(turn) for turn in (*example.turns, *example.steps)]
        told = {"system": example.system, "instruction": example.instruction, "input": example.input}
        told |= {"turns": "\n".join(f"{turn['role']}: {turn['content']}" for turn in turns)}
    return told | {f"{mark or 'output'}": text for mark, text in _answers(row)}


def _veiled(seat: Seat, version: DatasetVersion, rows: Sequence[PinnedRow]) -> tuple[list[PinnedRow], set[int]]:
    """The rows as this person may see them, and the positions of those that something is kept of: all of it where the
    version's own filters tell."""
    found, hidden = veil_rows(seat, rows)
    if hidden and narrows_by_verdicts(seat.project, Recipe.from_config(version.config)):
        found = [emptied(row) if row.position in hidden else row for row in found]
    return found, hidden


def _difference(change: str, now: PinnedRow, old: PinnedRow | None, *, veiled: bool) -> Difference:
    if change == CHANGED and old is not None:
        was, is_ = texts_of(old.row), texts_of(now.row)
        names = [name for name in {**is_, **was} if was.get(name, "") != is_.get(name, "")]
        line = replace(line_of(now), answers=())
        return Difference(change, line, [(name, was.get(name, ""), is_.get(name, "")) for name in names])
    moved = (old.split, now.split) if old is not None and change == MOVED else None
    return Difference(change, line_of(now, veiled=veiled), moved=moved)


def _prompt_of(row: Row) -> Example | None:
    if isinstance(row, Pair | Ranking):
        return row.prompt
    if isinstance(row, Feedback):
        return row.example
    return row if isinstance(row, Example) else None


def _answers(row: Row) -> list[tuple[str, str]]:
    if isinstance(row, Pair):
        return [("chosen", _said(row.chosen)), ("rejected", _said(row.rejected))]
    if isinstance(row, Ranking):
        return [(str(at), _said(answer)) for at, answer in enumerate(row.answers, 1)]
    if isinstance(row, Feedback):
        return [("good" if row.good else "bad", row.example.output)]
    if isinstance(row, Text):
        return [("", row.text)]
    return [("", row.output)] if isinstance(row, Example) else []


def _said(answer: Candidate) -> str:
    return answer.text or "\n".join(f"{call.name}({call.arguments})" for call in answer.calls)
