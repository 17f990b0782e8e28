"""Whether a few names take most of the rows: Gini, entropy, and how many equal names the shares amount to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import exp, log
from typing import Any


@dataclass(frozen=True, slots=True)
class Concentration:
    """`names` have rows, `rows` in all. `gini` is 0 for equal shares and grows to 1 - 1/names; `entropy` is in nats and
    `evenness` its share of the highest possible (1: all equal; None for one name); `effective` = exp(entropy) equal
    names would be as mixed; `top` is the share of the most frequent name."""

    names: int
    rows: int
    gini: float
    entropy: float
    evenness: float | None
    effective: float
    top: float


def concentration(counts: Iterable[int]) -> Concentration | None:
    """The figures of rows by name, names without rows left out; None without rows."""
    found = sorted(count for count in counts if count > 0)
    if not found:
        return None
    n, total = len(found), sum(found)
    gini = 2 * sum(at * count for at, count in enumerate(found, 1)) / (n * total) - (n + 1) / n
    entropy = -sum(count / total * log(count / total) for count in found)
    return Concentration(
        n, total, max(0.0, gini), max(0.0, entropy), entropy / log(n) if n > 1 else None, exp(entropy),
        found[-1] / total,
    )  # fmt: skip


def rounded(found: Concentration) -> dict[str, Any]:
    """The figures as plain JSON, to four places."""
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(found).items()}
