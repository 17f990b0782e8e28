"""What a check found, as a page shows it: the field in words, and the places quoted from the row's own text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fdc_project.web.numbers import number_in
from generation.actions.held_out import OWN
from generation.models import Sample
from generation.quality.quotes import MOST, Quote, quotes

register = template.Library()

FIELDS: Mapping[str, Any] = {
    "instruction": gettext_lazy("Instruction"),
    "input": gettext_lazy("Input"),
    "output": gettext_lazy("Output"),
    "system": gettext_lazy("System"),
}


@register.filter
def quoted_places(sample: Sample, finding: Mapping[str, Any]) -> list[Quote]:
    """`{% for quote in sample|quoted_places:finding %}`: the first places of a finding; none once the row was edited,
    because findings speak of the text that came in, and none of findings that name no place."""
    detail = _detail(finding)
    if sample.edited or not detail.get("spans"):
        return []
    return quotes(_text(sample, str(detail.get("field", ""))), detail)


@register.filter
def finding_field(finding: Mapping[str, Any]) -> str:
    """`{{ finding|finding_field }}`: which text of the row it is about, "" where it does not say."""
    field = str(_detail(finding).get("field", ""))
    if field.startswith("turn ") and (number := number_in(field[5:])) is not None:
        return _("Earlier turn %(number)d") % {"number": number}
    return str(FIELDS.get(field, ""))


@register.filter
def further_places(finding: Mapping[str, Any]) -> int:
    """`{{ finding|further_places }}`: how many places there are beside those that are quoted."""
    count = _detail(finding).get("count", 0)
    return max(0, count - MOST) if isinstance(count, int) else 0


@register.filter
def repeated_sample(finding: Mapping[str, Any]) -> int | None:
    """`{% with twin=finding|repeated_sample %}`: the id of the sample that a near-duplicate nearly repeats, None for
    other findings and where that row became no sample."""
    kind, _colon, number = str(_detail(finding).get("nearest", "")).partition(":")
    if (wanted := number_in(number)) is None:
        return None
    rows = Sample.objects.filter(**{"pk" if kind == "sample" else "draft": wanted})
    return rows.values_list("pk", flat=True).first()


@register.filter
def repeated_text(finding: Mapping[str, Any]) -> str:
    """`{{ finding|repeated_text }}`: the evaluation set and the text of it that a row repeats, "" otherwise."""
    detail = _detail(finding)
    if "set" not in detail or finding.get("code") != "contaminated":
        return ""
    if detail["set"] == OWN:
        return _("sample %(number)s of this project") % {"number": detail.get("item", 0)}
    return _("%(set)s, text %(number)s") % {"set": detail["set"], "number": detail.get("item", 0)}


def _detail(finding: Any) -> Mapping[str, Any]:
    """What it says of its place; nothing where the stored finding is of no form of ours."""
    detail = finding.get("detail") if isinstance(finding, Mapping) else None
    return detail if isinstance(detail, Mapping) else {}


def _text(sample: Sample, field: str) -> str:
    if field in FIELDS:
        return str(getattr(sample, field))
    number = number_in(field.removeprefix("turn ")) if field.startswith("turn ") else None
    if number is not None and 0 < number <= len(sample.turns):
        turn = sample.turns[number - 1]
        return str(turn.get("content", "")) if isinstance(turn, Mapping) else ""
    return ""
