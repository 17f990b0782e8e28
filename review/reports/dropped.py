"""What a run dropped: each draft with its reason, beside the text that it repeats where it repeats one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fdc_project.web.differences import word_diff
from fdc_project.web.numbers import number_in
from fdc_project.web.paging import Page, page_of
from generation.access import Seat
from generation.actions.drafts import draft_value
from generation.actions.held_out import OWN
from generation.actions.repeat_memory import REASONS
from generation.models import Draft, EvaluationItem, Run, RunTally, Sample, Seed
from generation.quality.novelty import TOO_SIMILAR
from generation.quality.places import text_in
from generation.quality.quotes import Quote, quotes
from generation.types import Draft as DraftValue
from review.reports.sights import sights_of

PAGE_SIZE = 9
"""As many as there are digits to keep one with."""
LONGEST = 4000
_STRETCH = 3
"""Words in a row from which a stretch of an evaluation text counts as repeated, where it is marked."""

Marked = Sequence[tuple[bool, str]]
"""A text in pieces; those that the other text has too are marked."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for which drafts of these stages were dropped, with how many; `repeats` says that they repeat
    something."""

    code: str
    count: int
    repeats: bool
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Twin:
    """The text that a draft repeats: a "sample", "seed" or "draft" by its id, or text `id` of the evaluation `set`.
    `hidden`: it would tell who wrote an answer that the person may be asked about."""

    kind: str
    id: int
    asked: Marked = ()
    said: Marked = ()
    set: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """One draft that was dropped. `sample` is the row that people can put back to review, None where there is none;
    `place` counts the rows of the page from 1."""

    place: int
    draft: Draft
    value: DraftValue
    asked: Marked
    said: Marked
    twin: Twin | None
    likeness: float | None
    threshold: float | None
    sample: Sample | None
    quotes: Sequence[Quote]
    hidden: bool


def reasons_of(run: Run) -> tuple[list[Reason], int]:
    """Why the run dropped drafts, what repeats first, then the most frequent; and how many drafts there were in all.
    One query."""
    counted: dict[str, Counter[str]] = {}
    for name, count in RunTally.objects.filter(run=run, name__startswith="draft.").values_list("name", "count"):
        stage, _dot, code = name.removeprefix("draft.").rpartition(".")
        counted.setdefault(code, Counter())[stage] += count
    decided = sum(each.total() for each in counted.values())
    counted.pop("admitted", None)
    found = [
        Reason(code, stages.total(), code in REASONS, tuple(stages))
        for code, stages in counted.items()
        if stages.total() > 0
    ]
    return sorted(found, key=lambda each: (not each.repeats, -each.count, each.code)), decided


def dropped_page(seat: Seat, run: Run, *, reason: Reason, after: str | None) -> tuple[Page[Draft], list[Dropped]]:
    """One page of the drafts that the run dropped for the reason, in the order in which they were made."""
    rows = Draft.objects.filter(run=run, stage__in=reason.stages, state=Draft.State.DROPPED, reason=reason.code)
    page = page_of(rows, after=after, size=PAGE_SIZE)
    values = {row.pk: draft_value(row.content) for row in page.rows}
    samples = {row.draft_id: row for row in Sample.objects.filter(draft__in=[row.pk for row in page.rows])}
    keys = {row.pk: _nearest(row) for row in page.rows}
    twins = _Twins.of(seat, keys.values())
    sights = sights_of(seat, samples=[row.pk for row in samples.values()])
    found = []
    for place, row in enumerate(page.rows, 1):
        sample, value = samples.get(row.pk), values[row.pk]
        detail = _detail(row)
        twin, asked, said = twins.beside(keys[row.pk], row, value)
        likeness, threshold = _likeness(row, detail)
        quoted = quotes(text_in(value, str(detail.get("field", ""))), detail) if twin is None and detail else ()
        hidden = sample is not None and not sights[sample.pk].names
        found.append(
            Dropped(place, row, value, asked, said, twin, likeness, threshold, sample, quoted, hidden)
        )  # fmt: skip
    return page, found


def _detail(row: Draft) -> Mapping[str, Any]:
    """What the finding says for which the draft was dropped."""
    told = [each for each in row.checks if isinstance(each, Mapping) and each.get("code") == row.reason]
    detail = told[0].get("detail") if told else None
    return detail if isinstance(detail, Mapping) else {}


def _nearest(row: Draft) -> tuple[str, int]:
    """(kind, id) of what it repeats: "set" where that is a text of an evaluation set, ("", 0) for nothing."""
    detail = _detail(row)
    if row.reason == TOO_SIMILAR:
        detail = row.novelty
    if "item" in detail:
        return ("sample" if detail.get("set") == OWN else "set"), int(detail["item"])
    kind, _colon, number = str(detail.get("nearest", "")).partition(":")
    return kind, number_in(number) or 0


def _likeness(row: Draft, detail: Mapping[str, Any]) -> tuple[float | None, float | None]:
    if row.reason == TOO_SIMILAR:
        return row.novelty.get("score"), row.novelty.get("threshold")
    return detail.get("similarity"), detail.get("threshold")


@dataclass(frozen=True, slots=True)
class _Twins:
    """The texts that a page's drafts repeat, read at once."""

    samples: Mapping[int, Sample]
    of_drafts: Mapping[int, Sample]
    drafts: Mapping[int, DraftValue]
    seeds: Mapping[int, Seed]
    open_to: Mapping[int, bool]
    project: int

    @classmethod
    def of(cls, seat: Seat, keys: Iterable[tuple[str, int]]) -> _Twins:
        """All that the keys name, in at most five queries."""
        wanted: dict[str, set[int]] = {}
        for kind, pk in keys:
            wanted.setdefault(kind, set()).add(pk)
        mine = Sample.objects.filter(project=seat.project)
        samples = mine.in_bulk(wanted.get("sample", set()))
        made = {row.draft_id: row for row in mine.filter(draft__in=wanted.get("draft", set())) if row.draft_id}
        rows = Draft.objects.filter(run__project=seat.project, pk__in=wanted.get("draft", set()) - set(made))
        drafts = {pk: draft_value(content) for pk, content in rows.values_list("pk", "content")}
        seeds = Seed.objects.filter(project=seat.project).in_bulk(wanted.get("seed", set()))
        sights = sights_of(seat, samples=[*samples, *(row.pk for row in made.values())])
        return cls(samples, made, drafts, seeds, {pk: each.names for pk, each in sights.items()}, seat.project.pk)

    def beside(self, key: tuple[str, int], row: Draft, value: DraftValue) -> tuple[Twin | None, Marked, Marked]:
        """What the draft repeats, and the draft's own prompt and output, what both have marked in all of them."""
        asked, said = _prompt(value.instruction, value.input), value.output
        kind, pk = key
        if kind == "set":
            return self._held_out(row, pk, asked, said)
        sample = self.samples.get(pk) if kind == "sample" else self.of_drafts.get(pk) if kind == "draft" else None
        if sample is not None and not self.open_to.get(sample.pk, True):
            return Twin("sample", sample.pk, hidden=True), _plain(asked), _plain(said)
        if sample is not None:
            kind, pk, other = "sample", sample.pk, (_prompt(sample.instruction, sample.input), sample.output)
        elif kind == "draft" and pk in self.drafts:
            other = (_prompt(self.drafts[pk].instruction, self.drafts[pk].input), "")
        elif kind == "seed" and pk in self.seeds:
            other = (self.seeds[pk].instruction, "")
        else:
            return None, _plain(asked), _plain(said)
        mine, theirs = _both(asked, other[0])
        my_output, their_output = _both(said, other[1]) if other[1] and said else (_plain(said), _plain(other[1]))
        return Twin(kind, pk, theirs, their_output), mine, my_output

    def _held_out(self, row: Draft, number: int, asked: str, said: str) -> tuple[Twin | None, Marked, Marked]:
        name = str(_detail(row).get("set", ""))
        items = EvaluationItem.objects.filter(set__project=self.project, set__name=name, number=number)
        text = items.values_list("text", flat=True).first()
        if text is None:
            return None, _plain(asked), _plain(said)
        where = str(_detail(row).get("field", ""))
        mine, theirs = _both(said if where == "output" else asked, text, least=_STRETCH)
        twin = Twin("set", number, theirs, set=name)
        return (twin, _plain(asked), mine) if where == "output" else (twin, mine, _plain(said))


def _prompt(instruction: str, given: str) -> str:
    return f"{instruction}\n\n{given}" if given else instruction


def _plain(text: str) -> Marked:
    return [(False, text[:LONGEST])] if text else []


def _both(mine: str, theirs: str, *, least: int = 1) -> tuple[Marked, Marked]:
    """Both texts with what they have in common marked, in stretches of at least so many words."""
    first: list[tuple[bool, str]] = []
    second: list[tuple[bool, str]] = []
    for kind, text in word_diff(mine[:LONGEST], theirs[:LONGEST]):
        if kind == "same":
            common = bool(text.strip()) and (least == 1 or _words(text) >= least)
            first.append((common, text))
            second.append((common, text))
        else:
            (first if kind == "removed" else second).append((False, text))
    return first, second


def _words(text: str) -> int:
    """Words of a stretch; of Chinese, written without blanks, the characters."""
    return max(len(text.split()), 0 if text.isascii() else len(text) // 2)
