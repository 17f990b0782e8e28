"""How rows are to be put into an order: what a form, the API and a stored selection say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from math import ceil
from typing import Any

from generation.quality.selection import LIMIT, SHARES, Weights
from review.selection import Selection

WORDS, VECTORS = "words", "vectors"
"""What likeness is told by: terms of the texts, or vectors of a model."""


@dataclass(frozen=True, slots=True)
class SelectionWish:
    """How rows are to be put into an order. `quality` and `complexity` name the scores that stand for them, "" for
    none; weights are powers; a row as like as `limit` to a chosen one is passed over, None for no such limit; `missing`
    says what becomes of rows without a score; `shares` are the tiers in percent.

    `budget` is how many rows to choose, or with a `share` so many percent of those that have the scores. Rows whose
    quality is over `ceiling` are left out. `likeness` is "words" or "vectors".
    """

    filter: Selection = Selection()  # noqa: RUF009 - frozen
    name: str = ""
    quality: str = "quality"
    complexity: str = "complexity"
    weights: tuple[float, float, float] = (1.0, 1.0, 0.0)
    limit: float | None = LIMIT
    budget: int = 1000
    missing: str = "leave_out"
    shares: tuple[float, ...] = SHARES
    random_seed: int = 42
    share: float | None = None
    ceiling: float | None = None
    likeness: str = WORDS

    @property
    def weighed(self) -> Weights:
        """The weights, of the scores that are named."""
        quality, complexity, novelty = self.weights
        return Weights(quality if self.quality else 0.0, complexity if self.complexity else 0.0, novelty)

    def budget_of(self, scored: int) -> int:
        """The rows to choose of so many that have the scores; a share is rounded up."""
        return self.budget if self.share is None else ceil(round(scored * self.share / 100, 9))

    def as_config(self) -> dict[str, Any]:
        """Plain JSON."""
        told = {name: value for name, value in asdict(self).items() if name not in ("filter", "name")}
        return told | {"filter": self.filter.as_config()}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> SelectionWish:
        """What `as_config` wrote."""
        told = {each.name: config[each.name] for each in fields(cls) if each.name in config}
        told |= {name: tuple(told[name]) for name in ("weights", "shares") if name in told}
        return cls(**(told | {"filter": Selection.from_config(config.get("filter", {}))}))
