"""Carrying a workflow's turn from step to step, and keeping its clock: what the workers do when a job of it is due."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from generation.actions.jobs import finish_job, release_job, work_on
from generation.actions.runs import start_wished
from generation.actions.starts import StartRefusedError
from generation.actions.workflow_steps import wish_for
from generation.actions.workflows import TurnAtWorkError, start_turn
from generation.models import Job, Run, Sample, Workflow, WorkflowTurn

LOOK = timedelta(seconds=2)
LOOK_SELDOM = timedelta(seconds=20)
_ENDED_BADLY = (Run.State.FAILED, Run.State.CANCELLED)
_ENDED_WELL = (Run.State.COMPLETED, Run.State.COMPLETED_WITH_ERRORS)
_NOTHING_TO_DRAW = ("no_seeds", "no_samples", "no_documents")


def carry_turn(job_id: int, *, owner: str, clock: Callable[[], datetime]) -> None:
    """Starts the next step where one is due, else comes back soon; ends with the turn."""
    work_on(job_id, owner=owner, clock=clock, work=lambda job: _carry(job, now=clock()))


def keep_schedule(job_id: int, *, owner: str, clock: Callable[[], datetime]) -> None:
    """Starts a turn of the workflow, unless one is at work, and comes back at the next hour."""
    work_on(job_id, owner=owner, clock=clock, work=lambda job: _ring(job, now=clock()))


def _ring(job: Job, *, now: datetime) -> None:
    workflow = Workflow.objects.filter(pk=job.params["workflow"], retired_at=None).first()
    if workflow is None or not workflow.every_hours:
        finish_job(job, now=now)
        return
    with suppress(TurnAtWorkError):  # the next ring will find what this one would have taken
        start_turn(workflow, by=None, now=now, by_clock=True)
    release_job(job, now=now, not_before=now + timedelta(hours=workflow.every_hours))


def _carry(job: Job, *, now: datetime) -> None:
    turn = WorkflowTurn.objects.select_related("workflow__project").filter(pk=job.params["turn"]).first()
    if turn is None or turn.over:
        finish_job(job, now=now)
        return
    wait = _advance(turn, after=job.params.get("after", 0), now=now)
    if wait is None:
        finish_job(job, now=now)
    else:
        release_job(job, now=now, not_before=now + wait)


def _advance(turn: WorkflowTurn, *, after: int, now: datetime) -> timedelta | None:
    """One look at the turn: how long until the next, None when it is over. Somebody asked for another try of the step
    `after` that run."""
    run = Run.objects.filter(turn=turn, step=turn.step).order_by("-id").first()
    if run is None or (run.state in _ENDED_BADLY and run.pk <= after):
        return _start_step(turn, after=after, now=now)
    if run.state in _ENDED_BADLY:
        return _ended(turn, WorkflowTurn.State.FAILED, message=f"run_{run.state}", now=now)
    if run.state not in _ENDED_WELL:
        return LOOK if run.state != Run.State.PAUSED else LOOK_SELDOM
    if turn.step + 1 >= len(turn.steps):
        return _ended(turn, _outcome(turn), message="", now=now)
    if turn.steps[turn.step + 1]["draws"] == "approved" and _waits_for_people(run):
        return LOOK_SELDOM
    turn.step += 1
    return _start_step(turn, after=after, now=now)


def _waits_for_people(run: Run) -> bool:
    return Sample.objects.filter(run=run, state=Sample.State.NEEDS_REVIEW).exists()


def _start_step(turn: WorkflowTurn, *, after: int, now: datetime) -> timedelta | None:
    """Starts the run of the turn's step. Nothing to draw from is a good end; anything else that refuses is not."""
    try:
        with transaction.atomic():
            run = start_wished(
                turn.workflow.project, wish=wish_for(turn), by=turn.started_by, now=now,
                start_key=f"turn-{turn.pk}-{turn.step}-{after}",
            )  # fmt: skip
            Run.objects.filter(pk=run.pk).update(turn=turn, step=turn.step)
            WorkflowTurn.objects.filter(pk=turn.pk).update(step=turn.step, message="")
    except StartRefusedError as refused:
        if refused.code in _NOTHING_TO_DRAW:
            return _ended(turn, _outcome(turn), message=refused.code, now=now)
        return _ended(turn, WorkflowTurn.State.FAILED, message=refused.code, now=now)
    return LOOK


def _outcome(turn: WorkflowTurn) -> WorkflowTurn.State:
    if Run.objects.filter(turn=turn, state=Run.State.COMPLETED_WITH_ERRORS).exists():
        return WorkflowTurn.State.COMPLETED_WITH_ERRORS
    return WorkflowTurn.State.COMPLETED


def _ended(turn: WorkflowTurn, state: WorkflowTurn.State, *, message: str, now: datetime) -> timedelta | None:
    """The turn is over, so that nobody needs to look again."""
    WorkflowTurn.objects.filter(pk=turn.pk, state=WorkflowTurn.State.RUNNING).update(
        state=state, message=message, step=turn.step, finished_at=now
    )
    return None
