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
