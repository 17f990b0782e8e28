"""What share of a run's drafts repeats what is there already: they were paid for like the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generation.actions.repeat_memory import REASONS
from generation.figures import StageFigures
from generation.models import Project, Run, RunTally

EARLIER_RUNS = 5
_FEWEST, _MUCH = 20, 0.1


@dataclass(frozen=True, slots=True)
class RepeatShare:
    """`repeated` of `drafts` were dropped because they repeat something, in the stages in which any were."""

    repeated: int
    drafts: int

    @property
    def one_in(self) -> int:
        """One in so many repeats something."""
        return round(self.drafts / self.repeated)

    @property
    def much(self) -> bool:
        """Whether there are enough drafts to tell, and a tenth of them repeats something: more of what the run draws
        from would help."""
        return self.drafts >= _FEWEST and self.repeated >= _MUCH * self.drafts


def share_of(stages: Iterable[StageFigures]) -> RepeatShare | None:
    """The share in a run with these figures; None where nothing was dropped for what it repeats."""
    return _share({each.stage: Counter({"admitted": each.admitted, **dict(each.dropped)}) for each in stages})


def share_before(project: Project, *, recipe: str) -> RepeatShare | None:
    """The share in the project's latest runs of the recipe. Two queries."""
    runs = Run.objects.in_project(project).filter(recipe=recipe, preview=False)
    latest = list(runs.values_list("pk", flat=True)[:EARLIER_RUNS])
    counted: dict[str, Counter[str]] = {}
    tallies = RunTally.objects.filter(run__in=latest, name__startswith="draft.").values_list("run", "name", "count")
    for run, name, count in tallies:
        stage, _dot, reason = name.rpartition(".")
        counted.setdefault(f"{run} {stage}", Counter())[reason] += count
    return _share(counted)


def _share(stages: Mapping[str, Counter[str]]) -> RepeatShare | None:
    repeated = drafts = 0
    for counted in stages.values():
        if found := sum(count for reason, count in counted.items() if reason in REASONS):
            repeated += found
            drafts += counted.total()
    return RepeatShare(repeated, drafts) if repeated > 0 else None
