"""Selections of the best rows: asked for by editors, worked out by a job, kept as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction

from generation.access import Seat
from generation.actions.audit import audit
from generation.actions.jobs import cancel_job, fail_job, finish_job, save_progress, start_job
from generation.actions.looks import look_at_all
from generation.models import Job, Project
from generation.quality.diversity.sampling import Reservoir
from generation.quality.selection import (
    LIMIT,
    SHARES,
    Candidate,
    NegativeScore,
    TextLikeness,
    Weights,
    select,
    trade_off,
)
from generation.quality.selection import Selection as Chosen
from generation.quality.selection.curve import MOST_ROWS
from review.actions.quality_reports import kept_lease
from review.mixes.recipe import Recipe
from review.models import RankedRow, RowSelection
from review.policies import check_can_measure
from review.reports.counts import narrows_by_verdicts
from review.rows import score_of
from review.selection import Selection

KIND = "review.select_rows"
MOST_CANDIDATES = 200_000
"""Rows that one selection weighs; of more it is asked to narrow down first."""
_LOOKED_AT = 2000
_CHUNK = 2000

Clock = Callable[[], datetime]


class NoCandidatesError(Exception):
    """No approved row meets the filter."""


class TooManyCandidatesError(Exception):
    """More rows meet the filter than one selection weighs; the argument is how many."""


@dataclass(frozen=True, slots=True)
class SelectionWish:
    """How rows are to be put into an order. `quality` and `complexity` name the scores that stand for them, "" for
    none; weights are powers; a row as like as `limit` to a chosen one is passed over, None for no such limit; `missing`
    says what becomes of rows without a score; `shares` are the tiers in percent."""

    filter: Selection = Selection()  # noqa: RUF009 - frozen
    name: str = ""
    quality: str = "quality"
    complexity: str = "complexity"
    weights: tuple[float, float, float] = (1.0, 1.0, 0.0)
    limit: float | None = LIMIT
    budget: int = 1000
    missing: str = "leave_out"
    shares: tuple[float, ...] = SHARES
    random_seed: int = 42

    @property
    def weighed(self) -> Weights:
        """The weights, of the scores that are named."""
        quality, complexity, novelty = self.weights
        return Weights(quality if self.quality else 0.0, complexity if self.complexity else 0.0, novelty)

    def as_config(self) -> dict[str, Any]:
        """Plain JSON."""
        told = {name: value for name, value in asdict(self).items() if name not in ("filter", "name")}
        return told | {"filter": self.filter.as_config()}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> SelectionWish:
        """What `as_config` wrote."""
        told = {each.name: config[each.name] for each in fields(cls) if each.name in config}
        told |= {name: tuple(told[name]) for name in ("weights", "shares") if name in told}
        return cls(**(told | {"filter": Selection.from_config(config.get("filter", {}))}))


def start_selection(seat: Seat, *, wish: SelectionWish, now: datetime) -> RowSelection:
    """A selection and the waiting job that will work it out. Who asks for one by scores that people may not know before
    they vote has looked. Editors and owners only. `NoCandidatesError`, `TooManyCandidatesError`."""
    check_can_measure(seat)
    rows = wish.filter.rows(seat.project).order_by()[: MOST_CANDIDATES + 1].count()
    if not rows:
        raise NoCandidatesError
    if rows > MOST_CANDIDATES:
        raise TooManyCandidatesError(rows)
    with transaction.atomic():
        if narrows_by_verdicts(seat.project, Recipe.of(replace(wish.filter, aspect="quality"))):
            look_at_all(seat.project, by=seat.person, now=now)
        made = RowSelection.objects.create(
            project=seat.project, name=wish.name[:120], asked=wish.as_config(), made_by=seat.person, created_at=now
        )
        made.job = start_job(seat.project, kind=KIND, params={"selection": made.pk}, by=seat.person, now=now)
        made.save(update_fields=["job"])
        audit("selection.start", by=seat.person, now=now, project=seat.project, subject=str(made.pk))
    return made


def cancel_selection(seat: Seat, *, selection: RowSelection, now: datetime) -> None:
    """Stops the work; the selection stays empty. Editors and owners only. `TransitionError` when it is over."""
    check_can_measure(seat)
    if selection.job is not None:
        cancel_job(selection.job, now=now)


def fill_selection(job: Job, *, clock: Clock) -> None:
    """Works the job's selection out and ends the job either way. It begins anew when another worker takes over: nothing
    is written before the end. `JobLostError` when somebody else has it now."""
    selection = RowSelection.objects.select_related("project").get(pk=job.params["selection"])
    wish = SelectionWish.from_config(selection.asked)
    read = _Read.of(selection.project, wish, hold=lambda done: save_progress(job, now=clock(), done=done))
    try:
        with kept_lease(job, clock=clock):
            chosen = select(
                read.candidates, likeness=TextLikeness(read.texts), budget=wish.budget, weights=wish.weighed,
                limit=wish.limit, missing=_missing(wish),
            )  # fmt: skip
            curve = _curve(read, wish)
    except NegativeScore:
        fail_job(job, message="negative_score", now=clock())
        return
    with transaction.atomic():
        save_progress(job, now=clock(), done=len(read.texts), total=len(read.texts))
        RankedRow.objects.filter(selection=selection).delete()
        RankedRow.objects.bulk_create(_ranked(selection, chosen, read.revisions), batch_size=1000)
        told = _told(chosen, read, curve)
        RowSelection.objects.filter(pk=selection.pk).update(told=told, rows=len(chosen.chosen), finished_at=clock())
        finish_job(job, now=clock())


@dataclass(frozen=True, slots=True)
class _Read:
    """The rows that may be chosen, with their texts cut to what is compared; the ids are those of samples."""

    candidates: list[Candidate]
    texts: list[str]
    revisions: dict[int, int]
    characters: int

    @classmethod
    def of(cls, project: Project, wish: SelectionWish, *, hold: Callable[[int], None]) -> _Read:
        """All of them, in the order of their ids."""
        read = cls([], [], {}, 0)
        rows = wish.filter.rows(project).order_by("pk")
        columns = ("pk", "revision", "scores", "instruction", "input", "output")
        characters = 0
        for pk, revision, scores, *parts in rows.values_list(*columns)[:MOST_CANDIDATES].iterator(chunk_size=_CHUNK):
            read.candidates.append(Candidate(pk, _score(scores, wish.quality), _score(scores, wish.complexity)))
            characters += sum(map(len, parts))
            read.texts.append("\n".join(part[:_LOOKED_AT] for part in parts if part))
            read.revisions[pk] = revision
            if len(read.texts) % _CHUNK == 0:
                hold(len(read.texts))
        return replace(read, characters=characters)


def _score(scores: Mapping[str, Any] | None, aspect: str) -> float | None:
    return score_of({aspect: scores[aspect]}) if aspect and scores and aspect in scores else None


def _missing(wish: SelectionWish) -> Any:
    return "three" if wish.missing == "three" else "leave_out"


def _curve(read: _Read, wish: SelectionWish) -> list[dict[str, Any]]:
    """The trade-off, drawn of a fixed sample where there are many rows, with the budget cut down alike."""
    sample: Reservoir[int] = Reservoir(size=MOST_ROWS, random_seed=wish.random_seed)
    for at, each in enumerate(read.candidates):
        if (drawn := sample.wants(each.id)) is not None:
            sample.take(each.id, at, drawn=drawn)
    places = sorted(sample.rows())
    if not places or not wish.quality:
        return []
    budget = max(1, min(round(wish.budget * len(places) / len(read.candidates)), len(places)))
    points = trade_off(
        [read.candidates[at] for at in places], texts=[read.texts[at] for at in places], budget=budget,
        complexity=bool(wish.complexity), missing=_missing(wish),
    )  # fmt: skip
    names = ("share", "rows", "quality", "complexity", "diversity", "coverage")
    return [{name: getattr(point, name) for name in names} for point in points if point.rows]


def _ranked(selection: RowSelection, chosen: Chosen, revisions: Mapping[int, int]) -> Iterator[RankedRow]:
    places = count()

    def row(pk: int, **told: Any) -> RankedRow:
        return RankedRow(selection=selection, place=next(places), sample_id=pk, revision=revisions[pk], **told)

    for taken in chosen.chosen:
        yield row(taken.id, score=taken.score, novelty=taken.novelty)
    for passed in chosen.too_like:
        yield row(passed.id, score=passed.score, reason="too_similar", like=passed.like, likeness=passed.likeness)
    others: Sequence[tuple[str, Sequence[int]]]
    others = (("over_budget", chosen.over_budget), ("no_score", chosen.no_score))
    for reason, ids in others:
        for pk in ids:
            yield row(pk, reason=reason)


def _told(chosen: Chosen, read: _Read, curve: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "candidates": len(read.candidates), "chosen": len(chosen.chosen), "too_similar": len(chosen.too_like),
        "over_budget": len(chosen.over_budget), "no_score": len(chosen.no_score), "missing": dict(chosen.missing),
        "stood_in": chosen.stood_in, "characters": read.characters, "curve": curve,
        "curve_rows": min(len(read.candidates), MOST_ROWS),
    }  # fmt: skip
