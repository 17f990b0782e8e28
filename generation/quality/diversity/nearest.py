"""How close each text's nearest neighbour is, by ROUGE-L."""

from __future__ import annotations

from collections.abc import Sequence

from generation.quality.novelty import Pool

MOST_TEXTS = 1000


def nearest_scores(texts: Sequence[str]) -> list[float]:
    """For each text the highest ROUGE-L F1 to another of them, 0 to 1."""
    pool = Pool()
    for at, text in enumerate(texts):
        pool.add(text, key=at)
    found = []
    for at, text in enumerate(texts):
        others = [each.score for each in pool.most_similar(text, limit=2) if each.id != at]
        found.append(max(others, default=0.0))
    return found
