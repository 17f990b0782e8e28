"""Where lines begin: the rows that are evolved, and which of their families are kept for evaluation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from generation.recipes.material import Material, materials
from generation.types import PoolView


@dataclass(frozen=True, slots=True)
class Root:
    """One row with its family's name; `key` tells it from every other root of the run."""

    key: str
    family: str
    material: Material

    @property
    def is_seed(self) -> bool:
        """Whether it is a seed; samples are kept already."""
        return not self.material.sample_ids


def roots(pool: PoolView, *, language: str) -> list[Root]:
    """Every row that can be evolved, in the run's order. Conversations cannot: they have earlier turns."""
    families = {sample.id: sample.family for sample in pool.samples}
    rows = [row for row in materials(pool, language=language) if row.task.strip() and not row.history]
    return [_root(row, families) for row in rows]


def kept_for_evaluation(families: list[str], *, share: float) -> frozenset[str]:
    """The families that are evaluated on: by their names alone, so that every run over them draws the same.

    At least one as long as there are two, and never all.
    """
    order = sorted(set(families), key=_place)
    if not share or len(order) < 2:
        return frozenset()
    chosen = sum(_place(family) < share for family in order)
    return frozenset(order[: min(max(chosen, 1), len(order) - 1)])


def _root(row: Material, families: dict[int, int]) -> Root:
    if not row.sample_ids:
        name = f"seed:{row.seed_ids[0]}"
        return Root(name, name, row)
    sample = row.sample_ids[0]
    family = families.get(sample, 0) or -sample
    return Root(f"sample:{sample}", f"seed:{family}" if family > 0 else f"sample:{-family}", row)


def _place(family: str) -> float:
    """Where in [0, 1) a family lies."""
    return int.from_bytes(hashlib.sha256(family.encode()).digest()[:8], "big") / 2**64
