"""Spend as the API gives it. Money is in micro-units of the line's currency (1,000,000 = 1.00)."""

from __future__ import annotations

from typing import Literal

from ninja import Schema


class SpendFilters(Schema):
    """What the sums are of."""

    by: Literal["run", "recipe", "model", "prompt", "stage", "day"] = "run"


class SpendLineOut(Schema):
    """One sum; `approved` is null where samples cannot be counted by it, `currency` "" where no price was known."""

    key: str
    currency: str
    cost_micro: int
    maybe_billed_micro: int
    calls: int
    tokens_in: int
    tokens_out: int
    reused: int
    saved_micro: int
    approved: int | None
    per_approved_micro: int | None
    runs: int


class SpendOut(Schema):
    """The whole project, and the lines of one kind."""

    by: str
    totals: list[SpendLineOut]
    lines: list[SpendLineOut]
