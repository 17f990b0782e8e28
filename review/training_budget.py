"""A budget of training as somebody names it: samples, tokens or steps, and how many samples that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fdc_project.web.numbers import number_in
from generation.models import Project
from generation.quality.selection import samples_of

MOST = 10**13
MOST_BATCH = 10**6
BATCH = 64
UNITS = ("samples", "tokens", "steps")
CHARACTERS_A_TOKEN = {"zh": 1.5, "en": 4.0}
"""A rule of thumb for reckoning before anything is tokenised."""


@dataclass(frozen=True, slots=True)
class TrainingBudget:
    """So much of a unit that training goes through; 0 where none was named. `batch` is the samples of one step."""

    seen: int = 0
    unit: str = "samples"
    batch: int = BATCH

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> TrainingBudget:
        """What the address or a form says; what makes no sense is left at its default."""
        unit = query.get("unit", "")
        return cls(
            min(number_in(query.get("seen", "")) or 0, MOST), unit if unit in UNITS else UNITS[0],
            min(number_in(query.get("batch", "")) or BATCH, MOST_BATCH),
        )  # fmt: skip

    def samples(self, *, tokens_a_row: float) -> float:
        """The samples that it passes over, `tokens_a_row` being about how many tokens a row has."""
        if self.unit == "tokens":
            return samples_of(tokens=self.seen, tokens_a_row=tokens_a_row)
        return float(self.seen * self.batch if self.unit == "steps" else self.seen)


def tokens_a_row(project: Project, *, characters: int, rows: int) -> float:
    """About how many tokens a row has, by its characters; an estimate."""
    return characters / rows / CHARACTERS_A_TOKEN.get(project.language[:2], 4.0) if rows else 0.0
