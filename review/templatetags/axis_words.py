"""Axes of coverage in words, and what their values are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from generation.quality.diversity import OTHERS
from review.reports.coverage_grid import Head

register = template.Library()

AXES: Mapping[str, Any] = {
    "task_type": _("Task type"),
    "topic": _("Topic"),
    "language": _("Language"),
    "difficulty": _("Difficulty"),
    "length": pgettext_lazy("of an output", "Length"),
    "category": pgettext_lazy("of a vocabulary", "Category"),
    "term": pgettext_lazy("of a vocabulary", "Term"),
    "document": _("Document"),
    "seed": _("Seed"),
    "run": _("Run"),
    "tag": _("Tag"),
}
_NONE: Mapping[str, Any] = {
    "topic": pgettext_lazy("rows", "in no topic"),
    "category": pgettext_lazy("rows", "speak of no term"),
    "term": pgettext_lazy("rows", "speak of no term"),
    "document": pgettext_lazy("rows", "from no document"),
    "seed": pgettext_lazy("rows", "from no seed"),
    "run": pgettext_lazy("rows", "brought in"),
    "tag": pgettext_lazy("rows", "without a tag"),
    "length": pgettext_lazy("rows", "without an output"),
    "difficulty": pgettext_lazy("rows", "never scored"),
}
_VALUES: Mapping[str, Mapping[str, Any]] = {
    "difficulty": {
        "easy": pgettext_lazy("difficulty", "easy"),
        "medium": pgettext_lazy("difficulty", "medium"),
        "hard": pgettext_lazy("difficulty", "hard"),
    },
    "length": {
        "short": _("under 50 words"),
        "middling": _("50 to 249 words"),
        "long": _("250 words and more"),
    },
    "language": {"en": _("English"), "zh": _("Chinese")},
    "task_type": {
        "code": pgettext_lazy("task", "code"),
        "translation": pgettext_lazy("task", "translation"),
        "summarization": pgettext_lazy("task", "summary"),
        "math": pgettext_lazy("task", "mathematics"),
        "classification": pgettext_lazy("task", "classification"),
        "extraction": pgettext_lazy("task", "extraction"),
        "rewriting": pgettext_lazy("task", "rewriting"),
        "creative_writing": pgettext_lazy("task", "creative writing"),
        "brainstorming": pgettext_lazy("task", "ideas and lists"),
        "open_qa": pgettext_lazy("task", "open question"),
        "closed_qa": pgettext_lazy("task", "question on a text"),
        "chat": pgettext_lazy("task", "chat"),
        "tool_use": pgettext_lazy("task", "use of tools"),
    },
}


@register.filter
def axis_name(axis: str) -> str:
    """An axis in words."""
    return str(AXES.get(axis, axis))


@register.filter
def value_name(value: str, axis: str) -> str:
    """A value of an axis in words; what people named themselves stays as it is."""
    if not value:
        return str(_NONE.get(axis) or pgettext_lazy("in a chart", "not said"))
    if value == OTHERS:
        return str(_("others"))
    return str(_VALUES.get(axis, {}).get(value, value))


@register.filter
def head_name(head: Head, axis: str) -> str:
    """What a line or a column of the table is called."""
    return head.label or value_name(head.value, axis)


@register.filter
def zipped(heads: Sequence[Head], cells: Sequence[Any]) -> list[tuple[Head, Any]]:
    """Each column's head with the cell of a line that stands under it."""
    return list(zip(heads, cells, strict=True))


@register.filter
def in_map(values: Mapping[str, Any], name: str) -> Any:
    """The value of a mapping, None where it has none."""
    return values.get(name)
