"""The words of evaluation sets."""

from __future__ import annotations

from typing import Any

from django import template

from generation import words
from generation.evaluation_words import PRESET_WORDS

register = template.Library()


@register.filter
def preset_word(name: str) -> Any:
    """What counts as repeating an evaluation text."""
    return words.word(PRESET_WORDS, name)
