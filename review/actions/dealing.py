"""What a round is made of, and who gets what: comparisons and assignments written by the thousand.

Everything that is drawn follows from the round's seed and a row's id, so that a fill that was killed goes on as it
would have.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from generation.access import Seat
from generation.engine.fingerprint import derived_seed
from generation.models import Answer, PreferencePair, Project, Sample
from review.models import Assignment, Comparison, Round

BATCH = 1000
MOST_SIDES = 9
MOST_DRAWN = 20_000
"""How many rows are drawn by lot; a wish for more takes the oldest."""
ANSWERS, OUTPUTS = "answers", "outputs"
_HASHED = 2**63


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows a round is made of. `samples` is "" for pairs (in the state `pairs`, "" for any), "answers" for
    prompts with answers, "outputs" for the samples' own outputs (only to rate). Empty fields do not narrow; `most` 0 is
    all of them. `ids` are pairs that were named one by one, a thousand at most."""

    pairs: str = ""
    run: int | None = None
    reason: str = ""
    language: str = ""
    job: int | None = None
    samples: str = ""
    task_type: str = ""
    most: int = 0
    ids: Sequence[int] = ()

    @classmethod
    def from_config(cls, chosen: Mapping[str, Any], *, kind: str) -> Choice:
        """The choice in what a form or `Round.chosen` says; names that it does not know are left out."""
        known = {each.name: chosen[each.name] for each in fields(cls) if chosen.get(each.name)}
        if kind != Round.Kind.CHOOSE and known.get("samples") != OUTPUTS:
            known["samples"] = ANSWERS
        if known.get("samples") == OUTPUTS and kind != Round.Kind.RATE:
            known["samples"] = ANSWERS
        return cls(**known)

    def rows(self, project: Project, *, kind: str) -> QuerySet[Any]:
        """The pairs or samples in the order of their ids."""
        return (self._samples(project, kind=kind) if self.samples else self._pairs(project)).order_by("pk")

    def _pairs(self, project: Project) -> QuerySet[Any]:
        rows = PreferencePair.objects.filter(project=project)
        where = {
            "state": self.pairs, "run": self.run, "reason": self.reason, "sample__language": self.language,
            "job": self.job, "sample__task_type": self.task_type,
        }  # fmt: skip
        rows = rows.filter(**{name: value for name, value in where.items() if value})
        if self.ids:
            rows = rows.filter(pk__in=self.ids)
        return rows.exclude(chosen__text=F("rejected__text"))

    def _samples(self, project: Project, *, kind: str) -> QuerySet[Any]:
        where = {"language": self.language, "job": self.job, "task_type": self.task_type}
        rows = Sample.objects.filter(project=project, **{name: value for name, value in where.items() if value})
        if self.samples == OUTPUTS:
            rows = rows.filter(state__in=(Sample.State.NEEDS_REVIEW, Sample.State.APPROVED)).exclude(output="")
            return rows.filter(run=self.run) if self.run else rows
        answers = Answer.objects.filter(sample=OuterRef("pk"))
        if self.run:
            rows = rows.filter(Exists(answers.filter(run=self.run)))
        if kind == Round.Kind.RATE:
            return rows.filter(Exists(answers))
        texts = Answer.objects.filter(sample__project=project).values("sample").annotate(n=Count("text", distinct=True))
        return rows.filter(pk__in=texts.filter(n__gte=2).values("sample"))


def drawn(rows: QuerySet[Any], *, most: int, seed: int) -> list[int] | None:
    """The ids of `most` rows drawn by lot, in order; None when all are wanted."""
    if not 0 < most <= MOST_DRAWN:
        return None
    ids = list(rows.values_list("pk", flat=True))
    return None if len(ids) <= most else sorted(random.Random(derived_seed(seed, "round")).sample(ids, most))


def fill(asked: Round, *, after: int, only: Sequence[int] | None, now: datetime) -> tuple[int, int]:
    """The next batch of the round's comparisons, from the rows after the id `after`: the last row's id (0 at the end)
    and how many comparisons were made. Call it in a transaction."""
    choice = Choice.from_config(asked.chosen, kind=asked.kind)
    rows = choice.rows(asked.project, kind=asked.kind).filter(pk__gt=after)
    if only is not None:
        rows = rows.filter(pk__in=[pk for pk in only if pk > after][:BATCH])
    found = list(_read(rows, choice)[:BATCH])
    if not found:
        return 0, 0
    comparisons = list(_comparisons(asked, found, choice, now=now))
    dealt = [_dealt(asked, comparison) for comparison in comparisons]
    for comparison, people in zip(comparisons, dealt, strict=True):
        comparison.wanted = min(_wanted(asked, comparison), len(people) or MOST_SIDES)
    made = Comparison.objects.bulk_create(comparisons, batch_size=500)
    Assignment.objects.bulk_create(
        [
            Assignment(comparison=comparison, person_id=person)
            for comparison, people in zip(made, dealt, strict=True)
            for person in people[: comparison.wanted]
        ],
        batch_size=1000,
    )
    return found[-1].pk, len(made)


