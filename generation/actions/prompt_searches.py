"""Searches for better prompts: what people approved by prompt version, what a run tried, and how the best is kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from generation.actions.prompts import save_version, texts_for
from generation.models import Draft, Person, Project, PromptVersion, Run, Sample
from generation.recipes.base import Recipe, slots
from generation.recipes.prompt_optimisation.course import HELD_OUT, PROPOSE, SCORE
from generation.recipes.prompt_optimisation.templates import with_instruction, with_system

RECIPE = "prompt_optimisation"
_DECIDED = (Sample.State.APPROVED, Sample.State.REJECTED)
_MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class TriedPrompt:
    """One instruction of a search; scores from 0 to 100, None where it was not scored (yet)."""

    draft: int
    step: int
    text: str
    score: float | None
    held_out: float | None
    best: bool


def approvals(project: Project) -> list[dict[str, Any]]:
    """Each prompt version that runs of the project used, with how many of its rows were approved of those decided.

    As `PromptView`s in plain JSON. A run's rows count for every prompt of the run.
    """
    rows = Sample.objects.filter(project=project, run__isnull=False, state__in=_DECIDED).order_by()
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for run, state, number in rows.values_list("run_id", "state").annotate(n=Count("id")):
        counts[run][state] = number
    used = Run.objects.filter(pk__in=counts).values_list("id", "template_versions", "template_texts")
    found: dict[tuple[str, int], list[Any]] = {}
    for run, versions, texts in used:
        for slot, version in versions.items():
            kept = found.setdefault((slot, version), [texts.get(slot, ""), 0, 0])
            kept[1] += counts[run].get(Sample.State.APPROVED, 0)
            kept[2] += sum(counts[run].values())
    numbers = dict(PromptVersion.objects.filter(pk__in={pk for _, pk in found}).values_list("pk", "number"))
    return [
        {"slot": slot, "number": numbers.get(pk, 0), "text": text, "approved": approved, "decided": decided}
        for (slot, pk), (text, approved, decided) in sorted(found.items())
    ]


def tried_prompts(run: Run) -> list[TriedPrompt]:
    """What a search tried, in the order in which it was; [] for any other run."""
    if run.recipe != RECIPE:
        return []
    drafts = Draft.objects.filter(run=run, state=Draft.State.ADMITTED, stage__in=[PROPOSE, SCORE]).order_by("id")
    rows = [(pk, stage, content) for pk, stage, content in drafts.values_list("pk", "stage", "content")[:_MOST_ROWS]]
    held_out = {c["instruction"]: c["data"]["score"] for _, stage, c in rows if _share(stage, c) == HELD_OUT}
    scored = {c["instruction"]: c["data"]["score"] for _, stage, c in rows if _share(stage, c) not in ("", HELD_OUT)}
    best = next((text for text, score in scored.items() if score == max(scored.values())), None)
    shown: dict[str, TriedPrompt] = {}
    for pk, stage, content in rows:
        text = content["instruction"]
        if text not in shown and _share(stage, content) != HELD_OUT:
            shown[text] = TriedPrompt(
                pk, content["data"]["step"], text, scored.get(text), held_out.get(text), text == best
            )  # fmt: skip
    return sorted(shown.values(), key=lambda each: (each.step, each.draft))


def _share(stage: str, content: dict[str, Any]) -> str:
    return str(content["data"]["split"]) if stage == SCORE else ""


def save_tried(run: Run, *, draft: int, recipe: Recipe, slot: str, by: Person, now: datetime) -> PromptVersion:
    """Puts an instruction that the search tried into use, in the text of `slot` that the project uses now.

    `Draft.DoesNotExist` for one that it did not try; `FaultyPromptError` where it cannot stand in a template. What
    people's approval was asked about is the system section, and takes its place; others go where they were tried.
    """
    row = Draft.objects.get(pk=draft, run=run, state=Draft.State.ADMITTED, stage__in=[PROPOSE, SCORE])
    text = row.content["instruction"]
    known = {each.name for each in slots(recipe)}
    _, template = texts_for(run.project, recipe=recipe, language=run.language)[slot] if slot in known else (0, "")
    if run.params.get("objective") == "approval":
        template = with_system(template, text)
    else:
        template = with_instruction(template, text, run.params.get("position", "before_question"))
    return save_version(
        run.project, slot=slot, language=run.language, text=template, by=by, now=now, note=f"#{run.pk}"
    )  # fmt: skip
