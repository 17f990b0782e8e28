"""The findings about lengths, margins and forms: each a figure beside its guide, with the rows that it speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generation.preferences.bias.columns import Columns
from generation.preferences.bias.marks import FOREIGN, FORMATS, REFUSES
from generation.preferences.bias.statistics import binomial_p, fisher, pearson, rounded, spearman, wilson
from generation.preferences.gate import usual_margin
from generation.types import ReportFinding, level_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

SURE = 0.05
"""The p under which a figure outside its guide is no accident."""
LENGTH_GUIDE = (0.4, 0.6)
R_GUIDE = (-0.3, 0.3)
FORMAT_GUIDE = (-0.1, 0.1)
REFUSAL_GUIDE = (0.0, 0.01)
LANGUAGE_GUIDE = (0.0, 0.02)
MARGIN_GUIDE = (0.0, 0.05)
_FEW = 20


def longer_wins(columns: Columns) -> ReportFinding:
    """The share of pairs whose chosen answer is the longer one, ties apart, with the exact test against one half."""
    import numpy as np

    chosen, rejected = columns["chosen_length"], columns["rejected_length"]
    longer, shorter = chosen > rejected, chosen < rejected
    hits, n = int(longer.sum()), int(longer.sum() + shorter.sum())
    share, p = (hits / n if n else None), binomial_p(hits, n)
    outside = share is not None and not within(share, LENGTH_GUIDE)
    many = longer if share is None or share >= 0.5 else shorter
    ratio = np.maximum(chosen, rejected) / np.maximum(1.0, np.minimum(chosen, rejected))
    return ReportFinding(
        "longer_wins", level_of(outside=outside, sure=p < SURE, known=bool(n)), rounded(share), "share", n, hits,
        LENGTH_GUIDE, wilson(hits, n) if n else None, rounded(p),
        rows=rows_of(columns, many, ratio), reason="length_balance", remedies=("balance", "review"),
        detail={"ties": len(columns) - n, "excess": abs(2 * hits - n)},
    )  # fmt: skip


def length_score(columns: Columns) -> ReportFinding:
    """Whether the margin grows with the difference in length: Spearman's r with its interval, Pearson's beside it."""
    margin = columns["margin"]
    known = main_scale(columns)
    more = (columns["chosen_length"] - columns["rejected_length"])[known]
    r, n = spearman(more, margin[known]), int(known.sum())
    interval = fisher(r, n)
    outside = r is not None and not within(r, R_GUIDE)
    sure = interval is not None and not (interval[0] <= R_GUIDE[1] and interval[1] >= R_GUIDE[0])
    return ReportFinding(
        "length_score", level_of(outside=outside, sure=sure, known=r is not None), rounded(r), "r", n, n, R_GUIDE,
        interval, detail={"pearson": rounded(pearson(more, margin[known]))},
    )  # fmt: skip


def margins(columns: Columns) -> ReportFinding:
    """The share of pairs whose margin is below the usual one of their scale; those that are held back are not asked."""
    import numpy as np

    margin, scale = columns["margin"], columns.whole("scale")
    leasts = np.array([usual_margin(*map(float, each.split())) for each in columns.scales.listed()] or [0.0])
    known = ~np.isnan(margin) & (scale >= 0) & (columns.whole("held") == 0)
    below = known & (np.round(np.where(known, margin, 0.0), 9) < np.round(leasts[np.maximum(scale, 0)], 9))
    hits, n = int(below.sum()), int(known.sum())
    share = hits / n if n else None
    contrary = known & (margin <= 0)
    outside = (share is not None and not within(share, MARGIN_GUIDE)) or bool(contrary.any())
    return ReportFinding(
        "margin", level_of(outside=outside, sure=n >= _FEW or bool(contrary.any()), known=bool(n)), rounded(share),
        "share", n, hits, MARGIN_GUIDE, wilson(hits, n) if n else None, rows=rows_of(columns, below, -margin),
        reason="below_margin", remedies=("drop", "review"),
        detail={"contrary": int(contrary.sum()), "scales": columns.scales.listed(), "without": len(columns) - n},
    )  # fmt: skip


def formats(columns: Columns) -> ReportFinding:
    """The form that one side uses more: the largest difference of shares, tested on the pairs where only one has it."""
    chosen, rejected = columns.whole("chosen_bits"), columns.whole("rejected_bits")
    n, best, most, least_p = len(columns), 0, 0, 1.0
    told: dict[str, Any] = {}
    for at, name in enumerate(FORMATS):
        one, other = (chosen >> at) & 1, (rejected >> at) & 1
        only, only_other = int((one > other).sum()), int((other > one).sum())
        p = min(1.0, binomial_p(only, only + only_other) * len(FORMATS))
        told[name] = {
            "chosen": int(one.sum()), "rejected": int(other.sum()), "only_chosen": only, "only_rejected": only_other,
            "p": rounded(p),
        }  # fmt: skip
        if abs(only - only_other) > abs(most):
            best, most, least_p = at, only - only_other, p
    difference = most / n if n else None
    outside = difference is not None and not within(difference, FORMAT_GUIDE)
    one, other = (chosen >> best) & 1, (rejected >> best) & 1
    mask = one > other if (difference or 0) >= 0 else other > one
    return ReportFinding(
        "format", level_of(outside=outside, sure=least_p < SURE, known=bool(n)), rounded(difference), "points", n,
        int(mask.sum()), FORMAT_GUIDE, p=rounded(least_p), rows=rows_of(columns, mask, columns["chosen_length"]),
        remedies=("review",), detail={"form": FORMATS[best], "forms": told},
    )  # fmt: skip


def refusals(columns: Columns) -> ReportFinding:
    """How many chosen answers refuse; those of the rejected stand beside them."""
    refuse = [(columns.whole(side) & REFUSES) > 0 for side in ("chosen_bits", "rejected_bits")]
    return _bad_chosen(columns, "refusals", refuse[0], refuse[1], REFUSAL_GUIDE, "refusal")


def languages(columns: Columns) -> ReportFinding:
    """How many chosen answers are in another language than their prompt."""
    foreign = [(columns.whole(side) & FOREIGN) > 0 for side in ("chosen_bits", "rejected_bits")]
    return _bad_chosen(columns, "language", foreign[0], foreign[1], LANGUAGE_GUIDE, "wrong_language")


def _bad_chosen(
    columns: Columns, code: str, chosen: Mask, rejected: Mask, guide: tuple[float, float], reason: str
) -> ReportFinding:
    """A share of chosen answers that should be next to none, or that only the rejected ones have."""
    n, hits, others = len(columns), int(chosen.sum()), int(rejected.sum())
    share = hits / n if n else None
    only, only_rejected = int((chosen & ~rejected).sum()), int((rejected & ~chosen).sum())
    p = binomial_p(only, only + only_rejected)
    leaks = n > 0 and (only_rejected - only) / n > 0.1 and p < SURE
    outside = (share is not None and not within(share, guide)) or leaks
    mask = chosen if hits or not leaks else rejected
    remedies = ("drop", "review") if hits else ("review",)
    return ReportFinding(
        code, level_of(outside=outside, sure=hits > 1 or leaks, known=bool(n)), rounded(share), "share", n, hits,
        guide, wilson(hits, n) if n else None, rows=rows_of(columns, mask, columns["chosen_length"]), reason=reason,
        remedies=remedies, detail={"chosen": hits, "rejected": others, "leaks": leaks},  # type: ignore[arg-type]
    )  # fmt: skip


def within(value: float, guide: tuple[float | None, float | None]) -> bool:
    """Whether a figure keeps to its guide, both ends included."""
    low, high = guide
    return (low is None or value >= low - 1e-12) and (high is None or value <= high + 1e-12)


def main_scale(columns: Columns) -> Mask:
    """The pairs with a margin on the scale that most of them have: margins of two scales are never compared."""
    import numpy as np

    scale = columns.whole("scale")
    known = ~np.isnan(columns["margin"]) & (scale >= 0)
    if not known.any():
        return known
    usual = np.bincount(scale[known]).argmax()
    return known & (scale == usual)


def rows_of(columns: Columns, mask: Mask, worst: NDArray[np.float64], *, most: int = 50_000) -> list[int]:
    """The ids of the pairs of a mask, those with the highest `worst` first, older ones first among equals."""
    import numpy as np

    places = np.flatnonzero(mask)
    order = places[np.lexsort((columns.ids[places], -worst[places]))]
    return [int(each) for each in columns.ids[order[:most]]]
