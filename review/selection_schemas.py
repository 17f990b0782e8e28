"""What the API of selections takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas import Id, Input
from review.models import RankedRow, RowSelection
from review.reports.selections import SelectionSeen
from review.selection import Selection
from review.selection_wish import SelectionWish
from review.training_budget import BATCH, MOST, MOST_BATCH, TrainingBudget

Aspect = Annotated[str, StringConstraints(max_length=60)]
Weight = Annotated[float, Field(ge=0, le=10)]
Share = Annotated[float, Field(gt=0, le=100)]


class RankedFilterIn(Input):
    """Which approved samples may be chosen."""

    task_type: Annotated[str, StringConstraints(max_length=60)] = ""
    language: Annotated[str, StringConstraints(max_length=10)] = ""
    run: Id | None = None
    tag: Annotated[str, StringConstraints(max_length=60)] = ""
    without_model: bool = False


class SelectionIn(Input):
    """How rows are put into an order. `quality` and `complexity` name scores, "" for none, "output_length" for the
    length of the answer; `limit` null is no limit. `share` chooses so many percent of the scored rows instead of
    `budget` rows; rows whose quality is over `ceiling` are left out (1 for an IFD); `likeness` by "vectors" needs a
    model that the installation names."""

    name: Annotated[str, StringConstraints(max_length=120)] = ""
    filter: RankedFilterIn = RankedFilterIn()
    quality: Aspect = "quality"
    complexity: Aspect = "complexity"
    weights: tuple[Weight, Weight, Weight] = (1.0, 1.0, 0.0)
    limit: Annotated[float, Field(ge=0.05, le=1)] | None = 0.9
    budget: int = Field(1000, ge=1, le=200_000)
    missing: Literal["leave_out", "three"] = "leave_out"
    shares: list[Share] = Field([10, 30, 100], min_length=1, max_length=10)
    share: Share | None = None
    ceiling: float | None = Field(None, allow_inf_nan=False)
    likeness: Literal["words", "vectors"] = "words"

    def wish(self) -> SelectionWish:
        """What the verb takes."""
        return SelectionWish(
            Selection(**self.filter.model_dump()), self.name, self.quality, self.complexity, self.weights, self.limit,
            self.budget, self.missing, tuple(sorted(set(self.shares))), share=self.share, ceiling=self.ceiling,
            likeness=self.likeness,
        )  # fmt: skip


class SelectionOut(Schema):
    """A selection and how far it is. `told` and `tiers` are null until it is done, in a list, and while scores may not
    be told to you yet. `epochs` of a tier is how often a budget of `seen` samples passes over it."""

    id: int
    name: str
    state: str
    rows: int
    asked: dict[str, Any]
    created_at: datetime
    finished_at: datetime | None
    told: dict[str, Any] | None = None
    tiers: list[dict[str, Any]] | None = None
    advice: str | None = None


class BudgetedIn(Input):
    """A training budget in samples or tokens seen, or in steps of `batch` samples; 0 is none."""

    seen: int = Field(0, ge=0, le=MOST)
    unit: Literal["samples", "tokens", "steps"] = "samples"
    batch: int = Field(BATCH, ge=1, le=MOST_BATCH)

    def budget(self) -> TrainingBudget:
        """What the reader takes."""
        return TrainingBudget(self.seen, self.unit, self.batch)


class ScoresIn(Input):
    """What the scores of a file are: "quality" or "complexity" from 1 to 6, "ifd_loss_ratio", "ifd_perplexity_ratio",
    "perplexity", or a name of your own for figures from 0 up."""

    aspect: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class RankedPaging(Input):
    """Rows from the place `after` on; the chosen ones alone unless `all` is asked for."""

    after: int = Field(0, ge=0, lt=10**7)
    size: int = Field(100, ge=1, le=1000)
    all: bool = False


class RankedOut(Schema):
    """One row of a selection by its place; `reason` says why it was not chosen."""

    place: int
    sample: int
    revision: int
    score: float | None
    novelty: float | None
    reason: str
    like: int | None
    likeness: float | None


class RankedPageOut(Schema):
    """Rows by place; ask again with `after` until it is null."""

    items: list[RankedOut]
    after: int | None


def listed_selection(selection: RowSelection) -> dict[str, Any]:
    """A selection as a list shows it."""
    job = selection.job
    state = "done" if selection.finished_at else job.state if job else "failed"
    names = ("name", "rows", "asked", "created_at", "finished_at")
    return {"id": selection.pk, "state": state} | {name: getattr(selection, name) for name in names}


def whole_selection(seen: SelectionSeen) -> dict[str, Any]:
    """One selection as far as the person may see it."""
    tiers = [{"share": each.share, "rows": each.rows, "epochs": each.epochs.epochs, "advised": each.epochs.advised}
             for each in seen.tiers]  # fmt: skip
    told = {"told": dict(seen.told) or None, "tiers": tiers or None}
    return listed_selection(seen.selection) | told | {"advice": seen.advice.code if seen.advice else None}


def ranked_out(row: RankedRow) -> dict[str, Any]:
    """One row of a selection as plain data."""
    names = ("place", "revision", "score", "novelty", "reason", "like", "likeness")
    return {name: getattr(row, name) for name in names} | {"sample": row.sample_id}
