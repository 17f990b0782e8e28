"""What the contract tests need to know of a recipe: what it draws from, and what its offline rules must bring about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from generation.formats import seed_tasks
from generation.samples import sample_path
from generation.types import SeedView, Sources


@dataclass(frozen=True)
class Case:
    """One recipe's case.

    `sources` gives what a run draws from, by language ("en", "zh"); `reasons` are the drop reasons that its rules must
    bring about by text alone over many random seeds, `notes` the findings that drop nothing. `least` is how many
    samples (or pairs, or scores) a run with `params` must bring; `many` are the params of the runs that look for
    reasons.
    """

    sources: Callable[[str], Sources]
    reasons: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    params: Mapping[str, Any] = field(default_factory=dict)
    many: Mapping[str, Any] = field(default_factory=dict)
    least: int = 20


def demo_seeds(name: str) -> list[SeedView]:
    """The seeds of one of our own sample files."""
    with sample_path(name).open("rb") as file:
        rows = [row for _, row in seed_tasks.read(file) if isinstance(row, seed_tasks.SeedRow)]
    return [
        SeedView(n, row.instruction, row.instances, row.is_classification, fields=row.fields)
        for n, row in enumerate(rows, 1)
    ]
