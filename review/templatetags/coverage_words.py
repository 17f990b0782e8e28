"""Coverage and selections in words: axes, and what a value of an axis is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()

AXES: Mapping[str, Any] = {
    "task_type": _("Task type"),
    "topic": _("Topic"),
    "language": _("Language"),
    "difficulty": _("Difficulty"),
}
VALUES: Mapping[str, Any] = {
    "": pgettext_lazy("in a chart", "not said"),
    "…": _("others"),
    "easy": pgettext_lazy("difficulty", "easy"),
    "medium": pgettext_lazy("difficulty", "medium"),
    "hard": pgettext_lazy("difficulty", "hard"),
    "en": _("English"),
    "zh": _("Chinese"),
}


@register.filter
def axis_word(name: str) -> str:
    """An axis in words."""
    return str(AXES.get(name, name))


@register.filter
def value_word(value: str, axis: str = "") -> str:
    """A value of an axis in words; what people named themselves stays as it is."""
    fixed = not value or value == "…" or axis in ("difficulty", "language")
    return str(VALUES.get(value, value)) if fixed else value


REASONS: Mapping[str, Any] = {
    "": pgettext_lazy("of a selection", "chosen"),
    "too_similar": _("too like a chosen one"),
    "no_score": _("without a score"),
    "over_budget": _("beyond the number asked for"),
}
ADVICE: Mapping[str, Any] = {
    "strictest": _("The strictest tier already lasts for this budget."),
    "wider": _("The strictest tiers would be repeated too often for this budget; a wider one lasts."),
    "too_few": _("No tier lasts for this budget: make more rows, or train shorter."),
    "none": _("Name a budget to see how often each tier would be repeated."),
}
DOMAINS: Mapping[str, Any] = {
    "clip_pictures": _("shown on pictures with captions"),
    "language_pretraining": _("shown on pretraining of language models"),
}


@register.filter
def ranked_word(reason: str) -> str:
    """What became of a row of a selection."""
    return str(REASONS.get(reason, reason))


@register.filter
def epochs_advice(code: str) -> str:
    """What the adviser of epochs says."""
    return str(ADVICE.get(code, code))


@register.filter
def domain_word(name: str) -> str:
    """Where a finding was shown."""
    return str(DOMAINS.get(name, name))
