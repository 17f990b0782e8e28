"""A selection worked out by its job: rows read, made into vectors where likeness goes by meaning, chosen, kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count, islice
from math import isfinite
from typing import TYPE_CHECKING, Any

from django.db import transaction

from generation.actions.jobs import fail_job, finish_job, kept_lease, save_progress
from generation.actions.vector_models import embedded, open_vectors
from generation.models import Job, Project
from generation.quality.diversity.sampling import Reservoir
from generation.quality.near_duplicates.vectors import MissingExtraError, VectorFileError
from generation.quality.selection import (
    Candidate,
    Likeness,
    NegativeScore,
    Point,
    TextLikeness,
    TradeOff,
    VectorLikeness,
    select,
)
from generation.quality.selection import Selection as Chosen
from generation.quality.selection.curve import MOST_ROWS
from generation.quality.selection.score_rows import OUTPUT_LENGTH
from review.actions.selections import MOST_CANDIDATES
from review.models import RankedRow, RowSelection
from review.rows import score_of
from review.selection_wish import VECTORS, SelectionWish

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOOKED_AT = 2000
_CHUNK = 2000
_FIGURES = ("share", "rows", "quality", "complexity", "diversity", "coverage")

Clock = Callable[[], datetime]
Hold = Callable[[str, int, int], None]
"""Hears the phase, how much of it is done and of how much; raises where the job is no longer ours."""


def fill_selection(job: Job, *, clock: Clock) -> None:
    """Works the job's selection out and ends the job either way. It begins anew when another worker takes over.
    `JobLostError` when somebody else has it now."""
    selection = RowSelection.objects.select_related("project").get(pk=job.params["selection"])
    wish = SelectionWish.from_config(selection.asked)

    def hold(phase: str, done: int, total: int) -> None:
        save_progress(job, now=clock(), done=done, total=total, cursor=job.cursor | {"phase": phase})

    try:
        read = _Read.of(selection.project, wish, hold=hold, total=job.params.get("rows", 0))
        with kept_lease(job, clock=clock):
            vectors = _vectors(read, hold) if wish.likeness == VECTORS else None
            budget = wish.budget_of(read.scored(wish))
            hold("choosing", 0, budget)
            chosen = select(
                read.candidates, likeness=_likeness(read, vectors), budget=budget, weights=wish.weighed,
                limit=wish.limit, missing=_missing(wish), ceiling=wish.ceiling,
                told=lambda taken: hold("choosing", taken, budget),
            )  # fmt: skip
            hold("drawing", 0, 0)
            drawn = _drawn(read, wish, budget=budget, vectors=vectors)
    except NegativeScore:
        fail_job(job, message="negative_score", now=clock())
        return
    except (MissingExtraError, VectorFileError):
        fail_job(job, message="no_vectors", now=clock())
        return
    _keep(selection, chosen, read, hold=hold)
    with transaction.atomic():
        told = _told(chosen, read) | {"budget": budget} | drawn
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
    def of(cls, project: Project, wish: SelectionWish, *, hold: Hold, total: int) -> _Read:
        """All of them, in the order of their ids."""
        read = cls([], [], {}, 0)
        hold("reading", 0, total)
        rows = wish.filter.rows(project).order_by("pk")
        columns = ("pk", "revision", "scores", "instruction", "input", "output")
        characters = 0
        for pk, revision, scores, *parts in rows.values_list(*columns)[:MOST_CANDIDATES].iterator(chunk_size=_CHUNK):
            quality, complexity = (_score(scores, name, parts[-1]) for name in (wish.quality, wish.complexity))
            read.candidates.append(Candidate(pk, quality, complexity))
            characters += sum(map(len, parts))
            read.texts.append("\n".join(part[:_LOOKED_AT] for part in parts if part))
            read.revisions[pk] = revision
            if len(read.texts) % _CHUNK == 0:
                hold("reading", len(read.texts), max(total, len(read.texts)))
        return replace(read, characters=characters)

    def scored(self, wish: SelectionWish) -> int:
        """How many rows have every score that is weighed."""
        weighed = wish.weighed
        names = [name for name in ("quality", "complexity") if getattr(weighed, name)]
        if wish.missing == "three" or not names:
            return len(self.candidates)
        return sum(all(_known(getattr(each, name)) for name in names) for each in self.candidates)


def _known(value: float | None) -> bool:
    return value is not None and isfinite(value)


def _score(scores: Mapping[str, Any] | None, aspect: str, output: str) -> float | None:
    if aspect == OUTPUT_LENGTH:
        return float(len(output))
    return score_of({aspect: scores[aspect]}) if aspect and scores and aspect in scores else None


def _missing(wish: SelectionWish) -> Any:
    return "three" if wish.missing == "three" else "leave_out"


def _vectors(read: _Read, hold: Hold) -> NDArray[np.float32]:
    total = len(read.texts)
    hold("embedding", 0, total)
    return embedded(read.texts, embed=open_vectors().embed, told=lambda done: hold("embedding", done, total))


def _likeness(read: _Read, vectors: NDArray[np.float32] | None) -> Likeness:
    return TextLikeness(read.texts) if vectors is None else VectorLikeness(vectors)


def _drawn(
    read: _Read, wish: SelectionWish, *, budget: int, vectors: NDArray[np.float32] | None
) -> dict[str, Any]:  # fmt: skip
    """The trade-off and the point that was asked for, both of a fixed sample where there are many rows, with the budget
    cut down alike."""
    sample: Reservoir[int] = Reservoir(size=MOST_ROWS, random_seed=wish.random_seed)
    for at, each in enumerate(read.candidates):
        if (drawn := sample.wants(each.id)) is not None:
            sample.take(each.id, at, drawn=drawn)
    places = sorted(sample.rows())
    if not places or not wish.weighed.quality:
        return {"curve": [], "curve_rows": len(places)}
    field = TradeOff(
        [read.candidates[at] for at in places], texts=[read.texts[at] for at in places],
        complexity=bool(wish.weighed.complexity), missing=_missing(wish), ceiling=wish.ceiling,
        vectors=None if vectors is None else vectors[places],
    )  # fmt: skip
    few = max(1, min(round(budget * len(places) / len(read.candidates)), len(places)))
    points = [each for each in field.curve(budget=few) if each.rows]
    chosen = field.point(wish.weighed, budget=few, limit=wish.limit)
    told: dict[str, Any] = {"curve": [_figures(each) for each in points], "curve_rows": len(places)}
    return told | ({"point": _figures(chosen)} if chosen.rows else {})


def _figures(point: Point) -> dict[str, Any]:
    return {name: getattr(point, name) for name in _FIGURES}


def _keep(selection: RowSelection, chosen: Chosen, read: _Read, *, hold: Hold) -> None:
    """Writes the rows in short transactions; none is seen before the selection says how many it chose."""
    RankedRow.objects.filter(selection=selection).delete()
    written, rest = 0, _ranked(selection, chosen, read.revisions)
    while rows := list(islice(rest, _CHUNK)):
        with transaction.atomic():
            hold("keeping", written, len(read.candidates))
            RankedRow.objects.bulk_create(rows)
        written += len(rows)


def _ranked(selection: RowSelection, chosen: Chosen, revisions: Mapping[int, int]) -> Iterator[RankedRow]:
    places = count()

    def row(pk: int, **told: Any) -> RankedRow:
        return RankedRow(selection=selection, place=next(places), sample_id=pk, revision=revisions[pk], **told)

    for taken in chosen.chosen:
        yield row(taken.id, score=taken.score, novelty=taken.novelty)
    for passed in chosen.too_like:
        yield row(passed.id, score=passed.score, reason="too_similar", like=passed.like, likeness=passed.likeness)
    others: Sequence[tuple[str, Sequence[int]]] = (
        ("over_budget", chosen.over_budget), ("misaligned", chosen.misaligned), ("no_score", chosen.no_score),
    )  # fmt: skip
    for reason, ids in others:
        for pk in ids:
            yield row(pk, reason=reason)


def _told(chosen: Chosen, read: _Read) -> dict[str, Any]:
    return {
        "candidates": len(read.candidates), "chosen": len(chosen.chosen), "too_similar": len(chosen.too_like),
        "over_budget": len(chosen.over_budget), "no_score": len(chosen.no_score),
        "misaligned": len(chosen.misaligned), "missing": dict(chosen.missing), "stood_in": chosen.stood_in,
        "characters": read.characters,
    }  # fmt: skip
