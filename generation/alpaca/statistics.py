"""Basic statistics of Alpaca rows, gathered a row at a time in a few bytes for each."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from generation.quality.language import detect
from generation.quality.text import comparison_key, token_estimate

FIELDS = ("instruction", "input", "output")


@dataclass(frozen=True, slots=True)
class Spread:
    """How a number is spread over the rows. `p95` is the smallest value that at least 95 % of the rows do not pass."""

    min: int
    mean: float
    median: float
    p95: int
    max: int


class Statistics:
    """Counts as rows come by. Lengths are Unicode code points and estimated tokens, empty fields included."""

    def __init__(self) -> None:
        self.rows = 0
        self._characters = {name: array("I") for name in FIELDS}
        self._tokens = {name: array("I") for name in FIELDS}
        self._empty: Counter[str] = Counter()
        self._languages: dict[str, Counter[str]] = {name: Counter() for name in FIELDS}
        self._exact, self._alike = array("Q"), array("Q")
        self._system = self._history = 0

    def add(self, record: Mapping[str, Any]) -> None:
        """Takes one Alpaca record in; its texts must be texts."""
        self.rows += 1
        for name in FIELDS:
            text = record.get(name) or ""
            self._characters[name].append(len(text))
            self._tokens[name].append(token_estimate(text))
            if not text.strip():
                self._empty[name] += 1
            else:
                self._languages[name][detect(text) or "other"] += 1
        self._exact.append(fingerprint(record))
        self._alike.append(fingerprint(record, alike=True))
        self._system += bool(record.get("system"))
        self._history += bool(record.get("history"))

    def figures(self) -> dict[str, Any]:
        """Everything as plain JSON. Shares are of all rows, from 0 to 1."""
        exact, alike = _surplus(self._exact), _surplus(self._alike)
        return {
            "rows": self.rows,
            "with_system": self._system,
            "with_history": self._history,
            "duplicates_exact": exact,
            "duplicates_normalised": alike,
            "fields": {
                name: {
                    "characters": _as_json(spread(self._characters[name])),
                    "tokens_estimated": _as_json(spread(self._tokens[name])),
                    "tokens_estimated_sum": sum(self._tokens[name]),
                    "empty": self._empty[name],
                    "empty_share": round(self._empty[name] / self.rows, 6) if self.rows else 0.0,
                    "languages": dict(sorted(self._languages[name].items(), key=lambda one: (-one[1], one[0]))),
                }
                for name in FIELDS
            },
        }


def fingerprint(record: Mapping[str, Any], *, alike: bool = False) -> int:
    """Eight bytes that two rows share when their texts are equal; with `alike`, when they differ only in case, width
    or blanks."""
    texts = [str(record.get("system") or ""), repr(record.get("history") or []), *(_given(record, n) for n in FIELDS)]
    if alike:
        texts = [" ".join(comparison_key(text).split()) if text else "" for text in texts]
    return int.from_bytes(blake2b("\0".join(texts).encode("utf-8", "replace"), digest_size=8).digest(), "big")


def spread(values: array[int]) -> Spread | None:
    """Least, mean, median, 95th percentile (nearest rank) and most; None for no values."""
    if not values:
        return None
    ordered = sorted(values)
    size = len(ordered)
    middle = (ordered[(size - 1) // 2] + ordered[size // 2]) / 2
    return Spread(ordered[0], round(sum(ordered) / size, 2), middle, ordered[-(-95 * size // 100) - 1], ordered[-1])


def _given(record: Mapping[str, Any], name: str) -> str:
    return str(record.get(name) or "")


def _surplus(keys: array[int]) -> int:
    """How many rows say again what a row before them said."""
    return len(keys) - len(set(keys))


def _as_json(found: Spread | None) -> dict[str, float] | None:
    return None if found is None else {name: getattr(found, name) for name in Spread.__slots__}
