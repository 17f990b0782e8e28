"""Rows that may be chosen, with their scores, and the order that weights bring them into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Missing = Literal["leave_out", "three"]
STAND_IN = 3.0
"""What Deita's scorer gives where it finds no score (hkust-nlp/deita, `Scorer.infer_score`); on the scale 1 to 6."""
ASPECTS = ("quality", "complexity")


class NegativeScore(ValueError):  # noqa: N818 - the name says what is the matter
    """A score below zero cannot be weighed by a power. Carries the row's id."""

    def __init__(self, row: int) -> None:
        super().__init__(f"negative_score: row {row}")
        self.row = row


class UnusableWeights(ValueError):  # noqa: N818 - the name says what is the matter
    """A weight is negative or no number."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row by its scores; None where there is none, and what is no number is none. Any scale from 0 up will do, the
    same one for all rows."""

    id: int
    quality: float | None = None
    complexity: float | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """The powers in quality^a x complexity^b x novelty^g. Deita is (1, 1, 0) with a limit of likeness.

    A power of 0 leaves that factor out: it need not be scored.
    """

    quality: float = 1.0
    complexity: float = 1.0
    novelty: float = 0.0

    def __post_init__(self) -> None:
        if not all(0 <= each < float("inf") for each in (self.quality, self.complexity, self.novelty)):
            raise UnusableWeights("weights must be numbers from 0 up")

    @classmethod
    def between(cls, share: float, *, complexity: bool = True) -> Weights:
        """The weights at one point of the trade-off: 0 is scores alone, 1 is novelty alone."""
        return cls(1 - share, 1 - share if complexity else 0.0, share)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates from the best score down, equal ones by id. `place` is where each stood in what was given.

    `missing` counts the rows without a score by aspect, those with a stand-in included; `left_out` are the ids of rows
    that could not be ranked, `stood_in` counts the rows that were ranked with a stand-in.
    """

    ids: NDArray[np.int64]
    place: NDArray[np.int64]
    quality: NDArray[np.float64]
    complexity: NDArray[np.float64]
    score: NDArray[np.float64]
    missing: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[int, ...] = ()
    stood_in: int = 0
    over: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)


def ranked(
    candidates: Iterable[Candidate], *, weights: Weights, missing: Missing = "leave_out", ceiling: float | None = None
) -> Ranked:
    """The candidates by quality^a x complexity^b, best first. No score is invented: rows without a score that is
    weighed are left out and counted, or, with "three", take the stand-in of the paper's code and are counted too. A row
    whose quality is over `ceiling` is no candidate, where quality is weighed."""
    import numpy as np

    rows = list(candidates)
    ids = np.array([each.id for each in rows], dtype=np.int64)
    found = {
        aspect: np.array([np.nan if (value := getattr(each, aspect)) is None else value for each in rows], dtype=float)
        for aspect in ASPECTS
    }
    lacks = {aspect: ~np.isfinite(values) for aspect, values in found.items() if getattr(weights, aspect)}
    for aspect in lacks:
        below = np.flatnonzero(found[aspect] < 0)
        if len(below):
            raise NegativeScore(int(ids[below[0]]))
    without = np.any(list(lacks.values()), axis=0) if lacks else np.zeros(len(rows), dtype=bool)
    if missing == "three":
        for aspect, lack in lacks.items():
            found[aspect][lack] = STAND_IN
    score = np.ones(len(rows))
    for aspect in lacks:
        score *= found[aspect] ** getattr(weights, aspect)
    over = np.zeros(len(rows), dtype=bool)
    if ceiling is not None and weights.quality:
        over = ~lacks["quality"] & (found["quality"] > ceiling)
    kept = np.flatnonzero(~over if missing == "three" else ~over & ~without)
    kept = kept[np.lexsort((ids[kept], -score[kept]))]
    return Ranked(
        ids[kept], kept, found["quality"][kept], found["complexity"][kept], score[kept],
        missing={aspect: int(lack.sum()) for aspect, lack in lacks.items()},
        left_out=() if missing == "three" else tuple(ids[without & ~over].tolist()),
        stood_in=int((without & ~over).sum()) if missing == "three" else 0,
        over=tuple(ids[over].tolist()),
    )  # fmt: skip
