"""The figures behind the charts: margins, lengths, scores by source and model."""

from __future__ import annotations

from typing import Any

from generation.preferences.bias.columns import Columns
from generation.preferences.bias.findings import main_scale
from generation.preferences.bias.statistics import mean, median, rounded, share_of, wilson
from generation.preferences.gate import usual_margin

MOST_NAMES = 12
_RATIOS = (1.0, 1.2, 1.5, 2.0, 3.0)


def margin_figures(columns: Columns) -> dict[str, Any]:
    """The histogram of margins on the usual scale, held back and others apart, and the usual least margin."""
    import numpy as np

    known = main_scale(columns)
    if not known.any():
        return {"n": 0}
    low, high = map(float, columns.scales.listed()[int(columns.whole("scale")[known][0])].split())
    margin, held = columns["margin"][known], columns.whole("held")[known] > 0
    bins = max(1, round(2 * (high - low) / usual_margin(low, high)))  # so that the gate stands between two bars
    edges = np.linspace(0.0, high - low, bins + 1)
    counts = [np.histogram(np.clip(margin[mask], 0, high - low), edges)[0] for mask in (~held, held)]
    return {
        "n": int(known.sum()), "low": low, "high": high, "least": usual_margin(low, high),
        "width": rounded(float(edges[1])), "counts": counts[0].tolist(), "held": counts[1].tolist(),
        "mean": rounded(mean(margin)), "median": rounded(median(margin)),
        "without": int(np.isnan(columns["margin"]).sum()),
        "other_scales": int((~np.isnan(columns["margin"])).sum() - known.sum()),
    }  # fmt: skip


def length_figures(columns: Columns) -> dict[str, Any]:
    """Lengths of both sides in code points, and how often the longer one was chosen by how much longer it is."""
    import numpy as np

    chosen, rejected = columns["chosen_length"], columns["rejected_length"]
    if not len(chosen):
        return {"n": 0}
    ratio = np.maximum(chosen, rejected) / np.maximum(1.0, np.minimum(chosen, rejected))
    steps = []
    for at, start in enumerate(_RATIOS):
        end = _RATIOS[at + 1] if at + 1 < len(_RATIOS) else np.inf
        mask = (chosen != rejected) & (ratio >= start) & (ratio < end)
        hits, n = int((mask & (chosen > rejected)).sum()), int(mask.sum())
        interval = wilson(hits, n)
        steps.append(
            {"from": start, "to": None if end == np.inf else end, "n": n, "longer": hits,
             "share": rounded(share_of(hits, n)), "low": rounded(interval[0]), "high": rounded(interval[1])}
        )  # fmt: skip
    ties = int((chosen == rejected).sum())
    right = int((chosen > rejected).sum()) + ties / 2
    return {
        "n": len(chosen), "ties": ties,
        "chosen": {"mean": rounded(mean(chosen), 1), "median": rounded(median(chosen), 1)},
        "rejected": {"mean": rounded(mean(rejected), 1), "median": rounded(median(rejected), 1)},
        "ratio": rounded(share_of(float(chosen.mean()), float(rejected.mean())), 3),
        "agreement": rounded(right / len(chosen)), "steps": steps,
    }  # fmt: skip


def model_figures(columns: Columns) -> list[dict[str, Any]]:
    """Each model with how often it was chosen and rejected, and its mean score; most used first."""
    import numpy as np

    names = columns.models.listed()
    chosen, rejected = columns.whole("chosen_model"), columns.whole("rejected_model")
    scores = (columns["chosen_score"], columns["rejected_score"])
    usual = main_scale(columns)
    found: list[dict[str, Any]] = []
    for at in range(1, len(names)):
        won, lost = chosen == at, rejected == at
        given = np.concatenate([scores[0][won & usual], scores[1][lost & usual]])
        given = given[~np.isnan(given)]
        wins, n = int(won.sum()), int(won.sum() + lost.sum())
        found.append(
            {"model": names[at], "chosen": wins, "rejected": n - wins, "share": rounded(share_of(wins, n)),
             "score": rounded(mean(given), 2), "scored": len(given)}
        )  # fmt: skip
    return sorted(found, key=lambda each: (-each["chosen"] - each["rejected"], each["model"]))[:MOST_NAMES]


def source_figures(columns: Columns) -> list[dict[str, Any]]:
    """Each source of preferences with its pairs and its margins."""
    import numpy as np

    usual, source, margin = main_scale(columns), columns.whole("source"), columns["margin"]
    found = []
    for at, name in enumerate(columns.sources.listed()):
        mask = source == at
        scored = mask & usual
        sides = [columns[side][scored] for side in ("chosen_score", "rejected_score")]
        means = [rounded(mean(side[~np.isnan(side)]), 2) for side in sides]
        found.append(
            {"source": name, "pairs": int(mask.sum()), "scored": int(scored.sum()), "chosen": means[0],
             "rejected": means[1], "margin": rounded(mean(margin[scored]), 2)}
        )  # fmt: skip
    return sorted(found, key=lambda each: (-each["pairs"], each["source"]))
