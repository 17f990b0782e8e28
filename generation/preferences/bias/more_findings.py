"""The findings about words, judges, models, prompts and rubrics."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from generation.preferences.bias.columns import Columns
from generation.preferences.bias.findings import SURE, rows_of, within
from generation.preferences.bias.lexical import LEAST_PAIRS, Leakage, words_of
from generation.preferences.bias.statistics import binomial_p, rounded, wilson
from generation.types import ReportFinding, level_of

LEXICAL_GUIDE = (None, 0.8)
CONSISTENT_GUIDE = (0.8, None)
FIRST_GUIDE = (0.45, 0.55)
MODEL_GUIDE = (None, 0.95)
DUPLICATE_GUIDE = (None, 0.05)
CONTRADICTION_GUIDE = (None, 0.0)
DISTINCT_GUIDE = (0.2, None)
_FEW = 20
_WORDS = 20_000
_CHOSEN, _REJECTED = 1, 2


def lexical(columns: Columns, found: Leakage) -> ReportFinding:
    """How often a bag of words guesses which answer was chosen, on pairs that it was not taught with."""
    hits = round((found.accuracy or 0.0) * found.tested)
    interval = wilson(hits, found.tested) if found.tested else None
    outside = found.accuracy is not None and not within(found.accuracy, LEXICAL_GUIDE)
    sure = interval is not None and interval[0] > 0.8
    ids = columns.ids
    rows = [int(ids[columns.sampled[at].at]) for at in found.guessed[:500]] if outside else []
    return ReportFinding(
        "lexical", level_of(outside=outside, sure=sure or outside, known=found.accuracy is not None),
        rounded(found.accuracy), "share", found.tested // 2, len(rows), LEXICAL_GUIDE, interval, rows=rows,
        remedies=("review",), detail={"words": list(found.words), "least": LEAST_PAIRS},
    )  # fmt: skip


def position(columns: Columns) -> ReportFinding:
    """How often a judge that was asked in both orders stood by its word, and how often it took the left answer."""
    import numpy as np

    forward, backward, first = (columns.whole(name) for name in ("forward", "backward", "first"))
    both = (forward > 0) & (backward > 0) & (forward < 4) & (backward < 4)
    same = both & (forward == backward)
    n, kept = int(both.sum()), int(same.sum())
    left = np.where(first == _REJECTED, _REJECTED, _CHOSEN)
    sides = [(forward, left), (backward, 3 - left)]
    took = sum(int((both & (said == side)).sum()) for said, side in sides)
    decided = sum(int((both & (said < 3)).sum()) for said, _ in sides)
    share, p = (took / decided if decided else None), binomial_p(took, decided)
    consistency = kept / n if n else None
    biased = share is not None and not within(share, FIRST_GUIDE) and p < SURE
    outside = (consistency is not None and not within(consistency, CONSISTENT_GUIDE)) or biased
    flipped = both & (forward != backward)
    table = {
        f"{one}_{other}": int((both & (forward == a) & (backward == b)).sum())
        for one, a in (("chosen", 1), ("rejected", 2), ("tie", 3))
        for other, b in (("chosen", 1), ("rejected", 2), ("tie", 3))
    }
    return ReportFinding(
        "position", level_of(outside=outside, sure=n >= _FEW, known=bool(n)), rounded(consistency), "share", n,
        int(flipped.sum()), CONSISTENT_GUIDE, wilson(kept, n) if n else None, rounded(p),
        rows=rows_of(columns, flipped, -np.nan_to_num(columns["margin"])), reason="position_inconsistent",
        remedies=("drop", "review"), detail={"first": rounded(share), "decided": decided, "orders": table},
    )  # fmt: skip


def models(columns: Columns) -> ReportFinding:
    """The share of the model that is chosen most, among pairs of two models, and how often names alone would guess the
    winner: either says too much."""
    import numpy as np

    chosen, rejected = columns.whole("chosen_model"), columns.whole("rejected_model")
    known = (chosen > 0) & (rejected > 0) & (chosen != rejected)
    n = int(known.sum())
    if not n:
        return ReportFinding("models", "unknown", None, "share", 0, guide=MODEL_GUIDE)
    counts = np.bincount(chosen[known])
    best = int(counts.argmax())
    hits = int(counts[best])
    met = Counter(zip(chosen[known].tolist(), rejected[known].tolist(), strict=True))
    once = [pair for pair in met if pair[0] < pair[1] or pair[::-1] not in met]
    right = sum(max(met[pair], met[pair[::-1]]) for pair in once)
    outside = not (within(hits / n, MODEL_GUIDE) and within(right / n, MODEL_GUIDE))
    mask = known & (chosen == best)
    return ReportFinding(
        "models", level_of(outside=outside, sure=n >= _FEW), rounded(hits / n), "share", n, hits, MODEL_GUIDE,
        wilson(hits, n), rows=rows_of(columns, mask, columns["chosen_length"]), remedies=("review",),
        detail={"model": columns.models.listed()[best], "guessed": rounded(right / n)},
    )  # fmt: skip


def duplicates(columns: Columns) -> ReportFinding:
    """The share of prompts that stand there again as another row; pairs of one prompt's answers are none."""
    import numpy as np

    prompts, groups = columns.whole("prompt"), columns.whole("group")
    order = np.lexsort((columns.ids, groups, prompts))
    later = np.zeros(len(columns), dtype=bool)
    first_group: dict[int, int] = {}
    for at in order:
        later[at] = first_group.setdefault(int(prompts[at]), int(groups[at])) != int(groups[at])
    unique = len(np.unique(groups))
    hits = len(np.unique(groups[later])) if later.any() else 0
    share = hits / unique if unique else None
    outside = share is not None and not within(share, DUPLICATE_GUIDE)
    return ReportFinding(
        "duplicates", level_of(outside=outside, sure=unique >= _FEW, known=bool(unique)), rounded(share), "share",
        unique, hits, DUPLICATE_GUIDE, wilson(hits, unique) if unique else None,
        rows=rows_of(columns, later, -columns["id"]), reason="duplicate_prompt", remedies=("drop", "review"),
        detail={"pairs": int(later.sum())},
    )  # fmt: skip


