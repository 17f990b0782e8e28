"""What the API of reports on quality takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.quality.report.settings import DEFAULTS, ReportSettings
from generation.schemas import Id, Input, Number
from review.criteria import Criteria
from review.models import QualityReport
from review.reports.quality import QualitySeen
from review.reports.quality_compared import Compared
from review.schemas import Origin, SampleState


class MeasuredIn(Input):
    """A filter of samples; without any every sample that waits or was decided."""

    state: SampleState = ""
    flagged: bool = False
    run: Id | None = None
    language: Literal["", "en", "zh"] = ""
    origin: Origin = ""
    q: Annotated[str, StringConstraints(max_length=200)] = ""

    def criteria(self) -> Criteria:
        """The filter as lists have it."""
        return Criteria(self.state, self.flagged, self.run, self.language, self.origin, self.q.strip())


class QualityIn(Input):
    """What is measured: a frozen version (`dataset` and `number`), the samples of a `run`, the chosen answers of all
    `pairs`, or the samples of a filter; of a filter that is not given all approved ones. Chance is drawn by
    `random_seed`; what `settings` do not name stands at its default."""

    dataset: Id | None = None
    number: Number | None = None
    run: Id | None = None
    criteria: MeasuredIn | None = None
    pairs: bool = False
    random_seed: Number = 42
    settings: ReportSettings = DEFAULTS


class QualityOut(Schema):
    """A report and how far it is. `settings` are those that differ from their defaults; `figures` maps a finding's code
    to [value, unit, level]. `told` is null until it is done, in a list, and while its rows tell which answer was
    preferred and you have not had that shown."""

    id: int
    state: str
    done: int
    total: int
    rows: int
    warnings: int
    figures: dict[str, list[Any]]
    criteria: dict[str, str]
    settings: dict[str, Any]
    run: int | None
    dataset: int | None
    number: int | None
    created_at: datetime
    finished_at: datetime | None
    told: dict[str, Any] | None = None


class FoundPaging(Input):
    """How many of the worst rows to leave out, and how many to give."""

    after: int = Field(0, ge=0, lt=10**6)
    size: int = Field(50, ge=1, le=500)


class QuoteOut(Schema):
    """The place that a finding means, with what stands around it."""

    field: str
    before: str
    place: str
    after: str

    @staticmethod
    def resolve_place(quote: Any) -> str:
        """The place itself."""
        return str(quote.found)


class BesideOut(Schema):
    """The evaluation text that a row repeats, and the row's fields that do, as they were measured: in pieces of which
    every second one is in both. `item` counts from 1, `share` is how much of the text is repeated."""

    set: str
    item: int
    share: float
    text: list[str]
    row: list[tuple[str, list[str]]]


class FoundOut(Schema):
    """One row of a finding. `kind` says what the id is of: sample, pair, feedback or text; `stands` whether the check
    that found it finds it still."""

    id: int
    kind: str
    asked: str
    said: str
    language: str
    state: str
    reason: str
    gone: bool
    stands: bool
    quote: QuoteOut | None
    beside: BesideOut | None


class FoundPageOut(Schema):
    """Rows of a finding, worst first; ask again with `after` until it is null."""

    items: list[FoundOut]
    after: int | None


class OtherIn(Input):
    """The report that another one is held against, the project's newest where none is named."""

    other: Id | None = None


class ComparedOut(Schema):
    """Two reports side by side: how many findings are new, worse, gone, better and the same, and each of them with its
    value and level in both; then every figure of a section that differs."""

    counts: dict[str, int]
    findings: list[dict[str, Any]]
    figures: list[dict[str, Any]]


class QualityRemedyIn(Input):
    """What is done about a finding: "drop" its rows, put them to "review", or "undo" an `entry`."""

    do: Literal["drop", "review", "undo"]
    finding: Annotated[str, StringConstraints(max_length=60)] = ""
    entry: Id | None = None


class QualityRemediedOut(Schema):
    """How many samples were moved, how many of the worst wait for people now, and the entry that an undo names."""

    moved: int
    waiting: int
    entry: int | None


def listed(report: QualityReport) -> dict[str, Any]:
    """A report as a list shows it."""
    job, version = report.job, report.version
    state = "done" if report.finished_at else job.state if job else "failed"
    return {
        "id": report.pk, "state": state, "done": job.done if job else 0, "total": job.total if job else 0,
        "rows": report.rows, "warnings": report.warnings, "figures": report.figures, "criteria": report.criteria,
        "settings": ReportSettings.from_asked(report.asked).changed(),
        "run": report.run_id, "dataset": version.dataset_id if version else None,
        "number": version.number if version else None, "created_at": report.created_at,
        "finished_at": report.finished_at,
    }  # fmt: skip


def whole(seen: QualitySeen) -> dict[str, Any]:
    """One report as far as the person may see it."""
    hidden: dict[str, Any] = {"figures": {}, "warnings": 0} if seen.hidden else {}
    return listed(seen.report) | hidden | {"told": dict(seen.told) or None}


def side_by_side(found: Compared) -> dict[str, Any]:
    """Two reports compared, as plain data."""
    return {
        "counts": dict(found.counts),
        "findings": [
            {"code": each.code, "unit": each.unit, "change": each.change, "difference": each.difference,
             "one": _short(each.one), "other": _short(each.other)}
            for each in found.findings
        ],
        "figures": [
            {"section": each.section, "name": each.name, "one": each.one, "other": each.other} for each in found.figures
        ],
    }  # fmt: skip


def _short(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: found[name] for name in ("value", "level", "n", "hits")} if found else None
