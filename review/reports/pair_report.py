"""What pages, files and the API read of a report on pairs: the figures for editors, names and rows for who looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generation.access import Seat
from generation.models import PreferencePair, Project
from review.models import DatasetVersion, PairReport
from review.pair_criteria import PairCriteria
from review.reports.counts import may_tell_figures
from review.reports.pairs import PairSeen, browse_some, may_list_by

SHOWN_ROWS = 12


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """A report as one person may see it. `open` says that names and rows are shown; `hidden` that nothing is."""

    report: PairReport
    told: Mapping[str, Any]
    open: bool
    hidden: bool = False


def reports_of(project: Project, *, version: DatasetVersion | None = None) -> Any:
    """The project's reports, or those of one version, newest first, without their rows."""
    rows = PairReport.objects.filter(project=project).defer("rows").select_related("job", "version__dataset")
    return rows.filter(version=version).order_by("-pk") if version else rows.order_by("-pk")


def report_for(seat: Seat, *, criteria: PairCriteria, version: DatasetVersion | None = None) -> PairReport | None:
    """The newest report on the filter or the version; None when nobody has asked for one."""
    rows = reports_of(seat.project, version=version)
    asked = rows if version else rows.filter(version=None, criteria=criteria.as_dict())
    found: PairReport | None = asked.first()
    return found


def report_in(seat: Seat, report_id: int) -> PairReport | None:
    """The project's report of that id."""
    found: PairReport | None = reports_of(seat.project).filter(pk=report_id).first()
    return found


def seen_report(seat: Seat, report: PairReport) -> ReportSeen:
    """The report as far as this person may see it: model names are numbers for who has not had the pairs shown."""
    run = report.criteria.get("run", "")
    open_ = may_list_by(seat, run=int(run) if run.isdigit() else None)
    if open_ or not report.told:
        return ReportSeen(report, report.told, open_)
    if not may_tell_figures(seat, rows=report.pairs):
        return ReportSeen(report, {}, open_, hidden=True)
    return ReportSeen(report, _nameless(report.told), open_)


def rows_of_finding(seat: Seat, report: PairReport, *, code: str, size: int = SHOWN_ROWS) -> Sequence[PairSeen]:
    """The worst pairs that a finding speaks of, for who had them shown; nothing for anybody else."""
    if not seen_report(seat, report).open:
        return ()
    ids = (PairReport.objects.values_list("rows", flat=True).get(pk=report.pk) or {}).get(code, [])[:size]
    rows = PreferencePair.objects.filter(project=seat.project, pk__in=ids)
    found = {seen.pk: seen for seen in browse_some(seat, rows)}
    return [found[pk] for pk in ids if pk in found]


def row_ids(seat: Seat, report: PairReport) -> dict[str, list[int]]:
    """Finding -> the ids of the worst pairs that it speaks of, a thousand at most."""
    rows = PairReport.objects.values_list("rows", flat=True).get(pk=report.pk) or {}
    return {code: ids[:1000] for code, ids in rows.items() if ids}


def _nameless(told: Mapping[str, Any]) -> dict[str, Any]:
    names = {each["model"]: f"#{at}" for at, each in enumerate(told.get("models", ()), 1)}
    models = [{**each, "model": names[each["model"]]} for each in told.get("models", ())]
    findings = [
        {**each, "detail": {**each["detail"], "model": names.get(each["detail"].get("model"), "#")}}
        if each["code"] == "models" and "model" in each["detail"]
        else each
        for each in told["findings"]
    ]
    return {**told, "models": models, "findings": findings}