def _read(rows: QuerySet[Any], choice: Choice) -> QuerySet[Any]:
    if choice.samples:
        return rows.only("pk", "language", "task_type")
    return rows.select_related("sample").only(
        "pk", "sample_id", "chosen_id", "rejected_id", "sample__language", "sample__task_type"
    )  # fmt: skip


def _comparisons(asked: Round, found: Sequence[Any], choice: Choice, *, now: datetime) -> Iterable[Comparison]:
    same = {"round": asked, "project_id": asked.project_id, "created_at": now}
    if not choice.samples:
        for pair in found:
            answers = sorted((pair.chosen_id, pair.rejected_id))
            yield Comparison(sample=pair.sample, pair_id=pair.pk, answers=answers, **same)
    elif choice.samples == OUTPUTS:
        for sample in found:
            yield Comparison(sample=sample, answers=[], **same)
    else:
        known = _answers(found)
        for sample in found:
            for answers in _sets(asked, known[sample.pk], sample.pk):
                yield Comparison(sample=sample, answers=answers, **same)


def _answers(found: Sequence[Any]) -> Mapping[int, list[int]]:
    """Sample -> ids of its answers, the first of those that read the same."""
    kept: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Answer.objects.filter(sample__in=[sample.pk for sample in found]).order_by("pk")
    for sample, text, pk in rows.values_list("sample_id", "text", "pk"):
        kept[sample].setdefault(text, pk)
    return {sample: list(texts.values()) for sample, texts in kept.items()}


def _sets(asked: Round, answers: list[int], sample: int) -> Iterable[list[int]]:
    """The answers of one prompt as they are asked about: one by one, two of them, or up to nine."""
    if asked.kind == Round.Kind.RATE:
        yield from ([answer] for answer in answers)
        return
    most = 2 if asked.kind == Round.Kind.CHOOSE else MOST_SIDES
    if len(answers) > most:
        answers = random.Random(derived_seed(asked.random_seed, "answers", sample)).sample(answers, most)
    if len(answers) >= 2:
        yield sorted(answers)


def _wanted(asked: Round, comparison: Comparison) -> int:
    """`overlap` people for the share of the comparisons that the seed draws, one for all others."""
    return asked.overlap if _chance(asked, "overlap", comparison) * 100 < asked.overlap_share else 1


def _dealt(asked: Round, comparison: Comparison) -> list[int]:
    """The people whom the comparison is for, those who come first first; empty for everybody.

    Shares are percent of what an entry's filter lets through: together less than 100, the rest is for everybody. Who
    has twice the share gets twice as much.
    """
    weights: dict[int, float] = {}
    for entry in asked.dealt:
        fits = all(
            not entry.get(name) or entry[name] == getattr(comparison.sample, name) for name in ("language", "task_type")
        )
        if fits:
            weights[entry["person"]] = max(weights.get(entry["person"], 0), float(entry.get("share") or 100))
    if not weights or _chance(asked, "dealt", comparison) * 100 >= sum(weights.values()):
        return []
    return sorted(weights, key=lambda person: _rank(asked, comparison, person, weights[person]))


def _rank(asked: Round, comparison: Comparison, person: int, weight: float) -> float:
    """The lower the earlier: an exponential race, which the weight speeds up."""
    return -math.log(1 - _chance(asked, f"person {person}", comparison)) / weight


def _chance(asked: Round, what: str, comparison: Comparison) -> float:
    """A number from 0 up to 1 that the round's seed and the row settle."""
    row = comparison.pair_id or f"{comparison.sample_id}:{comparison.answers}"
    return derived_seed(asked.random_seed, what, row) / _HASHED


def seat_rows(seat: Seat, *, kind: str, chosen: Mapping[str, Any]) -> QuerySet[Any]:
    """The rows of the seat's project that a round of this kind would be made of."""
    return Choice.from_config(chosen, kind=kind).rows(seat.project, kind=kind)
