"""The part of a new run's form that says what its rows may repeat."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.actions.starts import LEAST_THRESHOLD, Repeats
from generation.forms.params import PREFIX
from generation.models import Run

NOVELTY_PARAMS = (f"{PREFIX}approved_novelty", f"{PREFIX}novelty_threshold")
"""Params of recipes that say what new instructions may be like."""
_WAYS = [
    (Run.Repeats.DROP.value, _("drop it")), (Run.Repeats.NOTE.value, _("keep it with a note")),
    (Run.Repeats.OFF.value, _("do not look")),
]  # fmt: skip


def repeat_fields() -> dict[str, forms.Field]:
    """The fields; each may be left out and is then as `Repeats` has it."""
    return {
        "near_duplicates": forms.ChoiceField(
            required=False, choices=_WAYS, label=_("A near-duplicate"),
            help_text=_("nearly the same row as an approved one, or as one that was made before"),
        ),
        "near_threshold": forms.FloatField(
            required=False, min_value=LEAST_THRESHOLD, max_value=1.0, label=_("From a likeness of"),
            help_text=_("the share of runs of five words that both have; 1 means the same to the word"),
            widget=forms.NumberInput(attrs={"class": "short", "step": "any"}),
        ),
        "contamination": forms.ChoiceField(
            required=False, choices=_WAYS, label=_("A text kept for evaluation"),
            help_text=_("13 words in a row of an evaluation set, or the prompt of a row kept for evaluation"),
        ),
    }  # fmt: skip


def repeats_from(values: dict[str, Any]) -> Repeats:
    """What the fields say."""
    usual, threshold = Repeats(), values.get("near_threshold")
    return Repeats(
        values.get("near_duplicates") or usual.near_duplicates,
        usual.threshold if threshold is None else threshold,
        values.get("contamination") or usual.contamination,
    )


def repeats_of(run: Run | None) -> dict[str, Any]:
    """The fields' values for a run that is copied, else the usual ones."""
    usual = Repeats()
    if run is None:
        return {
            "near_duplicates": usual.near_duplicates, "near_threshold": usual.threshold,
            "contamination": usual.contamination,
        }  # fmt: skip
    return {
        "near_duplicates": run.near_duplicates, "near_threshold": run.near_threshold,
        "contamination": run.contamination,
    }  # fmt: skip
