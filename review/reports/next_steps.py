"""What somebody could do next in a project: one thing first, then a few more. Codes and figures, no sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generation.access import Seat
from generation.models import Role, Run
from review.reports.funnel import Funnel
from review.reports.home import RunLine

_OF_STATE: dict[str, str] = {
    Run.State.RUNNING: "watch_run",
    Run.State.PAUSED: "resume_run",
    Run.State.COMPLETED_WITH_ERRORS: "retry_failed",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: `code` says what, `number` how much or which run, `of` in which round."""

    code: str
    number: int = 0
    of: int = 0


def next_steps(
    seat: Seat, funnel: Funnel, runs: Sequence[RunLine], *, to_compare: tuple[int, int] = (0, 0), lacking: int = 0
) -> list[Step]:
    """The steps that make sense now for this role, the most useful first; at least one. `to_compare` is how many
    comparisons wait for this person, and the round that has most of them; `lacking` how many rows the targets of
    coverage are short of."""
    edits = seat.may(Role.EDITOR)
    steps = []
    if edits and not funnel.seeds:
        steps.append(Step("import_seeds"))
        if not (funnel.generated or runs):
            steps.append(Step("import_rows"))
    if seat.may(Role.REVIEWER) and funnel.needs_review:
        steps.append(Step("review", funnel.needs_review))
    if to_compare[0]:
        steps.insert(0 if not funnel.needs_review else len(steps), Step("compare", *to_compare))
    if edits:
        steps += _about_runs(runs)
        if lacking:
            steps.append(Step("fill_coverage", lacking))
        if funnel.approved > funnel.exported:
            steps.append(Step("export", funnel.approved - funnel.exported))
        if funnel.seeds:
            steps.append(Step("new_run", funnel.seeds))
    return steps or [Step("browse", funnel.generated)]


def _about_runs(runs: Sequence[RunLine]) -> list[Step]:
    steps: dict[str, Step] = {}
    for line in runs:
        code = _OF_STATE.get(line.run.state)
        if code and (code != "retry_failed" or line.failed):
            steps.setdefault(code, Step(code, line.run.pk))
    return list(steps.values())[:2]
