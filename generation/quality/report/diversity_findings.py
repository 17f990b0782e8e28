"""What the figures of diversity say, each beside its guide.

The guides of n-grams are recommendations: sets that are known to be varied (the seed tasks of Self-Instruct, the 252
user-oriented instructions, a thousand of Chinese Alpaca) lie well inside them, and calls to a few tools do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from generation.quality.diversity import concentration
from generation.quality.report.base import MOST_ROWS
from generation.quality.report.diversity_figures import Figures, mean
from generation.types import ReportFinding, level_of

CODES = ("distinct_2", "self_bleu", "nearest", "vendi", "verb_noun", "verb", "seeds")
LEAST_DISTINCT_2 = {"zh": 0.4}
LEAST_DISTINCT_2_OTHERWISE = 0.5
"""Chinese has fewer characters than English has words, so pairs repeat sooner."""
MOST_SELF_BLEU = 0.45
MOST_NEAREST = 0.6
LEAST_VENDI = 0.5
MOST_OF_ONE_PAIR = 0.1
MOST_OF_ONE_VERB = 0.3
LEAST_EFFECTIVE_SEEDS = 0.5
_FEW = 20
_CLOSE = 0.7
"""From which likeness on a row is listed: what novelty would have dropped."""


class Sampling(NamedTuple):
    """Of how many rows the sample was drawn, and by which random seed."""

    rows: int
    random_seed: int


@dataclass(frozen=True, slots=True)
class Verbs:
    """Rows in which a verb and its noun were found, how many by pair, and the ids of a pair's rows."""

    rows: int
    counts: Mapping[tuple[str, str], int]
    rows_of: Callable[[tuple[str, str]], list[int]]


def findings_of(
    figures: Figures, *, verbs: Verbs, seeds: Mapping[int, int], settings: Mapping[str, Any], sampling: Sampling
) -> list[ReportFinding]:
    """Of the instructions; `settings` may set another guide as "diversity.<name>". What a sample was measured for says
    from how many rows it was drawn and with which random seed."""
    of_sample = [_distinct_2(figures, settings), _self_bleu(figures, settings), _nearest(figures, settings),
                 _vendi(figures, settings)]  # fmt: skip
    drawn = {"drawn_from": sampling.rows, "random_seed": sampling.random_seed}
    found = [
        *(replace(each, detail={**each.detail, **drawn}) for each in of_sample),
        _verb_noun(verbs, settings), _verb(verbs, settings), _seeds(seeds, settings),
    ]  # fmt: skip
    return [each for each in found if each is not None]


def _distinct_2(figures: Figures, settings: Mapping[str, Any]) -> ReportFinding:
    """Different pairs of neighbouring tokens among all, in the first 20,000 tokens of the sample."""
    usual = LEAST_DISTINCT_2.get(figures.language, LEAST_DISTINCT_2_OTHERWISE)
    least = float(settings.get("diversity.least_distinct_2", usual))
    value, n = figures.distinct.share(2), len(figures.ids)
    outside = value is not None and value < least
    return ReportFinding(
        "distinct_2", level_of(outside=outside, sure=True, known=value is not None and n >= _FEW), _told(value),
        "share", n, 0, (least, None), rows=_worst(figures.ids, figures.repeated, least=_CLOSE) if outside else (),
        remedies=("generate", "review"), detail={"tokens": figures.distinct.tokens, "language": figures.language},
    )  # fmt: skip


def _self_bleu(figures: Figures, settings: Mapping[str, Any]) -> ReportFinding:
    """Mean BLEU-4 of each text against the others."""
    most = float(settings.get("diversity.most_self_bleu", MOST_SELF_BLEU))
    value, n = mean(figures.bleu), len(figures.bleu)
    rows = _worst(figures.ids, figures.bleu, least=_CLOSE)
    return ReportFinding(
        "self_bleu", level_of(outside=value is not None and value > most, sure=True, known=n >= _FEW), value,
        "points", n, len(rows), (None, most), rows=rows, remedies=("generate", "review"),
    )  # fmt: skip


