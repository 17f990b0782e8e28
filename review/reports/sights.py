"""What a person may see of many prompts at once: `generation.blinding.sight` asked with what the rows say of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from generation.access import Seat
from generation.blinding import OPEN, Sight, sight
from generation.models import Answer, Look, PreferencePair, Sample
from review.actions.comparison_queue import for_person
from review.models import Comparison, Judgement, Round

_VOTED = (Judgement.Action.VOTE, Judgement.Action.ADJUDICATE)


@dataclass(frozen=True, slots=True)
class _Known:
    """Sample ids, and what the person did with them."""

    looked: frozenset[int]
    voted: frozenset[int]
    pending: frozenset[int]
    unrevealed: frozenset[int]


def sights_of(seat: Seat, *, samples: Collection[int]) -> dict[int, Sight]:
    """Sample id -> what the person may see of it, of its answers and of its pairs. One query where nothing is hidden, a
    handful more where something is, whatever the number.

    A prompt hides nothing when it has no answers and nobody is asked about it.
    """
    wanted = set(samples)
    if not wanted:
        return {}
    hiding = _hiding(wanted)
    known = _known(seat, sorted(hiding)) if hiding else None
    return {pk: _sight(known, pk) if known and pk in hiding else OPEN for pk in wanted}


def sight_of(seat: Seat, *, comparison: Comparison) -> Sight:
    """The same for one comparison."""
    return sights_of(seat, samples=[comparison.sample_id])[comparison.sample_id]


def has_looked(seat: Seat, *, comparison: Comparison) -> bool:
    """Whether the person had the names behind the comparison's answers shown."""
    return comparison.sample_id in _looked(seat, [comparison.sample_id])


def has_looked_at_all(seat: Seat) -> bool:
    """Whether the person had all that stands behind the project's answers shown."""
    return Look.objects.filter(person=seat.person, project=seat.project, sample=None, run=None).exists()


def _hiding(wanted: Collection[int]) -> set[int]:
    answers = Answer.objects.filter(sample=OuterRef("pk"))
    asked = Comparison.objects.filter(sample=OuterRef("pk"))
    rows = Sample.objects.filter(Exists(answers) | Exists(asked), pk__in=wanted)
    return set(rows.values_list("pk", flat=True))


def _sight(known: _Known, pk: int) -> Sight:
    return sight(
        looked=pk in known.looked, voted=pk in known.voted, pending=pk in known.pending,
        reveals=pk not in known.unrevealed,
    )  # fmt: skip


def _known(seat: Seat, wanted: list[int]) -> _Known:
    judged = Judgement.objects.filter(sample__in=wanted, person=seat.person, action__in=_VOTED, live=True)
    votes = list(judged.values_list("sample_id", "comparison_id", "comparison__round__reveal"))
    asked = Comparison.objects.filter(
        for_person(seat.person.pk), sample__in=wanted, state=Comparison.State.OPEN, round__state=Round.State.OPEN
    )
    waiting = asked.exclude(pk__in=[each[1] for each in votes])
    return _Known(
        looked=frozenset(_looked(seat, wanted)),
        voted=frozenset(sample for sample, _, _ in votes),
        pending=frozenset(waiting.order_by().values_list("sample_id", flat=True).distinct()),
        unrevealed=frozenset(sample for sample, _, reveal in votes if reveal is False),
    )


def _looked(seat: Seat, wanted: list[int]) -> set[int]:
    """Samples that the person looked behind: by themselves, with a run that made them, an answer or a pair of theirs,
    or with all of the project."""
    looks = list(
        Look.objects.filter(Q(sample__in=wanted) | Q(sample=None), person=seat.person, project=seat.project)
        .values_list("sample_id", "run_id")
    )  # fmt: skip
    if (None, None) in looks:
        return set(wanted)
    found = {sample for sample, _ in looks if sample}
    if runs := [run for _, run in looks if run]:
        of_runs = Q(sample__in=wanted, run__in=runs)
        found |= set(Sample.objects.filter(pk__in=wanted, run__in=runs).values_list("pk", flat=True))
        found |= set(Answer.objects.filter(of_runs).values_list("sample_id", flat=True))
        found |= set(PreferencePair.objects.filter(of_runs).values_list("sample_id", flat=True))
    return found
