"""What somebody's own votes look like: sides, steadiness, pace, and how often they went with the outcome.

Shown to the person alone; who leads the project sees everybody's together, once there are enough people not to tell
anybody's from it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from django.db.models import QuerySet

from generation.access import Seat
from generation.models import Role
from review.agreement.intervals import Estimate, share_of, sign_test
from review.models import Comparison, Judgement

CAP = 5_000
"""So many votes are read, the newest."""
LEAST_PEOPLE = 3
_LONG = 600.0
"""Who took longer than this many seconds was away."""
_COLUMNS = (
    "person_id", "comparison_id", "sample_id", "verdict", "shown", "ranking", "seconds", "comparison__state",
    "comparison__outcome", "comparison__wanted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habits:
    """Figures over some votes.

    `left` is the share of votes for one of two sides that fell left, with the probability of that from a fair coin.
    `steady` is the share of questions judged twice by one person that got the same answer, `swapped` the same where the
    sides had changed places. `with_outcome` is over comparisons of several people that are closed.
    """

    votes: int
    people: int
    verdicts: Sequence[tuple[str, int]]
    left: Estimate
    left_p: float | None
    steady: Estimate
    swapped: Estimate
    seconds: float | None
    with_outcome: Estimate
    capped: bool


@dataclass(frozen=True, slots=True)
class OwnVotes:
    """The person's own figures, and everybody's together for who leads the project (None for others, or where too few
    people voted)."""

    mine: Habits
    everybody: Habits | None


def own_votes_of(seat: Seat) -> OwnVotes:
    """What this person may see of habits in the project."""
    votes = Judgement.objects.filter(project=seat.project, action=Judgement.Action.VOTE, live=True)
    votes = votes.exclude(comparison=None)
    mine = _habits(votes.filter(person=seat.person))
    if not seat.may(Role.EDITOR):
        return OwnVotes(mine, None)
    everybody = _habits(votes)
    return OwnVotes(mine, everybody if everybody.people >= LEAST_PEOPLE else None)


def _habits(votes: QuerySet[Judgement]) -> Habits:
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in votes.order_by("-id").values_list(*_COLUMNS)[: CAP + 1]]
    capped, rows = len(rows) > CAP, rows[:CAP]
    verdicts = Counter(row["verdict"] for row in rows)
    sided = verdicts["left"] + verdicts["right"]
    steady, swapped = _twice(rows)
    seconds = [row["seconds"] for row in rows if row["seconds"] and row["seconds"] <= _LONG]
    judged = [_went_with(row) for row in rows if _has_outcome(row)]
    return Habits(
        votes=len(rows),
        people=len({row["person_id"] for row in rows}),
        verdicts=verdicts.most_common(),
        left=share_of(verdicts["left"], sided),
        left_p=sign_test(verdicts["left"], sided),
        steady=share_of(sum(steady), len(steady)),
        swapped=share_of(sum(swapped), len(swapped)),
        seconds=median(seconds) if seconds else None,
        with_outcome=share_of(sum(judged), len(judged)),
        capped=capped,
    )


def _twice(rows: Sequence[Mapping[str, Any]]) -> tuple[list[bool], list[bool]]:
    """For questions that one person judged more than once, whether each two votes in a row say the same: all of them,
    and those between which the sides changed places."""
    found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["person_id"], row["sample_id"], *sorted(row["shown"])].append(row)
    pairs = [two for votes in found.values() for two in pairwise(votes)]
    same = [_meant(one) == _meant(other) for one, other in pairs]
    turned = [one["shown"] != other["shown"] for one, other in pairs]
    return same, [each for each, swapped in zip(same, turned, strict=True) if swapped]


def _meant(row: Mapping[str, Any]) -> Any:
    """What a vote says whatever the order in which the answers stood."""
    return tuple(tuple(sorted(group)) for group in row["ranking"]) or row["verdict"]


def _has_outcome(row: Mapping[str, Any]) -> bool:
    closed = row["comparison__state"] in (Comparison.State.AGREED, Comparison.State.SETTLED)
    return closed and row["comparison__wanted"] > 1 and "verdict" in row["comparison__outcome"]


def _went_with(row: Mapping[str, Any]) -> bool:
    outcome = row["comparison__outcome"]
    ranking = tuple(tuple(sorted(group)) for group in outcome.get("ranking") or ())
    return bool(_meant(row) == (ranking or outcome["verdict"]))