def _nearest(figures: Figures, settings: Mapping[str, Any]) -> ReportFinding:
    """Mean ROUGE-L of each text to its nearest neighbour in the sample."""
    most = float(settings.get("diversity.most_nearest", MOST_NEAREST))
    value, n = mean(figures.nearest), len(figures.nearest)
    rows = _worst(figures.ids, figures.nearest, least=_CLOSE)
    return ReportFinding(
        "nearest", level_of(outside=value is not None and value > most, sure=True, known=n >= _FEW), value,
        "points", n, len(rows), (None, most), rows=rows, remedies=("review", "generate"),
    )  # fmt: skip


def _vendi(figures: Figures, settings: Mapping[str, Any]) -> ReportFinding:
    """How many different texts the sample amounts to, as a share of its texts."""
    least = float(settings.get("diversity.least_vendi", LEAST_VENDI))
    n = min(len(figures.ids), len(figures.bleu))
    value = figures.vendi / n if n else None
    return ReportFinding(
        "vendi", level_of(outside=value is not None and value < least, sure=True, known=n >= _FEW), _told(value),
        "share", n, 0, (least, None), remedies=("generate",), detail={"vendi": round(figures.vendi, 2)},
    )  # fmt: skip


def _verb_noun(verbs: Verbs, settings: Mapping[str, Any]) -> ReportFinding | None:
    """The share of the most frequent pair of verb and noun, of the rows in which one was found."""
    if not verbs.counts:
        return None
    most = float(settings.get("diversity.most_of_one_pair", MOST_OF_ONE_PAIR))
    pair, hits = min(verbs.counts.items(), key=lambda each: (-each[1], each[0]))
    outside = hits / verbs.rows > most
    return ReportFinding(
        "verb_noun", level_of(outside=outside, sure=True, known=verbs.rows >= _FEW), round(hits / verbs.rows, 4),
        "share", verbs.rows, hits, (None, most), rows=verbs.rows_of(pair)[:MOST_ROWS], remedies=("generate", "review"),
        detail={"verb": pair[0], "noun": pair[1]},
    )  # fmt: skip


def _verb(verbs: Verbs, settings: Mapping[str, Any]) -> ReportFinding | None:
    """The share of the most frequent verb, of the rows in which one was found."""
    if not verbs.counts:
        return None
    most = float(settings.get("diversity.most_of_one_verb", MOST_OF_ONE_VERB))
    counts: Counter[str] = Counter()
    for (verb, _), count in verbs.counts.items():
        counts[verb] += count
    verb, hits = min(counts.items(), key=lambda each: (-each[1], each[0]))
    return ReportFinding(
        "verb", level_of(outside=hits / verbs.rows > most, sure=False, known=verbs.rows >= _FEW),
        round(hits / verbs.rows, 4), "share", verbs.rows, hits, (None, most), remedies=("generate",),
        detail={"verb": verb},
    )  # fmt: skip


def _seeds(seeds: Mapping[int, int], settings: Mapping[str, Any]) -> ReportFinding | None:
    """How many equal seeds the seeds amount to, as a share of those that have rows: low where a few gave most rows."""
    found = concentration(seeds.values())
    if found is None:
        return None
    least = float(settings.get("diversity.least_effective_seeds", LEAST_EFFECTIVE_SEEDS))
    value = found.effective / found.names
    return ReportFinding(
        "seeds", level_of(outside=value < least, sure=found.rows >= 10 * found.names, known=found.names > 1),
        round(value, 4), "share", found.rows, found.names, (least, None), remedies=("generate",),
        detail={"seeds": found.names, "effective": round(found.effective, 1), "gini": round(found.gini, 4),
                "top": round(found.top, 4)},
    )  # fmt: skip


def _worst(ids: Sequence[int], values: Sequence[float], *, least: float) -> list[int]:
    """The ids of values from `least` up, the highest first; equal ones by id."""
    found = sorted((-value, row) for row, value in zip(ids, values, strict=False) if value >= least)
    return [row for _, row in found[:MOST_ROWS]]


def _told(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
