"""Agreement in words and figures: coefficients with their intervals, bands, verdicts, findings about judges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from generation.recipes.judging import JUDGES, judge
from review.agreement.bands import krippendorff, landis_koch
from review.agreement.intervals import Estimate
from review.templatetags.compare_words import compare_fault

register = template.Library()
NONE = _("n/a")
"""What stands where a figure is not defined or nobody has measured it."""
BANDS: Mapping[str, Any] = {
    "poor": pgettext_lazy("agreement", "poor"),
    "slight": pgettext_lazy("agreement", "slight"),
    "fair": pgettext_lazy("agreement", "fair"),
    "moderate": pgettext_lazy("agreement", "moderate"),
    "substantial": pgettext_lazy("agreement", "substantial"),
    "almost_perfect": pgettext_lazy("agreement", "almost perfect"),
    "unreliable": pgettext_lazy("agreement", "not reliable"),
    "tentative": pgettext_lazy("agreement", "for tentative conclusions"),
    "reliable": pgettext_lazy("agreement", "reliable"),
}
VERDICTS: Mapping[str, Any] = {
    "left": pgettext_lazy("verdict", "Left better"),
    "right": pgettext_lazy("verdict", "Right better"),
    "tie": pgettext_lazy("verdict", "Tie"),
    "both_bad": pgettext_lazy("verdict", "Both bad"),
    "ranked": pgettext_lazy("verdict", "Ranked, none alike"),
    "ranked_with_ties": pgettext_lazy("verdict", "Ranked, some alike"),
    "good": pgettext_lazy("verdict", "Good"),
    "bad": pgettext_lazy("verdict", "Bad"),
}
STATES: Mapping[str, Any] = {
    "open": pgettext_lazy("comparison", "votes missing"),
    "agreed": pgettext_lazy("comparison", "agreed"),
    "disputed": pgettext_lazy("comparison", "disputed"),
    "settled": pgettext_lazy("comparison", "settled"),
    "withdrawn": pgettext_lazy("comparison", "withdrawn"),
}
DISPUTE_VIEWS: Mapping[str, Any] = {
    "disputed": pgettext_lazy("disagreements", "Disputed"),
    "split": pgettext_lazy("disagreements", "Majority, not all"),
    "settled": pgettext_lazy("disagreements", "Settled"),
}
_OWN_FAULTS: Mapping[str, Any] = {
    "voted_yourself": _("You voted on this one yourself, and there is somebody else who can settle it."),
}
_AGAIN_FAULTS: Mapping[str, Any] = {
    "not_two_answers": _("Only rounds of two answers can be asked again."),
    "bad_share": _("The share is between 1 and 50 percent."),
    "nothing_to_compare": _("Nobody has voted in this round yet."),
    "name_taken": _("This round was asked again already, with another share."),
}
FINDINGS: Mapping[str, Any] = {
    "fooled": _("fooled by a planted attack"),
    "disagrees": _("agrees with people in less than 70 %"),
    "position": _("leans to one place"),
    "length": _("likes length more than people do"),
    "self": _("likes its own model more than people do"),
    "gap_judge": _("judge: less than 70 %"),
    "gap_people": _("people: less than 70 %"),
}
KINDS_OF_JUDGES = frozenset(each.name for each in JUDGES)
STATE_TINTS = {"agreed": "ok", "disputed": "warn", "settled": "info"}


@register.filter
def coefficient(figure: Estimate) -> Any:
    """A coefficient with two decimals, "n/a" where it is not defined."""
    return NONE if figure.value is None else _two(figure.value)


@register.filter
def coefficient_interval(figure: Estimate) -> str:
    """Its 95 % interval, as `0.55 – 0.61`; nothing where there is none."""
    return "" if figure.low is None or figure.high is None else f"{_two(figure.low)} – {_two(figure.high)}"


@register.filter
def share(figure: Estimate) -> Any:
    """A share in percent, "n/a" where nothing was counted."""
    return NONE if figure.value is None else f"{_percent(figure.value)} %"


@register.filter
def share_interval(figure: Estimate) -> str:
    """Its 95 % interval, as `71 – 78 %`."""
    return "" if figure.low is None or figure.high is None else f"{_percent(figure.low)} – {_percent(figure.high)} %"


@register.filter
def probability(value: float | None) -> str:
    """A p-value as reports write it: `p = 0.04`, `p < 0.001`."""
    if value is None:
        return ""
    if value < 0.001:
        return f"p < {number_format(0.001, decimal_pos=3)}"
    places = 2 if value >= 0.1 else 3
    return f"p = {number_format(round(value, places), decimal_pos=places)}"


@register.filter
def kappa_band(figure: Estimate) -> Any:
    """What Landis and Koch call a kappa."""
    band = landis_koch(figure.value)
    return BANDS[band] if band else ""


@register.filter
def alpha_band(figure: Estimate) -> Any:
    """What Krippendorff allows to be concluded."""
    band = krippendorff(figure.value)
    return BANDS[band] if band else ""


@register.filter
def said(code: str) -> Any:
    """A verdict in words."""
    return VERDICTS.get(code, code)


@register.filter
def comparison_state(code: str) -> Any:
    """The state of a comparison in words."""
    return STATES.get(code, code)


@register.filter
def comparison_tint(code: str) -> str:
    """The colour of that state's pill."""
    return STATE_TINTS.get(code, "")


@register.inclusion_tag("review/_scale.html")
def scale(figure: Estimate, *gates: float) -> dict[str, Any]:
    """A coefficient on a line from 0 to 1 with its interval, the gates drawn in. What lies below 0 stands at 0."""
    return {
        "figure": figure,
        "gates": [_at(gate) for gate in gates],
        "at": None if figure.value is None else _at(figure.value),
        "low": None if figure.low is None else _at(figure.low),
        "width": None if figure.low is None or figure.high is None else f"{_x(figure.high) - _x(figure.low):.1f}",
    }


def _two(value: float) -> str:
    return number_format(round(value, 2) + 0.0, decimal_pos=2)  # never "-0.00"


def _percent(share: float) -> str:
    """Whole percents, with one decimal where rounding would say that all or none did."""
    percent = 100 * share
    whole = round(percent) in (0, 100) and percent not in (0, 100)
    return number_format(round(percent, 1) if whole else round(percent), decimal_pos=1 if whole else 0)


def _x(value: float) -> float:
    return 4 + 192 * min(max(value, 0.0), 1.0)


def _at(value: float) -> str:
    return f"{_x(value):.1f}"


@register.filter
def dispute_view(code: str) -> Any:
    """What the list of disagreements shows."""
    return DISPUTE_VIEWS[code]


@register.filter
def dispute_fault(code: str) -> Any:
    """Why a dispute was not settled."""
    return _OWN_FAULTS.get(code) or compare_fault(code)


@register.filter
def again_fault(code: str) -> Any:
    """Why nobody is asked again."""
    return _AGAIN_FAULTS.get(code, code)


@register.filter
def number_at(ranks: Mapping[int, str], place: int) -> str:
    """The number that was typed for a place."""
    return ranks.get(place, "")


@register.filter
def judge_kind(code: str) -> Any:
    """How a judge judges."""
    return gettext(judge(code).title) if code in KINDS_OF_JUDGES else code


@register.filter
def judge_finding(code: str) -> Any:
    """What speaks against a judge, or against a gap between models."""
    return FINDINGS[code]
