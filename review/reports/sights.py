"""What a person may see of many prompts at once: `generation.blinding.sight` asked with what the rows say of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from generation.access import Seat
from generation.blinding import BLIND, OPEN, Sight, sight
from generation.models import Answer, Look, PreferencePair, Sample
from review.actions.comparison_queue import for_person
from review.models import Comparison, Judgement, Round

_VOTED = (Judgement.Action.VOTE, Judgement.Action.ADJUDICATE)


@dataclass(frozen=True, slots=True)
class _Known:
    """Sample ids: those with something to hide, and what the person did with them."""

    hiding: frozenset[int]
    looked: frozenset[int]
    voted: frozenset[int]
    pending: frozenset[int]
    unrevealed: frozenset[int]


def sights_of(seat: Seat, *, samples: Collection[int]) -> dict[int, Sight]:
    """Sample id -> what the person may see of it, of its answers and of its pairs. Six short queries, whatever the
    number.

    A prompt hides nothing when it has no answers, no pairs and no comparisons.
    """
    wanted = sorted(set(samples))
    if not wanted:
        return {}
    known = _known(seat, wanted)
    return {pk: _sight(known, pk) for pk in wanted}


def sight_of(seat: Seat, *, comparison: Comparison) -> Sight:
    """The same for one comparison."""
    return sights_of(seat, samples=[comparison.sample_id])[comparison.sample_id]


def has_looked(seat: Seat, *, comparison: Comparison) -> bool:
    """Whether the person had the names behind the comparison's answers shown."""
    return comparison.sample_id in _looked(seat, [comparison.sample_id])


def _sight(known: _Known, pk: int) -> Sight:
    if pk not in known.hiding:
        return OPEN
    return sight(
        looked=pk in known.looked, voted=pk in known.voted, pending=pk in known.pending,
        reveals=pk not in known.unrevealed,
    )  # fmt: skip


def _known(seat: Seat, wanted: list[int]) -> _Known:
    asked = Comparison.objects.filter(sample__in=wanted)
    judged = Judgement.objects.filter(
        sample__in=wanted, person=seat.person, action__in=_VOTED, live=True
    )  # fmt: skip
    votes = list(judged.values_list("sample_id", "comparison_id", "comparison__round__reveal"))
    open_ones = asked.filter(state=Comparison.State.OPEN, round__state=Round.State.OPEN)
    waiting = open_ones.filter(for_person(seat.person.pk)).exclude(pk__in=[each[1] for each in votes])
    hiding = {
        *Answer.objects.filter(sample__in=wanted).values_list("sample_id", flat=True).distinct(),
        *asked.values_list("sample_id", flat=True).distinct(),
    }
    return _Known(
        hiding=frozenset(hiding),
        looked=frozenset(_looked(seat, wanted)),
        voted=frozenset(sample for sample, _, _ in votes),
        pending=frozenset(waiting.values_list("sample_id", flat=True)),
        unrevealed=frozenset(sample for sample, _, reveal in votes if reveal is False),
    )


def _looked(seat: Seat, wanted: list[int]) -> set[int]:
    """Samples that the person looked behind: by themselves, with a run that made them, an answer or a pair, or with all
    pairs of the project."""
    looks = Look.objects.filter(person=seat.person, project=seat.project)
    if looks.filter(sample=None, run=None).exists():
        return set(wanted)
    found = set(looks.filter(sample__in=wanted).values_list("sample_id", flat=True))
    runs = list(looks.exclude(run=None).values_list("run_id", flat=True))
    if runs:
        found |= set(Sample.objects.filter(pk__in=wanted, run__in=runs).values_list("pk", flat=True))
        of_runs = Q(sample__in=wanted, run__in=runs)
        found |= set(Answer.objects.filter(of_runs).values_list("sample_id", flat=True))
        found |= set(PreferencePair.objects.filter(of_runs).values_list("sample_id", flat=True))
    return found


__all__ = ["BLIND", "OPEN", "has_looked", "sight_of", "sights_of"]
