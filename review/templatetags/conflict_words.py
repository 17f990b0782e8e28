"""Conflicts of samples in words, for templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

VIEWS: Mapping[str, Any] = {
    "conflict": _("In conflict"),
    "redundant": _("Redundant"),
    "settled": _("Settled"),
}
KINDS: Mapping[str, Any] = {
    "conflict": _("One question, different answers"),
    "redundant": _("One question, much the same answer"),
}
FAULTS: Mapping[str, Any] = {
    "not_found": _("This group is gone: a new search replaced it."),
    "nothing_kept": _("Mark what stays. To reject all of them, do so in review."),
    "settled_already": _("Somebody settled this group before."),
    "not_settled": _("This group is not settled."),
}


@register.filter
def conflict_view(view: str) -> Any:
    """One of the lists of groups."""
    return VIEWS.get(view, view)


@register.filter
def conflict_kind(kind: str) -> Any:
    """What the samples of a group have in common."""
    return KINDS.get(kind, kind)


def conflict_fault(code: str) -> Any:
    """Why a group was not settled."""
    return FAULTS.get(code, code)
