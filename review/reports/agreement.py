"""How far the people of a round agree: in all, two by two, by language and by type of task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count
from django.shortcuts import get_object_or_404

from generation.access import Seat
from generation.models import Person, Role
from review.agreement.coefficients import alpha, cohen, fleiss, pairable, percent
from review.agreement.counted import Cell, Counted, Pattern
from review.agreement.intervals import NOTHING, Estimate, mean_of, share_of, sign_test
from review.models import Comparison, Judgement, Round
from review.reports.votes import CATEGORIES, MIRRORS, Sums, Tallied, tallied

MOST_PAIRS = 45
"""So many pairs of people are shown, those with most comparisons in common first."""
MOST_GROUPS = 12
_KEEP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Figures:
    """Coefficients over some comparisons; `votes` are those on comparisons with at least two."""

    percent: Estimate
    fleiss: Estimate
    alpha: Estimate
    votes: int


@dataclass(frozen=True, slots=True)
class Two:
    """Two people, by name, over the comparisons that both judged."""

    one: str
    other: str
    percent: Estimate
    kappa: Estimate


@dataclass(frozen=True, slots=True)
class Group:
    """The comparisons of one language or type of task."""

    value: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Agreement:
    """All that the page of a round's agreement shows. `all_states` counts comparisons by state.

    `cohen` is the kappa of the two people where two voted; of more people it is the mean over `pairs` pairs of them
    (Light 1971), without an interval. `sides` are the votes for one of two sides: how many fell left, and the
    probability of that from a fair coin. `tau` and `concordance` are there for rankings only.
    """

    kind: str
    all_states: Mapping[str, int]
    votes: int
    strong: int
    unblinded: int
    people: int
    all: Figures
    cohen: Estimate
    pairs: int
    two: Sequence[Two]
    more: int
    languages: Sequence[Group]
    task_types: Sequence[Group]
    verdicts: Sequence[tuple[str, int]]
    sides: Estimate
    sides_p: float | None
    tau: Estimate
    concordance: Estimate

    @property
    def comparisons(self) -> int:
        """All that were not withdrawn."""
        return sum(count for state, count in self.all_states.items() if state != Comparison.State.WITHDRAWN)

    @property
    def shown_states(self) -> list[tuple[str, int]]:
        """The states that there are comparisons in, in the order in which they come about."""
        return [(state, self.all_states[state]) for state in Comparison.State.values if self.all_states.get(state)]

    @property
    def closed(self) -> int:
        """How many have all their votes."""
        return sum(self.all_states.get(state, 0) for state in ("agreed", "disputed", "settled"))


def round_or_404(seat: Seat, round_id: int) -> Round:
    """The project's round, or `Http404`."""
    return get_object_or_404(Round, project=seat.project, pk=round_id)


def agreement_of(seat: Seat, *, asked: Round) -> Agreement:
    """How far people agree, over the votes that this person may know of. Kept until somebody says something new.

    Two by two a reviewer sees only themselves beside each of the others.
    """
    newest = Judgement.objects.filter(project=seat.project).order_by("-id").values_list("id", flat=True).first()
    states = dict(Comparison.objects.filter(round=asked).order_by().values_list("state").annotate(Count("id")))
    counted = "-".join(f"{state}{states[state]}" for state in sorted(states))
    key = f"agreement:{asked.pk}:{seat.person.pk}:{seat.role}:{newest}:{counted}"
    kept: Agreement | None = cache.get(key)
    if kept is None:
        found = tallied(seat, asked=asked)
        if not seat.may(Role.EDITOR):
            found.people = {pair: cells for pair, cells in found.people.items() if seat.person.pk in pair}
        kept = _figured(found, states)
        cache.set(key, kept, _KEEP_SECONDS)
    return kept


def _figured(found: Tallied, states: Mapping[str, int]) -> Agreement:
    two = _two_by_two(found)
    kappas = [each.kappa for each in two if each.kappa.value is not None]
    values = [each.value for each in kappas if each.value is not None]
    light = Estimate(sum(values) / len(values), None, None, sum(each.n for each in kappas)) if values else NOTHING
    left, right = found.verdicts["left"], found.verdicts["right"]
    return Agreement(
        kind=found.kind,
        all_states=states,
        votes=found.votes,
        strong=found.strong,
        unblinded=found.unblinded,
        people=len({person for pair in found.people for person in pair}),
        all=_figures(found.units, found.kind),
        cohen=kappas[0] if len(found.people) == 1 and kappas else light,
        pairs=len(found.people),
        two=two,
        more=max(0, len(found.people) - MOST_PAIRS),
        languages=_by(found, "language"),
        task_types=_by(found, "task_type"),
        verdicts=found.verdicts.most_common(),
        sides=share_of(left, left + right),
        sides_p=sign_test(left, left + right),
        tau=_mean(found.tau),
        concordance=_mean(found.concordance),
    )


def _figures(units: Counted[Pattern], kind: str) -> Figures:
    mirror = MIRRORS[kind]
    return Figures(percent(units), fleiss(units, mirror=mirror), alpha(units, mirror=mirror), pairable(units))


def _two_by_two(found: Tallied) -> list[Two]:
    pairs = sorted(found.people.items(), key=lambda each: (-each[1].size, each[0]))[:MOST_PAIRS]
    ids = {person for pair, _cells in pairs for person in pair}
    names = {person.pk: str(person) for person in Person.objects.filter(pk__in=ids)}
    size, mirror = len(CATEGORIES[found.kind]), MIRRORS[found.kind]
    return [
        Two(names[one], names[other], _same(cells), cohen(cells, categories=size, mirror=mirror))
        for (one, other), cells in pairs
    ]  # fmt: skip


def _same(cells: Counted[Cell]) -> Estimate:
    """The share that both said the same of; of rankings the mean share of answers put in the same order."""
    same = sum(
        times * sum(one == other for one, other in cluster) / len(cluster) for cluster, times in cells.clusters.items()
    )
    return share_of(same, cells.size)


def _by(found: Tallied, aspect: str) -> list[Group]:
    """The groups of an aspect, the largest first; none where there is only one."""
    groups = [(value, units) for (name, value), units in found.groups.items() if name == aspect]
    if len(groups) < 2:
        return []
    groups.sort(key=lambda each: (-each[1].size, each[0]))
    return [Group(value, _figures(units, found.kind)) for value, units in groups[:MOST_GROUPS]]


def _mean(sums: Sums) -> Estimate:
    return mean_of(sums.total, sums.squares, sums.n)
