"""Workflows: the list, one of them with its turns, and the form in which steps are put together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fdc_project.web.htmx import go, render_page
from fdc_project.web.states import TransitionError
from generation.access import Seat, seat_in
from generation.actions.workflows import (
    FaultyStepError,
    NoStepError,
    TurnAtWorkError,
    cancel_turn,
    pause_turn,
    resume_turn,
    retire_workflow,
    save_workflow,
    start_turn,
)
from generation.forms.workflows import WorkflowForm
from generation.models import Role, Run, Workflow, WorkflowTurn
from generation.recipes import RECIPES
from generation.words import START_FAULTS, WORKFLOW_FAULTS, word

LATEST = 20


@require_safe
def workflows(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's workflows with their newest turn."""
    seat = seat_in(request.user, slug)
    rows = [
        {"workflow": each, "titles": _titles(each.steps), "turn": each.turns.order_by("-id").first()}
        for each in Workflow.objects.in_project(seat.project)
    ]
    context = {"seat": seat, "rows": rows, "may_edit": seat.may(Role.EDITOR)}
    return render_page(request, "generation/workflows.html", context)


@require_http_methods(["GET", "POST"])
def workflow_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Puts a workflow together from runs that were tried before."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    return _form_page(request, seat, None)


@require_http_methods(["GET", "POST"])
def workflow_edit(request: HttpRequest, slug: str, workflow_id: int) -> HttpResponse:
    """Changes the steps and the clock of a workflow."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    return _form_page(request, seat, _workflow(seat, workflow_id))


@require_http_methods(["GET", "POST"])
def workflow(request: HttpRequest, slug: str, workflow_id: int) -> HttpResponse:
    """One workflow and its turns. A POST starts, pauses, resumes or cancels a turn, or takes the workflow away."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    found = _workflow(seat, workflow_id)
    if request.method == "POST":
        said = _do(seat, found, request.POST.get("do", ""))
        if said:
            messages.error(request, said)
        there = "workflows" if request.POST.get("do") == "retire" else "workflow"
        return go(request, reverse(there, args=[slug, found.pk] if there == "workflow" else [slug]))
    turns = list(found.turns.order_by("-id").select_related("started_by")[:LATEST])
    context = {
        "seat": seat, "workflow": found, "titles": _titles(found.steps), "turns": [_turn(each) for each in turns],
        "at_work": bool(turns) and not turns[0].over, "may_edit": seat.may(Role.EDITOR),
    }  # fmt: skip
    return render_page(request, "generation/workflow.html", context)


def _do(seat: Seat, found: Workflow, what: str) -> str:
    """Does what was asked; a sentence when it could not be done."""
    now = timezone.now()
    newest = found.turns.order_by("-id").first()
    try:
        if what == "start":
            start_turn(found, by=seat.person, now=now)
        elif what == "retire":
            retire_workflow(found, by=seat.person, now=now)
        elif newest is not None and what == "pause":
            pause_turn(newest)
        elif newest is not None and what == "resume":
            resume_turn(newest, now=now)
        elif newest is not None and what == "cancel":
            cancel_turn(newest, now=now)
    except TurnAtWorkError:
        return _("A turn is at work already.")
    except (TransitionError, Run.DoesNotExist):
        return _("That is not possible now.")
    return ""


def _form_page(request: HttpRequest, seat: Seat, found: Workflow | None) -> HttpResponse:
    form = WorkflowForm(request.POST or None, project=seat.project, workflow=found)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            saved = save_workflow(
                seat.project, name=values["name"], steps=form.steps(), by=seat.person, now=timezone.now(),
                only_new=values["only_new"], every_hours=values["every_hours"] or 0, workflow=found,
            )  # fmt: skip
        except FaultyStepError as fault:
            form.add_error(f"step_{fault.at + 1}", _why(fault.code))
        except NoStepError:
            form.add_error("step_1", _("A workflow needs a step."))
        else:
            return go(request, reverse("workflow", args=[seat.project.slug, saved.pk]))
    context = {"seat": seat, "form": form, "workflow": found}
    status = 422 if form.is_bound and form.errors else 200
    return render_page(request, "generation/workflow_new.html", context, status=status)


def _why(code: str) -> str:
    return word(WORKFLOW_FAULTS if code in WORKFLOW_FAULTS else START_FAULTS, code)


def _workflow(seat: Seat, workflow_id: int) -> Workflow:
    return get_object_or_404(Workflow.objects.in_project(seat.project), pk=workflow_id)


def _titles(steps: list[dict[str, Any]]) -> list[str]:
    known = {each.name: _(each.title) for each in RECIPES}
    return [known.get(step["recipe"], step["recipe"]) for step in steps]


def _turn(turn: WorkflowTurn) -> dict[str, Any]:
    """A turn with each of its steps and the run that worked it, None where that is still to come."""
    runs = {run.step: run for run in turn.runs.order_by("id")}
    steps = [(title, runs.get(at)) for at, title in enumerate(_titles(turn.steps))]
    paused = any(run is not None and run.state == Run.State.PAUSED for _title, run in steps)
    return {"turn": turn, "steps": steps, "paused": paused, "why": _why(turn.message) if turn.message else ""}
