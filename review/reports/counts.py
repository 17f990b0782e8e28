"""Which counts may be told to somebody who may not know yet what was preferred: a count by a score is a score.

Whoever may ask how many pairs have a margin of more than x finds every margin by halving. So what narrows rows down by
a score, a run or a source says of them is counted for those alone who had it shown. What people see anyway (prompts,
tags, the file that rows came in, and that a pair may leave at all: every list of a frozen version says that) is counted
for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generation.access import Seat
from generation.models import Answer, Project, Sample
from review.labels import tells_preferences
from review.mixes.recipe import Recipe
from review.models import Comparison, Dataset, DatasetVersion, Export
from review.reports.sights import has_looked_at_all, is_asked
from review.selection import Selection

LEAST_UNSEEN = 20
"""Figures over fewer rows say too much of each of them to whoever may not know which answer is preferred."""
_TELLING = ("chosen_longer", "chosen_shorter", "length_ratio", "good", "bad", "origins")


def may_count(seat: Seat, recipe: Recipe) -> bool:
    """Whether the person may be told how many rows the recipe's filters let through."""
    return not narrows_by_verdicts(seat.project, recipe) or has_looked_at_all(seat)


def narrows_by_verdicts(project: Project, recipe: Recipe) -> bool:
    """Whether a filter of the recipe tells something of the rows that it lets through which people may not know before
    they vote. Of samples only scores do, where people may be asked about some of them."""
    return any(_tells(project, source.selection) for source in recipe.sources)


def figures_for(seat: Seat, version: DatasetVersion) -> Mapping[str, Any]:
    """A version's figures as far as the person may know them: lengths, labels and sources of few rows would tell which
    answers were preferred, and so would those of many that all lean the same way."""
    kind, figures = version.dataset.kind, version.figures
    if not tells_preferences(seat.project, kind=kind) or has_looked_at_all(seat):
        return figures
    if may_tell_figures(seat, rows=version.rows) and not _all_alike(figures):
        return figures
    return {name: value for name, value in version.figures.items() if name not in _TELLING}


def may_tell_figures(seat: Seat, *, rows: int) -> bool:
    """Whether figures over so many rows may be told to somebody who may not know which answers are preferred.

    Not over few rows; and not while something waits for their vote: two sets that differ in one pair differ in their
    figures by what was preferred in it, however many rows they have.
    """
    return rows >= LEAST_UNSEEN and not is_asked(seat)


def _all_alike(figures: Mapping[str, Any]) -> bool:
    """Whether a figure tells of each row alike: all of them good, or the longer answer chosen in all."""
    sides = (("chosen_longer", "chosen_shorter"), ("good", "bad"))
    return any(one in figures and bool(figures[one]) != bool(figures.get(other)) for one, other in sides)


def veil_exports(seat: Seat, exports: Sequence[Export]) -> None:
    """Takes off exports what tells what was preferred: texts and places of faults, and of few rows the size and the
    hash, which somebody who knows the answers can work out for either way round."""
    kinds = {export.version.dataset.kind for export in exports}
    telling = {kind for kind in kinds if tells_preferences(seat.project, kind=kind)}
    if not telling or has_looked_at_all(seat):
        return
    for export in exports:
        if export.version.dataset.kind in telling:
            export.job.errors = []
            if export.rows < LEAST_UNSEEN:
                export.size, export.sha256 = 0, ""
                export.files = [each | {"size": 0, "sha256": ""} for each in export.files]


def sees_labels(seat: Seat, recipe: Recipe) -> bool:
    """Whether the person may be told how many of few rows are good and how many bad."""
    return not tells_preferences(seat.project, kind=recipe.kind) or has_looked_at_all(seat)


def _tells(project: Project, selection: Selection) -> bool:
    if not selection.telling:
        return False
    if selection.kind != Dataset.Kind.SFT:
        return tells_preferences(project, kind=selection.kind)
    approved = Sample.State.APPROVED
    answers = Answer.objects.filter(sample__project=project, sample__state=approved)
    return answers.exists() or Comparison.objects.filter(project=project, sample__state=approved).exists()
