"""The verbs of workflows: made, started by hand or by the clock, moved on step by step, stopped.

A turn is carried by a `Job`: whichever worker looks at it when it is due starts the next step or waits on. Every step's
run has a start key of its own, so a turn that is looked at twice starts nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from fdc_project.web.states import check
from generation.actions.audit import audit
from generation.actions.jobs import cancel_job, start_job
from generation.actions.runs import cancel_run, pause_run, resume_run
from generation.actions.workflow_steps import FaultyStepError, checked_step
from generation.models import Person, Project, Run, Workflow, WorkflowTurn

TURN = "generation.carry_turn"
SCHEDULE = "generation.keep_schedule"
MOST_STEPS = 8
_CARRIED = (Run.State.RUNNING, Run.State.PAUSED)


class NoStepError(Exception):
    """A workflow needs at least one step, and has at most `MOST_STEPS`."""


class TurnAtWorkError(Exception):
    """The workflow has a turn at work already; `turn` is that one."""

    def __init__(self, turn: WorkflowTurn) -> None:
        super().__init__(turn.pk)
        self.turn = turn


def save_workflow(
    project: Project,
    *,
    name: str,
    steps: Sequence[Mapping[str, Any]],
    by: Person,
    now: datetime,
    only_new: bool = True,
    every_hours: int = 0,
    workflow: Workflow | None = None,
) -> Workflow:
    """A new workflow, or `workflow` with new steps and schedule; turns at work keep theirs.

    `NoStepError`; `FaultyStepError` names the step and why it cannot be run.
    """
    if not 1 <= len(steps) <= MOST_STEPS:
        raise NoStepError
    checked = [checked_step(project, step=step, at=at, now=now) for at, step in enumerate(steps)]
    with transaction.atomic():
        kept = workflow or Workflow(project=project, made_by=by, created_at=now)
        kept.name, kept.steps, kept.only_new = name, checked, only_new
        _keep_schedule(kept, every_hours=every_hours, by=by, now=now)
        audit("workflow.saved", by=by, project=project, subject=name, now=now, steps=len(checked))
    return kept


def retire_workflow(workflow: Workflow, *, by: Person, now: datetime) -> None:
    """Takes the workflow away; its turns and runs stay, and a turn at work goes on to its end."""
    with transaction.atomic():
        _keep_schedule(workflow, every_hours=0, by=by, now=now)
        Workflow.objects.filter(pk=workflow.pk).update(retired_at=now)
        audit("workflow.retired", by=by, project=workflow.project, subject=workflow.name, now=now)


@transaction.atomic
def start_turn(
    workflow: Workflow, *, by: Person | None, now: datetime, by_clock: bool = False
) -> WorkflowTurn:  # fmt: skip
    """A turn through the workflow's steps as they are now; `TurnAtWorkError` while another one is on its way."""
    fresh = Workflow.objects.select_for_update().get(pk=workflow.pk)
    running = fresh.turns.filter(state=WorkflowTurn.State.RUNNING).first()
    if running is not None:
        raise TurnAtWorkError(running)
    turn = WorkflowTurn.objects.create(
        workflow=fresh, steps=fresh.steps, by_clock=by_clock, started_by=by, created_at=now
    )  # fmt: skip
    turn.job = start_job(fresh.project, kind=TURN, params={"turn": turn.pk}, by=by, now=now)
    turn.save(update_fields=["job"])
    return turn


def pause_turn(turn: WorkflowTurn) -> None:
    """Pauses the run at work. `TransitionError` when there is none that runs."""
    pause_run(_at_work(turn))


def resume_turn(turn: WorkflowTurn, *, now: datetime) -> None:
    """Lets the paused run go on; a turn that failed tries its step again."""
    if turn.state != WorkflowTurn.State.FAILED:
        resume_run(_at_work(turn))
        return
    with transaction.atomic():
        fresh = WorkflowTurn.objects.select_for_update().get(pk=turn.pk)
        check(fresh, WorkflowTurn.State.RUNNING)
        fresh.state, fresh.message, fresh.finished_at = WorkflowTurn.State.RUNNING, "", None
        fresh.job = start_job(
            fresh.workflow.project, kind=TURN, params={"turn": fresh.pk, "after": _newest(fresh)}, by=None, now=now
        )
        fresh.save(update_fields=["state", "message", "finished_at", "job"])


def cancel_turn(turn: WorkflowTurn, *, now: datetime) -> None:
    """Stops the turn and the run at work; what was made stays. `TransitionError` when it is over."""
    with transaction.atomic():
        fresh = WorkflowTurn.objects.select_for_update().get(pk=turn.pk)
        check(fresh, WorkflowTurn.State.CANCELLED)
        fresh.state, fresh.finished_at = WorkflowTurn.State.CANCELLED, now
        fresh.save(update_fields=["state", "finished_at"])
        for run in fresh.runs.filter(state__in=_CARRIED):
            cancel_run(run)


def _at_work(turn: WorkflowTurn) -> Run:
    return Run.objects.filter(turn=turn, step=turn.step).latest("id")


def _newest(turn: WorkflowTurn) -> int:
    """The id of the turn's newest run, 0 where it has none."""
    return turn.runs.order_by("-id").values_list("pk", flat=True).first() or 0


def _keep_schedule(workflow: Workflow, *, every_hours: int, by: Person, now: datetime) -> None:
    """Saves the workflow with a clock that rings every so many hours, or with none."""
    before = workflow.schedule
    if before is not None and not before.over and workflow.every_hours != every_hours:
        cancel_job(before, now=now)
        workflow.schedule = None
    workflow.every_hours = every_hours
    workflow.save()
    if every_hours and (workflow.schedule is None or workflow.schedule.over):
        params = {"workflow": workflow.pk}
        job = start_job(workflow.project, kind=SCHEDULE, params=params, by=by, now=now)
        job.not_before = now + timedelta(hours=every_hours)
        job.save(update_fields=["not_before"])
        workflow.schedule = job
        workflow.save(update_fields=["schedule"])


__all__ = [
    "FaultyStepError", "NoStepError", "TurnAtWorkError", "cancel_turn", "pause_turn", "resume_turn", "retire_workflow",
    "save_workflow", "start_turn",
]  # fmt: skip
