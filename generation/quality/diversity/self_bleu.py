"""self-BLEU-4: how well each text is foretold by all the others (Zhu et al. 2018, Texygen). Lower is more diverse.

BLEU of a text against n - 1 references takes, for each n-gram, its highest count among them. The two highest counts of
all texts tell that for every text at once, so the whole costs one pass and not n².
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from math import exp, log

from generation.quality.diversity.distinct import Tokens, ngrams

MOST_TEXTS = 500
_ORDERS = (1, 2, 3, 4)
_EPSILON = 0.1
"""What takes the place of no match at all: method 1 of Chen and Cherry (2014), as Texygen has it."""

Gram = tuple[str, ...]


def self_bleu(texts: Sequence[Tokens]) -> list[float]:
    """For each text its BLEU-4 against all others, 0 to 1; at most a few thousand texts. 0 for fewer than two."""
    if len(texts) < 2:
        return [0.0 for _ in texts]
    counted = [[Counter(ngrams(tokens, n)) for n in _ORDERS] for tokens in texts]
    highest = [_two_highest([each[n - 1] for each in counted]) for n in _ORDERS]
    lengths = sorted(map(len, texts))
    return [_bleu(counted[at], highest, at, len(tokens), lengths) for at, tokens in enumerate(texts)]


def _two_highest(counts: Sequence[Counter[Gram]]) -> dict[Gram, tuple[int, int, int]]:
    """n-gram -> (the highest count, whose it is, the highest of the others)."""
    found: dict[Gram, tuple[int, int, int]] = {}
    for at, each in enumerate(counts):
        for gram, count in each.items():
            best, whose, second = found.get(gram, (0, -1, 0))
            found[gram] = (count, at, best) if count > best else (best, whose, max(second, count))
    return found


def _bleu(
    mine: Sequence[Counter[Gram]], highest: Sequence[dict[Gram, tuple[int, int, int]]], at: int, length: int,
    lengths: Sequence[int],
) -> float:  # fmt: skip
    logs = 0.0
    for n in _ORDERS:
        matched = 0
        for gram, count in mine[n - 1].items():
            best, whose, second = highest[n - 1][gram]
            matched += min(count, second if whose == at else best)
        if n == 1 and not matched:
            return 0.0
        logs += log((matched or _EPSILON) / max(1, length - n + 1)) / len(_ORDERS)
    return _brevity(length, _closest(length, lengths)) * exp(logs)


def _closest(length: int, lengths: Sequence[int]) -> int:
    """The length of another text that is closest to this one's, the shorter of two; `lengths` holds this one too."""
    low = bisect_left(lengths, length)
    if low + 1 < len(lengths) and lengths[low + 1] == length:
        return length
    near = [lengths[at] for at in (low - 1, low + 1) if 0 <= at < len(lengths)]
    return min(near, key=lambda other: (abs(other - length), other))


def _brevity(length: int, reference: int) -> float:
    if length > reference:
        return 1.0
    return exp(1 - reference / length) if length else 0.0
