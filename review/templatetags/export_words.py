"""Words of exports for templates: kinds of data, what a contract check found."""

from __future__ import annotations

from typing import Any

from django import template

from generation.words import word
from review.contract_words import CONTRACT_FAULTS, KINDS, TRAINED
from review.words import HUB_FAULTS

register = template.Library()


@register.filter
def contract_fault(code: str) -> Any:
    """What the target says of a row, or of the file."""
    return word(CONTRACT_FAULTS, code)


@register.filter
def trained(kind: str) -> Any:
    """What is trained with data of this kind."""
    return word(TRAINED, kind)


@register.filter
def kind_rows(kind: str) -> Any:
    """What rows of this kind are called."""
    return word(KINDS, kind)


@register.filter
def hub_fault(code: str) -> Any:
    """Why a bundle did not get to the Hub."""
    return word(HUB_FAULTS, code)
