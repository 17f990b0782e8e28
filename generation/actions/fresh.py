"""Going on with what is new: rows that no run of the same kind has had yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generation.actions.sources import Choice
from generation.models import Draft, Project, Run

_ENDED_EARLY = (Run.State.CANCELLED, Run.State.FAILED)


def unused(
    project: Project, *, choice: Choice, recipe: str, params: Mapping[str, Any], texts: Mapping[str, str], language: str
) -> Choice:  # fmt: skip
    """The choice without seeds and samples that a run of this recipe, with the same params, prompts and language, had.

    A run that was cancelled or failed had only those that it made drafts of. A param that a run is too old to have
    counts as the same. A choice that is not `fresh` is returned as it is.
    """
    if not choice.fresh:
        return choice
    seeds, samples = set(choice.without.get("seeds", ())), set(choice.without.get("samples", ()))
    runs = Run.objects.filter(project=project, recipe=recipe, language=language, preview=False).order_by("id")
    for run in runs.only("params", "template_texts", "seed_ids", "pinned", "state").iterator(chunk_size=200):
        if {**params, **run.params} != params or run.template_texts != texts:
            continue
        if run.state in _ENDED_EARLY:
            made_of = _made_of(run)
            seeds |= made_of[0]
            samples |= made_of[1]
        else:
            seeds.update(run.seed_ids)
            samples.update(pin[0] for source in ("samples", "answers") for pin in run.pinned.get(source, ()))
    return replace(choice, without={**choice.without, "seeds": seeds, "samples": samples, "answers": samples})


def _made_of(run: Run) -> tuple[set[int], set[int]]:
    """The seeds and samples that the run's drafts descend from."""
    seeds, samples = set[int](), set[int]()
    for content in Draft.objects.filter(run=run).values_list("content", flat=True).iterator(chunk_size=1000):
        seeds.update(content.get("seed_ids", ()))
        samples.update(content.get("sample_ids", ()))
    return seeds, samples
