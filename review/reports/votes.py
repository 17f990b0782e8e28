"""The votes of a round as agreement counts them, as far as somebody may know them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from generation.access import Seat
from generation.models import Role
from review.agreement.counted import Cell, Counted, Pattern, pattern_of
from review.agreement.ranks import concordance, ranks_of, said_of_pairs, tau
from review.models import Comparison, Judgement, Round

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "choose": ("first", "second", "tie", "both_bad"),
    "rank": ("first", "second", "tie", "both_bad"),
    "rate": ("good", "bad"),
}
"""What people can say of a unit, by the kind of the round. A ranking of k answers says it of each two of them."""
MIRRORS: Mapping[str, tuple[int, ...]] = {"choose": (1, 0, 2, 3), "rank": (1, 0, 2, 3), "rate": ()}
"""How categories are called when two answers change places: which of them is stored first means nothing."""
CLOSED = (Comparison.State.AGREED, Comparison.State.DISPUTED, Comparison.State.SETTLED)
_CHUNK = 5_000
_PLACES = {
    ("left", True): 0, ("right", True): 1, ("left", False): 1, ("right", False): 0,
    ("tie", True): 2, ("tie", False): 2, ("both_bad", True): 3, ("both_bad", False): 3,
    ("good", True): 0, ("good", False): 0, ("bad", True): 1, ("bad", False): 1,
}  # fmt: skip
Codes = tuple[int, ...]
Said = tuple[tuple[int, Codes], ...]
"""Who said what of one comparison, by person: a category of each of its units, nothing for all of them are bad."""
_ALL_BAD = 3


@dataclass(slots=True)
class Sums:
    """Sum, sum of squares and number of values, for a mean with its interval."""

    total: float = 0.0
    squares: float = 0.0
    n: int = 0

    def add(self, value: float | None) -> None:
        """Counts a value; None is left out."""
        if value is not None:
            self.total += value
            self.squares += value * value
            self.n += 1


@dataclass(slots=True)
class Tallied:
    """Votes as counts. `groups` are units by (aspect, value), `people` the cells of each two people by their ids.

    `verdicts` counts what was said as the sides stood, `strong` votes said much better; `unblinded` ones were given
    after a look at the names. `tau` and `concordance` are of rankings, one value for each comparison.
    """

    kind: str
    units: Counted[Pattern] = field(default_factory=Counted)
    groups: dict[tuple[str, str], Counted[Pattern]] = field(default_factory=dict)
    people: dict[tuple[int, int], Counted[Cell]] = field(default_factory=dict)
    verdicts: Counter[str] = field(default_factory=Counter)
    votes: int = 0
    strong: int = 0
    unblinded: int = 0
    tau: Sums = field(default_factory=Sums)
    concordance: Sums = field(default_factory=Sums)


def tallied(seat: Seat, *, asked: Round) -> Tallied:
    """The round's live votes that this person may know of in sums, read once and counted by what was said."""
    found = Tallied(asked.kind)
    rows = votes_of(asked).filter(known_to(seat, asked=asked))
    said: dict[int, list[tuple[int, Codes]]] = defaultdict(list)
    for comparison, person, codes in _read_rankings(rows, found) if asked.kind == "rank" else _read(rows, found):
        said[comparison].append((person, codes))
    groups = _groups(asked) if said else {}
    alike = Counter((tuple(sorted(votes)), groups.get(comparison, ("", ""))) for comparison, votes in said.items())
    for (votes, (language, task_type)), times in alike.items():
        _count(found, votes, groups=(("language", language), ("task_type", task_type)), times=times)
    return found


def votes_of(asked: Round) -> Any:
    """The live votes of the round on comparisons that were not withdrawn."""
    rows = Judgement.objects.filter(comparison__round=asked, action=Judgement.Action.VOTE, live=True)
    return rows.exclude(comparison__state=Comparison.State.WITHDRAWN).order_by()


def known_to(seat: Seat, *, asked: Round) -> Q:
    """The votes that this person may know of in sums, so that nobody learns of a vote before their own.

    An editor who takes no part in the round knows of all; one who votes in it of those on comparisons that are closed
    or that they voted on; a reviewer of those on closed comparisons that they voted on.
    """
    mine = votes_of(asked).filter(person=seat.person)
    voted, closed = Q(comparison__in=mine.values("comparison")), Q(comparison__state__in=CLOSED)
    if not seat.may(Role.EDITOR):
        return voted & closed
    return voted | closed if mine.exists() else Q()


def _read(rows: Any, found: Tallied) -> Iterator[tuple[int, int, Codes]]:
    kept = ExpressionWrapper(Q(shown=F("comparison__answers")), output_field=BooleanField())
    columns = ("comparison_id", "person_id", "verdict", "kept", "much_better", "unblinded")
    codes = {each: (place,) for each, place in _PLACES.items()}
    counts: Counter[tuple[str, bool, bool]] = Counter()
    for comparison, person, verdict, order, strong, unblinded in (
        rows.annotate(kept=kept).values_list(*columns).iterator(chunk_size=_CHUNK)
    ):
        counts[verdict, strong, unblinded] += 1
        if code := codes.get((verdict, bool(order))):
            yield comparison, person, code
    for (verdict, strong, unblinded), times in counts.items():
        found.verdicts[verdict] += times
        found.votes += times
        found.strong += times * strong
        found.unblinded += times * unblinded


def _read_rankings(rows: Any, found: Tallied) -> Iterator[tuple[int, int, Codes]]:
    """Rankings as what they say of each two answers; how far each comparison's rankings agree is counted here."""
    columns = ("comparison_id", "person_id", "verdict", "ranking", "unblinded")
    ranks: dict[int, list[list[float]]] = defaultdict(list)
    for comparison, person, verdict, ranking, unblinded in rows.values_list(*columns).iterator(chunk_size=_CHUNK):
        found.verdicts["ranked_with_ties" if any(len(group) > 1 for group in ranking) else verdict] += 1
        found.votes += 1
        found.unblinded += unblinded
        places = ranks_of(ranking)
        mine = [places[answer] for answer in sorted(places)]
        if mine:
            ranks[comparison].append(mine)
        yield comparison, person, tuple(said_of_pairs(mine))
    for rankings in ranks.values():
        taus = [each for one, other in combinations(rankings, 2) if (each := tau(one, other)) is not None]
        found.tau.add(sum(taus) / len(taus) if taus else None)
        found.concordance.add(concordance(rankings))


def _count(found: Tallied, votes: Said, *, groups: Sequence[tuple[str, str]], times: int) -> None:
    size = len(CATEGORIES[found.kind])
    units = max(1, *(len(codes) for _person, codes in votes))
    whole = [(person, codes or (_ALL_BAD,) * units) for person, codes in votes if len(codes) in (0, units)]
    patterns = [pattern_of((codes[unit] for _person, codes in whole), categories=size) for unit in range(units)]
    found.units.add(*patterns, times=times)
    for group in groups:
        found.groups.setdefault(group, Counted()).add(*patterns, times=times)
    for (one, said), (other, replied) in combinations(whole, 2):
        cells = found.people.setdefault((one, other), Counted())
        cells.add(*zip(said, replied, strict=True), times=times)


def _groups(asked: Round) -> dict[int, tuple[str, str]]:
    """Comparison id -> language and task type of its prompt."""
    rows = Comparison.objects.filter(round=asked).order_by()
    columns = rows.values_list("pk", "sample__language", "sample__task_type").iterator(chunk_size=_CHUNK)
    return {pk: (language, task_type) for pk, language, task_type in columns}
