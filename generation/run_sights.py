"""Whether somebody may read what the models of a run wrote: its page and its calls name them beside the text."""

from __future__ import annotations

from generation.access import Seat
from generation.models import Answer, Look, PreferencePair, Run

COMPARING = ("model_comparison", "generate_pairs", "rank_responses", "constitutional", "complex_from_simple")
"""Recipes that make answers to compare, or judge them: theirs are kept from the first call on."""


def hides_texts(run: Run) -> bool:
    """Whether the run made answers or pairs, or is about to, or judges some."""
    if run.recipe in COMPARING or "answers" in (run.pinned or {}):
        return True
    return Answer.objects.filter(run=run).exists() or PreferencePair.objects.filter(run=run).exists()


def may_read(seat: Seat, run: Run) -> bool:
    """Whether the person may see texts beside the names of the run's models: always where it made nothing to compare,
    else once they looked, which is recorded."""
    if not hides_texts(run):
        return True
    looks = Look.objects.filter(person=seat.person, project=seat.project)
    return looks.filter(run=run).exists() or looks.filter(run=None, sample=None).exists()
