"""What to do about a line of the readiness panel, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from generation.access import Seat
from review.mixes.readiness import Remark
from review.models import Dataset
from review.policies import can_measure
from review.reports.ready import Ready

register = template.Library()
Where = Callable[["Step"], str]


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the panel with what its address is made of."""

    slug: str
    ready: Ready
    remark: Remark

    def to(self, name: str, *rest: Any) -> str:
        """A page of the project."""
        return reverse(name, args=[self.slug, *rest])

    @property
    def kind(self) -> str:
        """What the rows are."""
        return self.ready.version.dataset.kind if self.ready.version else Dataset.Kind.SFT


def _more(step: Step) -> str:
    return step.to("new_run_recipes")


def _again(step: Step) -> str:
    version = step.ready.version
    return step.to("dataset", version.dataset_id) if version else step.to("datasets")


def _measure(step: Step) -> str:
    return step.to("quality") + step.ready.query


def _report(step: Step) -> str:
    report = step.ready.report
    return step.to("quality_report", report.pk) if report else _measure(step)


def _finding(step: Step) -> str:
    """The finding of the report that is called as the remark."""
    return f"{_report(step)}?finding={step.remark.code}" if step.ready.report else _measure(step)


def _seen(step: Step) -> str:
    return _finding(step) if step.ready.report else step.to("samples") + "?state=approved"


def _repeated(step: Step) -> str:
    return step.to("conflicts") + "?view=redundant" if step.kind == Dataset.Kind.SFT else _again(step)


def _lengths(step: Step) -> str:
    if "one_sided" in step.remark.values or step.ready.version is None:
        return step.to("import_new")
    return step.to("version_pairs", step.ready.version.dataset_id, step.ready.version.number)


def _votes(step: Step) -> str:
    asked = step.remark.values.get("round")
    return step.to("agreement", asked) if asked else step.to("rounds")


def _twice(step: Step) -> str:
    return step.to("settings") if step.kind == Dataset.Kind.SFT else step.to("round_new")


WAYS: Mapping[str, tuple[Any, Where]] = {
    "size_too_small": (_("Make more rows"), _more),
    "size_below_guide": (_("Make more rows"), _more),
    "several_turns": (_("Make more rows"), _more),
    "labels": (_("See good and bad answers"), lambda step: step.to("labels")),
    "one_label": (_("See good and bad answers"), lambda step: step.to("labels")),
    "length_bias": (_("See the lengths"), _lengths),
    "length_ratio": (_("See the lengths"), _lengths),
    "rubrics_mixed": (_("See the judges"), lambda step: step.to("judges")),
    "held_since": (_("Freeze a new version"), _again),
    "duplicates": (_("Settle what repeats"), _repeated),
    "empty_train": (_("Freeze with other shares"), _again),
    "empty_validation": (_("Freeze with other shares"), _again),
    "empty_test": (_("Freeze with other shares"), _again),
    "reviewed": (_("See those that nobody read"), _seen),
    "agreement": (_("Write clearer guidelines"), lambda step: step.to("settings")),
    "agreement_unknown": (_("Have rows judged twice"), _twice),
    "alpha": (_("See who disagrees"), _votes),
    "never_measured": (_("Measure now"), _measure),
    "quality": (_("See the warnings"), _report),
    "contaminated": (_("See the rows"), _finding),
    "nothing_held_out": (_("Keep texts for evaluation"), lambda step: step.to("evaluation_sets")),
    "changed_since": (_("Measure again"), _measure),
}
_WORTH_KNOWING = ("agreement_unknown", "nothing_held_out", "changed_since", "length_bias")
"""Remarks that are worth a step although nothing is wrong."""


@register.simple_tag
def ready_way(seat: Seat, ready: Ready, remark: Remark) -> tuple[Any, str] | None:
    """(what to do, where) about a line that is not as it should be, for people who may do it; else None."""
    if remark.code not in WAYS or not can_measure(seat):
        return None
    if remark.level == "ok" or (remark.level == "info" and remark.code not in _WORTH_KNOWING):
        return None
    words, where = WAYS[remark.code]
    if "one_sided" in remark.values:
        words = _("Bring in more pairs")
    return words, where(Step(seat.project.slug, ready, remark))
