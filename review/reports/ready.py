"""Whether rows are ready to train on, as one panel: what freezing counted, what people did, what was measured since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from generation.access import Seat
from generation.actions.tallies import counts
from generation.models import Role, Sample
from review.mixes.readiness import Level, Remark, readiness
from review.mixes.recipe import Recipe
from review.mixes.uses import use_named
from review.models import Comparison, Dataset, DatasetVersion, Decision, QualityReport, Round
from review.reports.agreement import agreement_of
from review.reports.counts import figures_for
from review.reports.doubts import LOOKED_THROUGH, doubts
from review.reports.quality import newest_report, veil_reports
from review.selection import Figures

_LEVELS: tuple[Level, ...] = ("error", "warning", "info", "ok")
LEAST_REVIEWED = 0.95
LEAST_AGREEMENT = 0.67
"""Krippendorff's own limit for tentative conclusions."""
LATEST_VERDICTS = 5000
_TOLD_APART = ("contaminated", "reviewed")
_LEAST_TWICE = 20
"""Samples that two people judged, below which their agreement says nothing."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The panel: remarks, worst first, and the newest report on these very rows where there is one. `version` is None
    for the approved samples as they are now."""

    remarks: Sequence[Remark]
    report: QualityReport | None
    query: str
    version: DatasetVersion | None = None


def ready_version(seat: Seat, version: DatasetVersion) -> Ready:
    """A frozen version: size, balance, length bias and languages as they were counted, the share that people saw, how
    far they agree, and what the newest report on it found."""
    recipe = Recipe.from_config(version.config)
    found = readiness(use_named(recipe.use), rows=version.rows, figures=figures_for(seat, version))
    found += [remark for remark in doubts(seat, version) if remark.code == "held_since"]
    report = _newest(seat, version=version)
    if version.dataset.kind == Dataset.Kind.SFT:
        found += _reviewed(version, report) + _verdicts(seat)
    elif version.dataset.kind == Dataset.Kind.PREFERENCE:
        found += _votes(seat)
    return Ready(_sorted(found + _measured(report)), report, f"?version={version.pk}", version)


def ready_approved(seat: Seat, figures: Figures) -> Ready:
    """The approved samples as they are now, before any of them is frozen: those made without a model, how far people
    agree, and what the newest report on them found, with whether rows came or went since."""
    report = _newest(seat)
    found = [Remark("without_model", "info", {"rows": figures.made_without_model})] if figures.mixed else []
    found += _verdicts(seat) + _measured(report)
    if report is not None:
        now = counts(seat.project.pk, kind="sample").get(Sample.State.APPROVED.value, 0)
        if report.rows != now:
            found.append(Remark("changed_since", "info", {"rows": now - report.rows}))
        found += _share_reviewed(report)
    return Ready(_sorted(found), report, "")


def _newest(seat: Seat, *, version: DatasetVersion | None = None) -> QualityReport | None:
    report = newest_report(seat.project, version=version)
    if report is not None:
        veil_reports(seat, [report])
    return report


def _sorted(found: list[Remark]) -> list[Remark]:
    return sorted(found, key=lambda remark: _LEVELS.index(remark.level))


def _measured(report: QualityReport | None) -> list[Remark]:
    """What the newest report found, and whether the rows were held against evaluation texts at all."""
    if report is None:
        return [Remark("never_measured", "warning")]
    warned = [code for code, (_, _, level) in report.figures.items() if level == "warn" and code not in _TOLD_APART]
    values = {"count": len(warned), "codes": warned[:3]}
    found = [Remark("quality", "warning" if warned else "ok", values)]
    if "contaminated" in report.figures:
        share, _, level = report.figures["contaminated"]
        found.append(Remark("contaminated", "ok" if level == "ok" else "error", {"share": share}))
    else:
        found.append(Remark("nothing_held_out", "info"))
    return found


def _reviewed(version: DatasetVersion, report: QualityReport | None) -> list[Remark]:
    """The share of rows that a person decided about: counted where there are few, else as it was measured."""
    if version.rows > LOOKED_THROUGH:
        return _share_reviewed(report) if report else []
    seen = version.pins.filter(sample__in=Sample.objects.in_project(version.dataset.project).seen()).count()
    return [_seen(seen / version.rows)] if version.rows else []


def _share_reviewed(report: QualityReport) -> list[Remark]:
    figure = report.figures.get("reviewed")
    return [_seen(figure[0])] if figure else []


def _seen(share: float) -> Remark:
    return Remark("reviewed", "ok" if share >= LEAST_REVIEWED else "warning", {"share": share})


def _verdicts(seat: Seat) -> list[Remark]:
    """How often two people said the same of a sample, among the latest verdicts; where people judge each sample once
    there is nothing to say."""
    if seat.project.overlap < 2:
        return []
    said: defaultdict[int, dict[int, str]] = defaultdict(dict)
    verdicts = Decision.objects.filter(project=seat.project, undone_by=None, action__in=("approve", "reject"))
    latest = verdicts.order_by("-id").values_list("sample_id", "person_id", "action")
    for sample, person, action in latest[:LATEST_VERDICTS]:
        said[sample].setdefault(person, action)
    twice = [set(each.values()) for each in said.values() if len(each) > 1]
    if len(twice) < _LEAST_TWICE:
        return [Remark("agreement_unknown", "info", {"count": len(twice)})]
    share = sum(len(each) == 1 for each in twice) / len(twice)
    return [Remark("agreement", "ok" if share >= 0.8 else "warning", {"share": share, "n": len(twice)})]


def _votes(seat: Seat) -> list[Remark]:
    """Krippendorff's alpha of the newest round in which two people judged the same; for editors, who may read it."""
    if not seat.may(Role.EDITOR):
        return []
    rounds = Round.objects.filter(project=seat.project, overlap__gt=1).order_by("-pk")
    asked = rounds.first()
    if asked is None or Comparison.objects.filter(round=asked)[: LOOKED_THROUGH + 1].count() > LOOKED_THROUGH:
        return [Remark("agreement_unknown", "info", {"count": 0})]
    alpha = agreement_of(seat, asked=asked).all.alpha
    if alpha.value is None:
        return [Remark("agreement_unknown", "info", {"count": 0})]
    level: Level = "ok" if alpha.value >= LEAST_AGREEMENT else "warning"
    return [Remark("alpha", level, {"figure": f"α {alpha.value:.2f}", "name": asked.name, "round": asked.pk})]
