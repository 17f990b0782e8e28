"""The settings of a report on quality in words: what each is called, and its value as it is read."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_lazy

from generation.evaluation_words import PRESET_WORDS
from generation.quality.report.settings import ReportSettings
from review.quality_forms import PROFILE_CHOICES

register = template.Library()
_CHOICES = {"profile": dict(PROFILE_CHOICES), "contamination": PRESET_WORDS}
_SEED = gettext_lazy("Random seed")


@register.filter
def setting_word(name: str) -> str:
    """What a setting is called."""
    field = ReportSettings.model_fields.get(name)
    return gettext(field.title) if field and field.title else str(_SEED if name == "random_seed" else name)


@register.filter
def setting_value(value: Any, name: str) -> str:
    """A setting's value: the words of a choice, a number as it was typed."""
    if name in _CHOICES:
        return str(_CHOICES[name].get(value, value))
    return number_format(value, use_l10n=True, force_grouping=name != "random_seed")
