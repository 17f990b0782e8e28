"""Which rows are shown as examples: rows of the same task first, never the row itself."""

from __future__ import annotations

import random
from collections.abc import Sequence

from generation.quality.text import token_estimate
from generation.recipes.flan_templates.cells import Cell
from generation.recipes.flan_templates.params import Params

_TRIES = 12
_FRAME = 60
"""Tokens that templates and options add to a row, about."""


class Shots:
    """Rows by task and by kind. A row of a closed task is only shown to rows of the same task."""

    def __init__(self, cells: Sequence[Cell], params: Params) -> None:
        self._limit = params.few_shot_tokens
        self._pools: dict[str, list[Cell]] = {}
        self._sizes: dict[str, list[int]] = {}
        for cell in cells:
            if not cell.fault and not cell.row.history:
                self._pools.setdefault(_pool(cell), []).append(cell)
                self._sizes.setdefault(_pool(cell), []).append(_size(cell))
        for sizes in self._sizes.values():
            sizes.sort()

    def possible(self, cell: Cell) -> bool:
        """Whether at least one other row can stand before this one within the limit."""
        sizes = self._sizes.get(_pool(cell), [])
        if len(sizes) < 2:
            return False
        other = sizes[1] if sizes[0] == _size(cell) else sizes[0]
        return other + token_estimate("".join(cell.values.values())) + 2 * _FRAME <= self._limit

    def draw(self, cell: Cell, *, thinks: bool, count: int, rng: random.Random) -> list[Cell]:
        """Up to `count` rows that share neither source nor words with `cell`; with their steps where it `thinks`."""
        pool = self._pools.get(_pool(cell), [])
        pool = [each for each in pool if each.steps] if thinks else pool
        chosen: list[Cell] = []
        if pool:
            tried = pool if len(pool) <= _TRIES else [rng.choice(pool) for _ in range(_TRIES * count)]
            for each in rng.sample(tried, len(tried)):
                if len(chosen) < count and all(_apart(each, other) for other in (cell, *chosen)):
                    chosen.append(each)
        return chosen


def _pool(cell: Cell) -> str:
    """Rows that can stand before each other: those of a closed task, else those of a kind and language."""
    if cell.labels:
        return cell.group
    return f"{cell.kind}:{cell.values.get('target_language', cell.row.language)}"


def _size(cell: Cell) -> int:
    return token_estimate("".join(cell.values.values()) + cell.answer + cell.steps)


def _apart(one: Cell, other: Cell) -> bool:
    return one.values != other.values and not (
        set(one.row.seed_ids) & set(other.row.seed_ids) or set(one.row.sample_ids) & set(other.row.sample_ids)
    )
