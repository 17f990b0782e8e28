"""Selections in words: what became of a row, what the work is at, units of a budget, faults of a file of scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from generation.row_words import ROW_FAULTS

register = template.Library()

REASONS: Mapping[str, Any] = {
    "": pgettext_lazy("of a selection", "chosen"),
    "chosen": pgettext_lazy("of a selection", "chosen"),
    "too_similar": _("too like a chosen one"),
    "no_score": _("without a score"),
    "over_budget": _("beyond the number asked for"),
    "misaligned": _("over the highest quality allowed"),
}
UNITS: Mapping[str, Any] = {
    "samples": _("samples seen"),
    "tokens": _("tokens seen"),
    "steps": _("steps of a batch"),
}
PHASES: Mapping[str, Any] = {
    "reading": _("reading rows"),
    "embedding": _("making vectors"),
    "choosing": _("choosing"),
    "drawing": _("drawing the trade-off"),
    "keeping": _("writing the order down"),
}
SCORE_FAULTS: Mapping[str, Any] = {
    **ROW_FAULTS,
    "no_row_named": _("The row names no sample: give id or content_hash."),
    "not_an_id": _("This is no number of a sample."),
    "not_a_hash": _("This is no content hash: 64 digits from 0 to f."),
    "no_score": _("The row has no score, and no pair of losses."),
    "other_variant": _("The row says that it was measured the other way; the two are never mixed."),
    "no_figure": _("These losses give no figure: one is negative, or the answer alone has none."),
    "unknown_row": _("This project has no such sample."),
    "changed_since": _("The sample reads otherwise by now."),
    "row_twice": _("The file has scored this sample before."),
}
ADVICE: Mapping[str, Any] = {
    "strictest": _("The strictest tier already lasts for this budget."),
    "wider": _("The strictest tiers would be repeated too often for this budget; a wider one lasts."),
    "too_few": _("No tier lasts for this budget: make more rows, or train shorter."),
    "none": _("Name a budget to see how often each tier would be repeated."),
}
DOMAINS: Mapping[str, Any] = {
    "clip_pictures": _("shown on pictures with captions"),
    "language_pretraining": _("shown on pretraining of language models"),
}


@register.filter
def ranked_word(reason: str) -> str:
    """What became of a row of a selection."""
    return str(REASONS.get(reason, reason))


@register.filter
def epochs_advice(code: str) -> str:
    """What the adviser of epochs says."""
    return str(ADVICE.get(code, code))


@register.filter
def domain_word(name: str) -> str:
    """Where a finding was shown."""
    return str(DOMAINS.get(name, name))


@register.filter
def unit_word(name: str) -> str:
    """A unit of a training budget."""
    return str(UNITS.get(name, name))


@register.filter
def phase_word(name: str) -> str:
    """What the work on a selection is at."""
    return str(PHASES.get(name, name))


@register.filter
def score_fault(code: str) -> str:
    """Why a row of a file of scores was refused."""
    return str(SCORE_FAULTS.get(code, code))
