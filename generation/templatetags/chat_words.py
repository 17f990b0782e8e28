"""`{% load chat_words %}`: what templates and trainers do with a row, in words."""

from __future__ import annotations

from typing import Any

from django import template

from generation.chat_words import CHAT_NOTES, CHAT_REFUSALS, OWN_TEMPLATE_FAULTS, SPEAKERS
from generation.words import word

register = template.Library()


@register.filter
def chat_note(code: str) -> Any:
    """What a template did to a row."""
    return word(CHAT_NOTES, code)


@register.filter
def chat_refusal(code: str) -> Any:
    """Why a template cannot write a row."""
    return CHAT_REFUSALS.get(code) or word(OWN_TEMPLATE_FAULTS, code)


@register.filter
def speaker(role: str) -> Any:
    """Whose turn it is."""
    return word(SPEAKERS, role)
