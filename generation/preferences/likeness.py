"""How alike two answers are: ROUGE-L over words, each CJK character a word, as novelty counts them."""

from __future__ import annotations

from rapidfuzz.distance import LCSseq

from generation.quality.text import comparison_key, tokens


def rouge_l(one: str, other: str) -> float:
    """The F1 of ROUGE-L, 0 to 1: 2·LCS/(m+n) over words. Texts without a word are alike when they are the same."""
    first, second = tokens(one), tokens(other)
    if not first and not second:
        return float(comparison_key(one).strip() == comparison_key(other).strip())
    codes: dict[str, int] = {}
    left, right = ([codes.setdefault(word, len(codes)) for word in words] for words in (first, second))
    return 2 * LCSseq.similarity(left, right) / (len(first) + len(second))
