"""Whether a dataset is ready for what it is to train: remarks with figures, worst first. Pure; it blocks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from review.mixes.uses import Guide, Use

Level = Literal["error", "warning", "info", "ok"]
_LEVELS = ("error", "warning", "info", "ok")

BALANCE = (0.4, 0.6)
"""Shares of good rows between which KTO data counts as balanced."""
LENGTH = (0.4, 0.6)
"""Shares of pairs with the longer answer chosen between which length says nothing about preference."""
RATIO = 1.5
"""How many times as long as the rejected answers the chosen ones may be on average, or the other way round."""
FEW = 30
"""Pairs under which a share outside `LENGTH` may well be chance."""
WINDOW = (0.75, 1.0)
"""For more good rows than bad: lambda_U in this window times n_D / n_U, with lambda_D = 1 (KTO, arXiv 2402.01306)."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about a dataset: a code that pages put into words, how grave it is, and its figures."""

    code: str
    level: Level
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights that KTO's loss should give the two labels: one is 1, the other lies between `low` and `high`."""

    which: Literal["desirable", "undesirable"]
    low: float
    high: float


def size_remark(rows: int, guide: Guide) -> Remark:
    """Too few rows is an error, fewer than advised a warning, more than advised worth knowing. Bounds are inclusive."""
    values = {"rows": rows, "least": guide.least, "low": guide.low, "high": guide.high}
    if rows < guide.least:
        return Remark("size_too_small", "error", values)
    if rows < guide.low:
        return Remark("size_below_guide", "warning", values)
    if guide.high is not None and rows > guide.high:
        return Remark("size_above_guide", "info", values)
    return Remark("size_in_guide", "ok", values)


def lambdas(good: int, bad: int) -> Weights:
    """Which label should weigh more, and between what bounds, so that lambda_D n_D / (lambda_U n_U) is in [1, 4/3].

    Both counts must be above 0.
    """
    if good >= bad:
        return Weights("undesirable", WINDOW[0] * good / bad, WINDOW[1] * good / bad)
    return Weights("desirable", bad / good, bad / good / WINDOW[0])


def balance_remark(good: int, bad: int) -> Remark:
    """KTO learns nothing from one label alone (an error); an uneven share is a warning with the weights to use."""
    if not good or not bad:
        return Remark("one_label", "error", {"good": good, "bad": bad})
    share, weights = good / (good + bad), lambdas(good, bad)
    values = {"good": good, "bad": bad, "share": share, "weights": weights}
    return Remark("labels", "ok" if BALANCE[0] <= share <= BALANCE[1] else "warning", values)


def length_remark(longer: int, shorter: int) -> Remark:
    """In what share of pairs of unequal length the longer answer was chosen: outside 40 to 60 % is a warning, of fewer
    than 30 pairs worth knowing. `one_sided` says which one it is in all of them: then nothing can balance them."""
    known = longer + shorter
    if not known:
        return Remark("length_bias", "ok", {"share": None, "pairs": 0})
    share = longer / known
    outside: Level = "warning" if known >= FEW else "info"
    fine = LENGTH[0] <= share <= LENGTH[1]
    values: dict[str, Any] = {"share": share, "pairs": known}
    if not longer or not shorter:
        values["one_sided"] = "longer" if longer else "shorter"
    return Remark("length_bias", "ok" if fine else outside, values)


def ratio_remark(ratio: float) -> Remark:
    """How many times as long as the rejected answers the chosen ones are on average; beyond 1.5 either way warns."""
    return Remark("length_ratio", "ok" if 1 / RATIO <= ratio <= RATIO else "warning", {"figure": f"{ratio:.2f}"})


def readiness(use: Use | None, *, rows: int, figures: Mapping[str, Any]) -> list[Remark]:
    """All remarks about a version, worst first. `figures` are those that were counted while freezing; what was not
    counted is not remarked on."""
    found = [size_remark(rows, use.guide)] if use and use.guide else []
    if "good" in figures:
        found.append(balance_remark(figures["good"], figures["bad"]))
    if "chosen_longer" in figures:
        found.append(length_remark(figures["chosen_longer"], figures["chosen_shorter"]))
    if figures.get("length_ratio"):
        found.append(ratio_remark(figures["length_ratio"]))
    if figures.get("rubrics", 0) > 1:
        found.append(Remark("rubrics_mixed", "warning", {"count": figures["rubrics"]}))
    if use and use.name == "multi_turn" and "several_turns" in figures:
        share = figures["several_turns"] / rows if rows else 0
        found.append(Remark("several_turns", "ok" if share >= 0.5 else "warning", {"share": share}))
    if figures.get("without_model"):
        found.append(Remark("without_model", "info", {"rows": figures["without_model"]}))
    if "repeats" in figures:
        repeats = figures["repeats"]
        found.append(Remark("duplicates", "warning" if repeats else "ok", {"rows": repeats}))
    if "languages" in figures:
        found.append(_languages(figures["languages"], rows))
    found += [Remark(code, "warning") for code in figures.get("warnings", ())]
    return sorted(found, key=lambda remark: _LEVELS.index(remark.level))


def _languages(counts: Mapping[str, int], rows: int) -> Remark:
    shares = {name or "?": count / rows for name, count in counts.items() if rows}
    return Remark("languages", "info", {"shares": dict(list(shares.items())[:4])})