def contradictions(columns: Columns) -> ReportFinding:
    """The pairs of which another says the opposite: the same prompt, the same two answers, the other one preferred."""
    import numpy as np

    prompts, chosen, rejected = (columns.whole(name) for name in ("prompt", "chosen_text", "rejected_text"))
    said = list(zip(prompts.tolist(), chosen.tolist(), rejected.tolist(), strict=True))
    there = set(said)
    mask = np.array([one != two and (asked, two, one) in there for asked, one, two in said], dtype=bool)
    n, hits = len(columns), int(mask.sum())
    return ReportFinding(
        "contradictions", level_of(outside=bool(hits), sure=True, known=bool(n)), rounded(hits / n) if n else None,
        "share", n, hits, CONTRADICTION_GUIDE, rows=rows_of(columns, mask, -columns["id"]), reason="contradicted",
        remedies=("drop", "review"),
    )  # fmt: skip


def diversity(columns: Columns) -> ReportFinding:
    """Distinct pairs of words of the chosen answers, over the same number of words for both sides and the prompts."""
    told = {}
    for side in ("chosen", "rejected", "prompt"):
        words: list[str] = []
        for each in columns.sampled:
            words += words_of(getattr(each, side))
            if len(words) >= _WORDS:
                break
        words = words[:_WORDS]
        two = list(pairwise(words))
        told[side] = {
            "words": len(words), "distinct_1": rounded(len(set(words)) / len(words)) if words else None,
            "distinct_2": rounded(len(set(two)) / len(two)) if two else None,
        }  # fmt: skip
    value = told["chosen"]["distinct_2"]
    outside = value is not None and not within(value, DISTINCT_GUIDE)
    return ReportFinding(
        "diversity", level_of(outside=outside, sure=told["chosen"]["words"] >= 2000, known=value is not None), value,  # type: ignore[operator]
        "share", len(columns.sampled), guide=DISTINCT_GUIDE, detail=told,
    )  # fmt: skip


def rubrics(columns: Columns) -> ReportFinding:
    """How many versions of a rubric the verdicts follow: more than one is two judges in one set."""
    import numpy as np

    rubric = columns.whole("rubric")
    known = rubric > 0
    counts = np.bincount(rubric[known]) if known.any() else np.zeros(1, dtype=np.int64)
    versions = int((counts > 0).sum())
    others = known & (rubric != counts.argmax())
    told = [
        {"rubric": columns.rubrics.listed()[at], "pairs": int(counts[at])} for at in np.argsort(-counts) if counts[at]
    ][:20]
    return ReportFinding(
        "rubrics", level_of(outside=versions > 1, sure=True, known=bool(known.any())), float(versions), "count",
        int(known.sum()), int(others.sum()), (None, 1.0), rows=rows_of(columns, others, columns["id"]),
        reason="other_rubric", remedies=("drop", "review"), detail={"versions": told},
    )  # fmt: skip
