"""Words for the family tree."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

OPERATIONS = {
    "constraints": _("a constraint added"),
    "deepening": _("asked deeper"),
    "concretizing": _("made concrete"),
    "reasoning": _("more steps of reasoning"),
    "input": _("input complicated"),
    "breadth": _("a new task of the same field"),
}


@register.filter
def operation(code: str) -> Any:
    """An operation of Evol-Instruct in words; one that is unknown as it is."""
    return OPERATIONS.get(code, code)
