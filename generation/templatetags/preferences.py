"""States, reasons and sources of pairs in words."""

from __future__ import annotations

from typing import Any

from django import template

from generation.preference_words import HELD_BACK, PAIR_SOURCES, PAIR_STATES, VERDICTS
from generation.words import word

register = template.Library()


@register.filter
def held_back(code: str) -> Any:
    """Why a pair is held back."""
    return word(HELD_BACK, code)


@register.filter
def pair_state(code: str) -> Any:
    """How a pair stands."""
    return word(PAIR_STATES, code)


@register.filter
def pair_source(code: str) -> Any:
    """Where a preference comes from."""
    return word(PAIR_SOURCES, code)


@register.filter
def verdict(code: str) -> Any:
    """Which answer a judge preferred."""
    return word(VERDICTS, code)
