"""distinct-n: how many of the n-grams are different ones (Li et al. 2016). Longer texts repeat more, so figures compare
only for the same number of tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Tokens = Sequence[str]
ORDERS = (1, 2, 3, 4)
MOST_TOKENS = 20_000
"""Tokens that are counted: the fixed size that makes two sets comparable."""


@dataclass(frozen=True, slots=True)
class Distinct:
    """Different n-grams and all of them, for n from 1; `tokens` were counted."""

    different: tuple[int, ...]
    total: tuple[int, ...]
    tokens: int

    def share(self, n: int) -> float | None:
        """distinct-n; None where there is no n-gram."""
        return self.different[n - 1] / self.total[n - 1] if self.total[n - 1] else None


def ngrams(tokens: Tokens, n: int) -> Iterator[tuple[str, ...]]:
    """The n-grams of one text in order; none reaches over its end."""
    return zip(*(tokens[at:] for at in range(n)), strict=False)


def distinct(texts: Iterable[Tokens], *, most_tokens: int | None = MOST_TOKENS) -> Distinct:
    """distinct-1 to distinct-4 over texts in order, up to `most_tokens` of them; the last text may be cut."""
    found: list[set[tuple[str, ...]]] = [set() for _ in ORDERS]
    total, seen = [0 for _ in ORDERS], 0
    for tokens in texts:
        if most_tokens is not None:
            tokens = tokens[: most_tokens - seen]
        seen += len(tokens)
        for n in ORDERS:
            found[n - 1].update(ngrams(tokens, n))
            total[n - 1] += max(0, len(tokens) - n + 1)
        if seen == most_tokens:
            break
    return Distinct(tuple(map(len, found)), tuple(total), seen)


def repeated_shares(texts: Sequence[Tokens], *, n: int = 2) -> list[float]:
    """For each text the share of its n-grams that another text has too; 0 for a text without any."""
    grams = [set(ngrams(tokens, n)) for tokens in texts]
    spread = Counter(gram for each in grams for gram in each)
    return [sum(spread[gram] > 1 for gram in each) / len(each) if each else 0.0 for each in grams]
