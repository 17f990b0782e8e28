"""What the API of reports on pairs takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import StringConstraints

from generation.schemas import Id, Input, Number
from review.models import PairReport
from review.pair_criteria import PairCriteria
from review.pair_schemas import Source, State
from review.reports.pair_report import ReportSeen


class ReportIn(Input):
    """Which pairs are measured: those of a frozen version (`dataset` and `number`), else those that the filters let
    through, all of the project without any. Chance is drawn by `random_seed`."""

    dataset: Id | None = None
    number: Number | None = None
    state: State = ""
    reason: Annotated[str, StringConstraints(max_length=60)] = ""
    source: Source = ""
    run: Id | None = None
    job: Id | None = None
    language: Literal["", "en", "zh"] = ""
    q: Annotated[str, StringConstraints(max_length=200)] = ""
    random_seed: Number = 42

    def criteria(self) -> PairCriteria:
        """The filters as the list of pairs has them."""
        state = "held_back" if self.reason else self.state
        return PairCriteria(state, self.reason, self.source, self.run, self.job, self.language, self.q.strip())


class ReportOut(Schema):
    """A report and how far it is. `told` is null until it is done, and while it would tell you too much: model names
    are numbers for who has not had the pairs shown, and fewer than 20 pairs tell nothing. `rows` are the worst pairs
    of each finding, for who has."""

    id: int
    state: str
    done: int
    total: int
    pairs: int
    criteria: dict[str, str]
    version: int | None
    created_at: datetime
    told: dict[str, Any] | None = None
    rows: dict[str, list[int]] | None = None


class RemedyIn(Input):
    """What is done about a finding: "balance", "drop" or "review" (`name` is the round's), or "undo" of an `entry`."""

    do: Literal["balance", "drop", "review", "undo"]
    finding: Annotated[str, StringConstraints(max_length=40)] = ""
    name: Annotated[str, StringConstraints(max_length=120)] = ""
    entry: Id | None = None


class RemediedOut(Schema):
    """How many pairs were held back or put back, the entry that an undo names, and the round that they went to."""

    held: int
    entry: int | None
    round: int | None


def listed(report: PairReport) -> dict[str, Any]:
    """A report as a list shows it."""
    job = report.job
    return {
        "id": report.pk, "state": "done" if report.told else job.state if job else "failed",
        "done": job.done if job else 0, "total": job.total if job else 0, "pairs": report.pairs,
        "criteria": report.criteria, "version": report.version_id, "created_at": report.created_at,
    }  # fmt: skip


def whole(seen: ReportSeen, rows: dict[str, list[int]] | None) -> dict[str, Any]:
    """One report as far as the person may see it."""
    return listed(seen.report) | {"told": dict(seen.told) or None, "rows": rows}
