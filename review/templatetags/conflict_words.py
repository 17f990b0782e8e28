"""Conflicts of samples in words, for templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()

VIEWS: Mapping[str, Any] = {
    "conflict": _("In conflict"),
    "redundant": _("Redundant"),
    "settled": _("Settled"),
    "pairs": _("Pairs"),
}
STATES: Mapping[str, Any] = {
    "open": pgettext_lazy("conflict", "open"),
    "settled": pgettext_lazy("conflict", "settled"),
    "no_conflict": _("no conflict"),
}
KINDS: Mapping[str, Any] = {
    "conflict": _("One question, different answers"),
    "redundant": _("One question, much the same answer"),
}
FAULTS: Mapping[str, Any] = {
    "not_found": _("This group is gone: a new search replaced it."),
    "nothing_kept": _("Mark what stays. To reject all of them, do so in review."),
    "kept_gone": _("What was to stay is rejected by now. Look at the group again."),
    "edited_since": _("Somebody changed this sample after you saw it. Nothing was written; your text is below."),
    "one_text": _("Only one sample can be written anew."),
    "text_missing": _("The answer is empty. Nothing was written."),
    "bad_text": _("The answer is too long, or holds characters that cannot be kept. Nothing was written."),
    "settled_already": _("Somebody settled this group before you. Nothing of yours was written."),
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


@register.filter
def conflict_state(state: str) -> Any:
    """How a group stands."""
    return STATES.get(state, state)


def conflict_fault(code: str) -> Any:
    """Why a group was not settled."""
    return FAULTS.get(code, code)
