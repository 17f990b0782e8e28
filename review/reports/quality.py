"""What pages, files and the API read of reports on quality: the figures, the rows of a finding, the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from generation.access import Seat
from generation.models import Project
from review.mixes.recipe import Recipe
from review.models import DatasetVersion, FoundRows, QualityReport
from review.reports.counts import may_count
from review.reports.veils import sees_rows
from review.selection import Selection

LISTED = 50
REMEMBERED = 200
"""Reports that the history of a project reads."""
MOST_LINES = 6
_LEAN = ("told",)
_SCORED = "difficulty"
"""The axis of coverage that scores tell."""


@dataclass(frozen=True, slots=True)
class QualitySeen:
    """A report as one person may see it. `hidden` says that its rows tell which answer was preferred, and that this
    person has not had that shown yet: then nothing is told."""

    report: QualityReport
    told: Mapping[str, Any]
    hidden: bool = False

    @property
    def findings(self) -> Sequence[Mapping[str, Any]]:
        """What was found, worst first."""
        return self.told.get("findings", ()) if self.told else ()

    @property
    def warnings(self) -> int:
        """How many of them are warnings."""
        return sum(each["level"] == "warn" for each in self.findings)

    def finding(self, code: str) -> Mapping[str, Any] | None:
        """The finding of that code, else the worst one; None without any."""
        found = next((each for each in self.findings if each["code"] == code), None)
        return found or next(iter(self.findings), None)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over the reports of one subject, oldest first: its [value, unit, level] each time."""

    code: str
    unit: str
    points: Sequence[float]
    level: str


@dataclass(frozen=True, slots=True)
class Past:
    """How the figures of one dataset, or of all approved rows, went from report to report."""

    name: str
    reports: Sequence[QualityReport]
    lines: Sequence[Line]


def reports_of(project: Project) -> QuerySet[QualityReport]:
    """The project's reports, newest first, without what they tell."""
    rows = QualityReport.objects.filter(project=project).defer(*_LEAN)
    return rows.select_related("job", "version__dataset", "run", "made_by").order_by("-pk")


def quality_in(seat: Seat, report_id: int) -> QualityReport | None:
    """The project's report of that id, with what it tells."""
    rows = QualityReport.objects.filter(project=seat.project, pk=report_id)
    return rows.select_related("job", "version__dataset", "run", "made_by", "project").first()


def newest_report(project: Project, *, version: DatasetVersion | None = None) -> QualityReport | None:
    """The newest finished report on a version, or on all approved rows, without what it tells."""
    rows = reports_of(project).exclude(finished_at=None)
    if version is not None:
        return rows.filter(version=version).first()
    return rows.filter(version=None, run=None, criteria={"state": "approved"}).first()


def seen_quality(seat: Seat, report: QualityReport) -> QualitySeen:
    """The report as far as this person may see it."""
    hidden = not sees_rows(seat, kind=report.kind)
    return QualitySeen(report, {} if hidden else _told_to(seat, report.told), hidden)


def _told_to(seat: Seat, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a report tells, without how hard its rows are for who may not know their scores: a report on one row would
    tell the score of that row."""
    sections = told.get("sections", {}) if told else {}
    figures = sections.get("coverage", {})
    if _SCORED not in figures.get("axes", ()) or may_count(seat, Recipe.of(Selection(aspect=_SCORED))):
        return told
    bare = dict(figures)
    for name in ("axes", "expected", "empty_values"):
        bare[name] = {axis: values for axis, values in figures.get(name, {}).items() if axis != _SCORED}
    bare["tables"] = [each for each in figures["tables"] if _SCORED not in (each["rows"], each["columns"])]
    return {**told, "sections": {**sections, "coverage": bare}}


def veil_reports(seat: Seat, reports: Iterable[QualityReport]) -> None:
    """Takes the figures off reports whose rows tell which answer was preferred, for who had that not shown."""
    open_kinds: dict[str, bool] = {}
    for report in reports:
        if report.kind not in open_kinds:
            open_kinds[report.kind] = sees_rows(seat, kind=report.kind)
        if not open_kinds[report.kind]:
            report.figures, report.warnings = {}, 0


def found_ids(report: QualityReport, *, code: str, part: int = 0) -> Sequence[int]:
    """The ids of one part of a finding's rows, worst first."""
    rows = FoundRows.objects.filter(report=report, code=code, part=part)
    return rows.values_list("ids", flat=True).first() or ()


def past_of(seat: Seat, *, most: int = LISTED) -> list[Past]:
    """The history of every dataset, and of all approved rows, that was measured twice or more under the settings of its
    newest report, which alone compare; the latest first."""
    rows = list(reports_of(seat.project).exclude(finished_at=None).filter(run=None)[:REMEMBERED])
    veil_reports(seat, rows)
    groups: dict[Any, list[QualityReport]] = {}
    for report in rows:
        if report.version is not None:
            groups.setdefault(report.version.dataset_id, []).append(report)
        elif report.criteria == {"state": "approved"}:
            groups.setdefault(0, []).append(report)
    found = []
    for group, reports in list(groups.items())[:most]:
        ordered = [each for each in reports if each.asked == reports[0].asked][::-1]
        if len(ordered) > 1 and ordered[-1].figures:
            name = ordered[-1].version.dataset.name if group and ordered[-1].version else ""
            found.append(Past(name, ordered, _lines(ordered)))
    return found


def _lines(reports: Sequence[QualityReport]) -> list[Line]:
    """The figures of several reports, those that were a warning once first. A check that a report has nothing of found
    nothing then."""
    order = ("warn", "note", "ok", "unknown")
    worst: dict[str, int] = {}
    for report in reports:
        for code, (_, _, level) in report.figures.items():
            worst[code] = min(worst.get(code, len(order)), order.index(level))
    lines = []
    for code in sorted(worst, key=lambda each: worst[each]):
        checked = code.startswith("check.")
        told = [report.figures.get(code) or ([0.0, "share", "ok"] if checked else None) for report in reports]
        known = [each for each in told if each is not None and each[0] is not None]
        if len(known) > 1:
            lines.append(Line(code, known[-1][1], [each[0] for each in known], known[-1][2]))
    return lines[:MOST_LINES]
