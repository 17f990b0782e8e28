"""What a check found, as a page shows it: the field in words, and the places quoted from the row's own text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    detail = finding.get("detail") or {}
    if sample.edited or not detail.get("spans"):
        return []
    return quotes(_text(sample, str(detail.get("field", ""))), detail)


@register.filter
def finding_field(finding: Mapping[str, Any]) -> str:
    """`{{ finding|finding_field }}`: which text of the row it is about, "" where it does not say."""
    field = str((finding.get("detail") or {}).get("field", ""))
    if field.startswith("turn ") and field[5:].isdecimal():
        return _("Earlier turn %(number)d") % {"number": int(field[5:])}
    return str(FIELDS.get(field, ""))


@register.filter
def further_places(finding: Mapping[str, Any]) -> int:
    """`{{ finding|further_places }}`: how many places there are beside those that are quoted."""
    count = (finding.get("detail") or {}).get("count", 0)
    return max(0, count - MOST) if isinstance(count, int) else 0


@register.filter
def repeated_sample(finding: Mapping[str, Any]) -> int | None:
    """`{% with twin=finding|repeated_sample %}`: the id of the sample that a near-duplicate nearly repeats, None for
    other findings and where that row became no sample."""
    kind, _colon, number = str((finding.get("detail") or {}).get("nearest", "")).partition(":")
    if not number.isdecimal():
        return None
    rows = Sample.objects.filter(**{"pk" if kind == "sample" else "draft": int(number)})
    return rows.values_list("pk", flat=True).first()


@register.filter
def repeated_text(finding: Mapping[str, Any]) -> str:
    """`{{ finding|repeated_text }}`: the evaluation set and the text of it that a row repeats, "" otherwise."""
    detail = finding.get("detail") or {}
    if finding.get("code") != "contaminated" or "set" not in detail:
        return ""
    if detail["set"] == OWN:
        return _("sample %(number)s of this project") % {"number": detail.get("item", 0)}
    return _("%(set)s, text %(number)s") % {"set": detail["set"], "number": detail.get("item", 0)}


def _text(sample: Sample, field: str) -> str:
    if field in FIELDS:
        return str(getattr(sample, field))
    number = field.removeprefix("turn ")
    if field.startswith("turn ") and number.isdecimal() and 0 < int(number) <= len(sample.turns):
        return str(sample.turns[int(number) - 1].get("content", ""))
    return ""
