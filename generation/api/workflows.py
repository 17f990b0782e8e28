"""Workflows: made, changed, started, watched, stopped."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from fdc_project.web.paging import page_of
from generation.access import Seat
from generation.actions.workflow_steps import step_like
from generation.actions.workflows import (
    FaultyStepError,
    TurnAtWorkError,
    cancel_turn,
    resume_turn,
    retire_workflow,
    save_workflow,
    start_turn,
)
from generation.api.door import RefusedError, api_seat
from generation.api.seeds import listed
from generation.models import Role, Run, Workflow, WorkflowTurn
from generation.schemas import Listed, Paging
from generation.schemas.workflows import StepIn, TurnOut, WorkflowIn, WorkflowOut

router = Router(tags=["workflows"])
MICRO = 1_000_000


@router.get("/projects/{slug:slug}/workflows", response=Listed[WorkflowOut])
def list_workflows(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """The project's workflows, newest first."""
    rows = Workflow.objects.in_project(api_seat(request, slug).project)
    return listed(page_of(rows, after=query.after, size=query.size, newest_first=True))


@router.post("/projects/{slug:slug}/workflows", response={201: WorkflowOut})
def make_workflow(request: HttpRequest, slug: str, body: WorkflowIn) -> Status[Workflow]:
    """Puts a workflow together; 422 names the step that could not be run, and why."""
    return Status(201, _save(api_seat(request, slug, Role.EDITOR), body, None))


@router.put("/projects/{slug:slug}/workflows/{int:workflow_id}", response=WorkflowOut)
def change_workflow(request: HttpRequest, slug: str, workflow_id: int, body: WorkflowIn) -> Workflow:
    """Sets steps and clock anew; a turn at work keeps its own."""
    seat = api_seat(request, slug, Role.EDITOR)
    return _save(seat, body, _workflow(seat, workflow_id))


@router.delete("/projects/{slug:slug}/workflows/{int:workflow_id}", response={204: None})
def remove_workflow(request: HttpRequest, slug: str, workflow_id: int) -> Status[None]:
    """Takes the workflow away; its runs stay."""
    seat = api_seat(request, slug, Role.EDITOR)
    retire_workflow(_workflow(seat, workflow_id), by=seat.person, now=timezone.now())
    return Status(204, None)


@router.get("/projects/{slug:slug}/workflows/{int:workflow_id}/turns", response=Listed[TurnOut])
def list_turns(request: HttpRequest, slug: str, workflow_id: int, query: Query[Paging]) -> dict[str, Any]:
    """The workflow's turns, newest first."""
    rows = _workflow(api_seat(request, slug), workflow_id).turns.order_by("-id")
    return listed(page_of(rows, after=query.after, size=query.size, newest_first=True))


@router.post("/projects/{slug:slug}/workflows/{int:workflow_id}/turns", response={201: TurnOut})
def begin_turn(request: HttpRequest, slug: str, workflow_id: int) -> Status[WorkflowTurn]:
    """Starts a turn; 409 while one is at work."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        return Status(201, start_turn(_workflow(seat, workflow_id), by=seat.person, now=timezone.now()))
    except TurnAtWorkError:
        raise RefusedError(409, "turn_at_work") from None


@router.post("/projects/{slug:slug}/workflows/{int:workflow_id}/turns/{int:turn_id}/cancel", response=TurnOut)
def stop_turn(request: HttpRequest, slug: str, workflow_id: int, turn_id: int) -> WorkflowTurn:
    """Stops the turn and the run at work. 409 when it is over."""
    turn = _turn(api_seat(request, slug, Role.EDITOR), workflow_id, turn_id)
    cancel_turn(turn, now=timezone.now())
    return WorkflowTurn.objects.get(pk=turn.pk)


@router.post("/projects/{slug:slug}/workflows/{int:workflow_id}/turns/{int:turn_id}/resume", response=TurnOut)
def go_on_turn(request: HttpRequest, slug: str, workflow_id: int, turn_id: int) -> WorkflowTurn:
    """Lets a paused or failed turn go on. 409 when there is nothing to go on with."""
    turn = _turn(api_seat(request, slug, Role.EDITOR), workflow_id, turn_id)
    try:
        resume_turn(turn, now=timezone.now())
    except Run.DoesNotExist:
        raise RefusedError(409, "wrong_state") from None
    return WorkflowTurn.objects.get(pk=turn.pk)


def _save(seat: Seat, body: WorkflowIn, found: Workflow | None) -> Workflow:
    try:
        return save_workflow(
            seat.project, name=body.name, steps=[_step(seat, step) for step in body.steps], by=seat.person,
            now=timezone.now(), only_new=body.only_new, every_hours=body.every_hours, workflow=found,
        )  # fmt: skip
    except FaultyStepError as fault:
        raise RefusedError(422, fault.code, path=f"body.steps.{fault.at}") from None


def _step(seat: Seat, step: StepIn) -> dict[str, Any]:
    said = step.model_dump(exclude_unset=True, exclude={"run", "budget"})
    if step.budget is not None:
        said["budget_micro"] = int(step.budget * MICRO)
    if step.run is None:
        return said
    return step_like(get_object_or_404(Run.objects.in_project(seat.project), pk=step.run)) | said


def _workflow(seat: Seat, workflow_id: int) -> Workflow:
    return get_object_or_404(Workflow.objects.in_project(seat.project), pk=workflow_id)


def _turn(seat: Seat, workflow_id: int, turn_id: int) -> WorkflowTurn:
    return get_object_or_404(WorkflowTurn, pk=turn_id, workflow=_workflow(seat, workflow_id))
