"""How a judge's verdicts stand beside people's, and what besides quality sways it: place, length, its own model.

Position and length bias after Zheng et al. 2023 (arXiv 2306.05685): a judge is asked in both orders, and a win counts
only where both agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from review.agreement.coefficients import cohen
from review.agreement.counted import Cell, Counted
from review.agreement.intervals import Estimate, share_of, sign_test

Side = Literal["chosen", "rejected", "tie", "invalid"]
LEAST_AGREEMENT = 0.7
"""Below this share of agreement with people a judge, or a gap between models, is no ground for preferences."""
SURE = 0.05
_LENGTH_LEAN, _OWN_LEAN = 0.1, 0.05
_PLACES = {"chosen": 0, "rejected": 1, "tie": 2}
_MIRROR = (1, 0, 2)


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair as a judge saw it, and what people said of it (None where nobody has).

    `forward` and `backward` are what it said in either order, None for a judge that gives scores; `first` is who stood
    first in the forward order. `longer` and `own` name the side that is longer, or by the judge's own model; "" where
    none is or both are.
    """

    winner: Side
    forward: Side | None = None
    backward: Side | None = None
    first: str = "chosen"
    longer: str = ""
    own: str = ""
    people: Side | None = None


@dataclass(frozen=True, slots=True)
class JudgeFigures:
    """What is known of one judge.

    `agreement` is over pairs where it and people each preferred a side, `kappa` over all that people decided, ties too.
    `first` is how often the answer shown first won, of all orders in which one did. `longer` and `own` are the shares
    of its preferences for that side, `people_longer` and `people_own` those of people's, over the pairs that people
    decided; `longer_there` and `own_there` are the judge's over the same ones.
    """

    pairs: int
    agreement: Estimate
    kappa: Estimate
    consistency: Estimate
    first: Estimate
    first_p: float | None
    longer: Estimate
    longer_there: Estimate
    people_longer: Estimate
    own: Estimate
    own_there: Estimate
    people_own: Estimate
    invalid: Estimate

    def findings(self, *, fooled: int = 0) -> tuple[str, ...]:
        """What speaks against the judge, worst first. Leanings are named only where figures are beyond chance."""
        found = ["fooled"] if fooled else []
        if self.agreement.value is not None and self.agreement.value < LEAST_AGREEMENT:
            found.append("disagrees")
        if self.first_p is not None and self.first_p < SURE:
            found.append("position")
        if _leans(self.longer_there, self.people_longer, by=_LENGTH_LEAN):
            found.append("length")
        if _leans(self.own_there, self.people_own, by=_OWN_LEAN):
            found.append("self")
        return tuple(found)


def figures_of(rows: Iterable[Judged]) -> JudgeFigures:
    """The figures of one judge over these pairs, read once."""
    rows = list(rows)
    read = [row for row in rows if row.winner != "invalid"]
    decided = [row for row in read if row.people is not None]
    both = [row for row in decided if row.winner != "tie" and row.people != "tie"]
    cells: Counted[Cell] = Counted()
    for row in decided:
        cells.add((_PLACES[row.winner], _PLACES[row.people or "tie"]))
    duels = [row for row in read if row.forward is not None and row.backward is not None]
    wins = [(row.forward, row.first) for row in read] + [(row.backward, _other(row.first)) for row in read]
    fell = [said == first for said, first in wins if said in ("chosen", "rejected")]
    return JudgeFigures(
        pairs=len(rows),
        agreement=share_of(sum(row.winner == row.people for row in both), len(both)),
        kappa=cohen(cells, categories=3, mirror=_MIRROR),
        consistency=share_of(sum(row.forward == row.backward for row in duels), len(duels)),
        first=share_of(sum(fell), len(fell)),
        first_p=sign_test(sum(fell), len(fell)),
        longer=_share(read, "longer", "winner"),
        longer_there=_share(both, "longer", "winner"),
        people_longer=_share(both, "longer", "people"),
        own=_share(read, "own", "winner"),
        own_there=_share(both, "own", "winner"),
        people_own=_share(both, "own", "people"),
        invalid=share_of(len(rows) - len(read), len(rows)),
    )


def _share(rows: Iterable[Judged], side: str, by: str) -> Estimate:
    """How often the side that `side` names was preferred, where there is one and somebody was."""
    found = [getattr(row, by) == getattr(row, side) for row in rows if getattr(row, side) and getattr(row, by) != "tie"]
    return share_of(sum(found), len(found))


def _leans(judge: Estimate, people: Estimate, *, by: float) -> bool:
    """Whether the judge prefers it more than people do, by more than chance and by at least `by`."""
    if judge.low is None or judge.value is None or people.value is None:
        return False
    return judge.value - people.value >= by and judge.low > people.value


def _other(side: str) -> str:
    return "rejected" if side == "chosen" else "chosen"
