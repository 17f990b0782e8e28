"""What a run's judge was worth: whom it preferred, whether the order moved it, and whether a planted text fooled it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Sum

from generation.actions.judge_alarms import is_fooled
from generation.models import PromptVersion, Run, RunTally
from generation.preferences.proportions import Proportion
from generation.recipes.judging import UnknownJudge, judge

LEAST_AGREEMENT = 70.0
"""Percent of comparisons below which a gap between models says little of their answers."""
_CANARY = "share.canary."


@dataclass(frozen=True, slots=True)
class PromptFigures:
    """How often a judge's prompt was fooled, over all runs of the project that used the same version of it.

    `number` is the version, 0 for the text that ships.
    """

    slot: str
    number: int
    fooled: Proportion
    invalid: int


@dataclass(frozen=True, slots=True)
class JudgeFigures:
    """A run's judge. `gap`: of the comparisons that it decided, how often it preferred the stronger model; `decided`:
    of those that it gave a verdict on, how many it decided in both orders; `consistent`: how often both orders agreed,
    over all pairs that were made; `fooled`: of the planted texts that it gave a verdict on. Each None where the run has
    nothing of the kind."""

    gap: Proportion | None
    decided: Proportion | None
    consistent: Proportion | None
    fooled: Proportion | None
    invalid: int
    alarm: bool
    prompts: tuple[PromptFigures, ...]

    @property
    def agrees_too_seldom(self) -> bool:
        """Whether the stronger model was preferred in less than 70 % of what was decided."""
        return self.gap is not None and self.gap.share is not None and self.gap.share < LEAST_AGREEMENT


def judge_figures(run: Run) -> JudgeFigures | None:
    """The figures; None for a run that judges nothing. Four queries, none of which grows with its pairs."""
    if "judge" not in run.params or "canary_share" not in run.params:
        return None
    counts = dict(RunTally.objects.filter(run=run).values_list("name", "count"))
    gap, decided = _gap(counts)
    order = [counts.get(f"pair.order.{name}", 0) for name in ("consistent", "inconsistent")]
    canaries = [counts.get(_CANARY + name, 0) for name in ("fooled", "resisted", "invalid")]
    return JudgeFigures(
        gap, decided, Proportion(order[0], sum(order)) if sum(order) else None,
        Proportion(canaries[0], canaries[0] + canaries[1]) if sum(canaries) else None, canaries[2],
        bool(canaries[0]) and is_fooled(run), tuple(_prompts(run)) if sum(canaries) else (),
    )  # fmt: skip


def _gap(counts: Mapping[str, int]) -> tuple[Proportion | None, Proportion | None]:
    """A pair that was dropped because the weaker model won counts as a verdict like any other."""
    said = {name: counts.get(f"share.gap.{name}", 0) for name in ("high", "low", "tie", "inconsistent")}
    said["low"] += counts.get("draft.model_comparison.compare.prefers_low", 0)
    total, decided = sum(said.values()), said["high"] + said["low"]
    if not total:
        return None, None
    return Proportion(said["high"], decided), Proportion(decided, total)


def _prompts(run: Run) -> list[PromptFigures]:
    """For each prompt of the run's judge what the runs with the same version of it brought."""
    try:
        slots = [slot.name for slot in judge(run.params["judge"]).slots]
    except UnknownJudge:
        return []
    found = []
    for slot in slots:
        version = run.template_versions.get(slot, 0)
        runs = Run.objects.filter(project=run.project_id, language=run.language, preview=False)
        same = runs.filter(params__judge=run.params["judge"], **{f"template_versions__{slot}": version})
        tallies = RunTally.objects.filter(run__in=same, name__startswith=_CANARY).values_list("name")
        counts = Counter(dict(tallies.annotate(Sum("count")).order_by()))
        fooled, resisted, invalid = (counts[_CANARY + name] for name in ("fooled", "resisted", "invalid"))
        number = PromptVersion.objects.filter(pk=version).values_list("number", flat=True).first() if version else 0
        found.append(PromptFigures(slot, number or 0, Proportion(fooled, fooled + resisted), invalid))
    return found
