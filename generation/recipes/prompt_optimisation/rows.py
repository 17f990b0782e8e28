"""The rows of a search: questions with their answers, parted once and for all into training and held-out ones."""

from __future__ import annotations

import random
from dataclasses import dataclass

from generation.recipes.material import materials
from generation.recipes.prompt_optimisation.params import Params
from generation.types import PoolView

LABELLED = ("exact", "contains")


@dataclass(frozen=True, slots=True)
class Row:
    """A question and the answer that is right, "" where none is known."""

    question: str
    answer: str

    def payload(self) -> list[str]:
        """As plain JSON."""
        return [self.question, self.answer]


def shares(rows: int, params: Params) -> tuple[int, int]:
    """How many of so many rows train and how many are held out: a third at most is held out."""
    held_out = min(params.held_out_rows, rows // 3)
    return min(params.train_rows, rows - held_out), held_out


def split(pool: PoolView, params: Params) -> tuple[list[Row], list[Row]]:
    """Training and held-out rows, the same in every wave of a run."""
    rows = [Row(each.task, each.output) for each in materials(pool, language="en")]
    if params.objective in LABELLED:
        rows = [row for row in rows if row.answer.strip()]
    chance = random.Random(f"{pool.random_seed}:rows")
    chance.shuffle(rows)
    train, held_out = shares(len(rows), params)
    return rows[:train], rows[train : train + held_out]
