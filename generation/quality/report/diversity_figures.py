"""The figures of one field of a sample: n-grams, self-BLEU, Vendi, nearest neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generation.quality.diversity import Distinct, distinct, nearest_scores, repeated_shares, self_bleu, vendi_of
from generation.quality.diversity.distinct import ORDERS
from generation.quality.diversity.nearest import MOST_TEXTS as MOST_NEIGHBOURS
from generation.quality.diversity.self_bleu import MOST_TEXTS as MOST_BLEU
from generation.quality.diversity.vendi import MOST_TEXTS as MOST_VENDI
from generation.quality.language import detect
from generation.quality.text import blank, tokens

_BINS = 10
_LOOKED_AT = 500
"""Tokens of a text that n-grams are made of; neighbours are looked for among the first of its code points."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures, and the ids that they speak of: each list goes with `ids` from its beginning."""

    ids: Sequence[int]
    language: str
    distinct: Distinct
    bleu: Sequence[float]
    vendi: float
    nearest: Sequence[float]
    repeated: Sequence[float]

    def told(self) -> dict[str, Any]:
        """Plain JSON; None for what cannot be said."""
        bins = [0] * _BINS
        for score in self.nearest:
            bins[min(_BINS - 1, int(score * _BINS))] += 1
        few = len(self.ids) < 2
        return {
            "rows": len(self.ids), "language": self.language, "tokens": self.distinct.tokens,
            "distinct": [_rounded(self.distinct.share(n)) for n in ORDERS],
            "self_bleu": None if few else mean(self.bleu), "self_bleu_rows": len(self.bleu),
            "vendi": None if few else round(self.vendi, 2), "vendi_rows": min(len(self.ids), MOST_VENDI),
            "nearest": None if few else mean(self.nearest), "nearest_rows": len(self.nearest), "nearest_bins": bins,
        }  # fmt: skip


def figures_of(texts: Sequence[str], *, ids: Sequence[int]) -> Figures:
    """The figures of texts in the order of their draw; empty ones are left out."""
    kept = [(row, text) for row, text in zip(ids, texts, strict=True) if not blank(text)]
    words = [tokens(text)[:_LOOKED_AT] for _, text in kept]
    shown = [text[:_LOOKED_AT] for _, text in kept]
    languages = [detect(text) for text in shown[:200]]
    return Figures(
        [row for row, _ in kept], max(sorted(set(languages)), key=languages.count, default=""), distinct(words),
        self_bleu(words[:MOST_BLEU]), vendi_of(words[:MOST_VENDI]), nearest_scores(shown[:MOST_NEIGHBOURS]),
        repeated_shares(words),
    )  # fmt: skip


def mean(values: Sequence[float]) -> float | None:
    """The mean to four places; None of none."""
    return round(sum(values) / len(values), 4) if values else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
