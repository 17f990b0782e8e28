"""Runs: estimate, start, watch, pause, resume, cancel, retry what failed, raise the budget."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from fdc_project.web.paging import page_of
from generation.access import Seat
from generation.actions.chosen_sources import automatic
from generation.actions.confirming import needs_confirmation
from generation.actions.estimates import Measured, expect
from generation.actions.judge_alarms import NoAlarmError, clear_alarm
from generation.actions.previews import preview_of, start_preview
from generation.actions.runs import (
    StartRefusedError,
    cancel_run,
    pause_run,
    raise_budget,
    resume_run,
    retry_failed,
    start_wished,
)
from generation.actions.sources import Choice, few, sources_in
from generation.actions.starts import Repeats, Wish, snapshot
from generation.api.door import RefusedError, api_seat
from generation.api.seeds import listed
from generation.figures import figures
from generation.models import Endpoint, Role, Run
from generation.recipes import recipe
from generation.recipes.base import PromptText
from generation.recipes.rehearsal import Stand, propose
from generation.repeat_shares import share_before
from generation.run_sights import told_of_preview
from generation.schemas import (
    BudgetIn,
    ClearedOut,
    EstimateOut,
    Listed,
    Paging,
    PreviewOut,
    RetriedOut,
    RunIn,
    RunOut,
    RunWithFiguresOut,
)

router = Router(tags=["runs"])

MICRO = 1_000_000
REHEARSED_SEEDS = 60


@router.get("/projects/{slug:slug}/runs", response=Listed[RunOut])
def list_runs(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """The project's runs, newest first."""
    rows = Run.objects.in_project(api_seat(request, slug).project).filter(preview=False)
    return listed(page_of(rows, after=query.after, size=query.size, newest_first=True))


@router.post("/projects/{slug:slug}/runs/estimate", response=EstimateOut)
def estimate_run(request: HttpRequest, slug: str, body: RunIn) -> dict[str, Any]:
    """What the run would take, nothing written and nothing sent; some of its rows too where they cost nothing."""
    seat, now = api_seat(request, slug, Role.EDITOR), timezone.now()
    wish = _wish(seat, body)
    fields = _checked(lambda: snapshot(seat.project, wish=wish, now=now))
    found = expect(seat.project, wish=wish, on=now.date(), measured=_measured(seat, body), fields=fields)
    concern = needs_confirmation(seat.project, estimate=found, budget_micro=wish.budget_micro)
    price, before = found.price, share_before(seat.project, recipe=wish.recipe)
    return {
        "seeds": found.stock.seeds,
        "samples": found.stock.samples,
        "answers": found.stock.answers,
        "documents": found.stock.documents,
        "characters": found.stock.characters,
        "terms": found.stock.terms,
        "calls_least": found.calls[0],
        "calls_most": found.calls[1],
        "free": found.free,
        "currency": price.currency if price else "",
        "input_price": price.input_price if price else None,
        "output_price": price.output_price if price else None,
        "cost_least_micro": found.micro[0] if found.cost else None,
        "cost_likely_micro": found.likely_micro,
        "cost_most_micro": found.micro[1] if found.cost else None,
        "measured_calls": found.measured.calls if found.measured else 0,
        "repeated_before": before.repeated if before else 0,
        "drafts_before": before.drafts if before else 0,
        "needs_confirmation": concern.code if concern else "",
        "rows": _rehearsed(seat, wish, fields) if found.free else [],
    }


@router.post("/projects/{slug:slug}/runs/preview", response={201: PreviewOut})
def preview_run(request: HttpRequest, slug: str, body: RunIn) -> Status[dict[str, Any]]:
    """Works the run's first tasks for real, and books what they cost. The same `start_key`, the same preview.

    Name its `id` as `preview` in an estimate or a start, and both go by what it measured.
    """
    seat = api_seat(request, slug, Role.EDITOR)
    wish, key = _wish(seat, body), f"preview-{body.start_key}"[:64] if body.start_key else ""
    run = _checked(lambda: start_preview(seat.project, wish=wish, by=seat.person, now=timezone.now(), start_key=key))
    found = preview_of(run)
    return Status(
        201, {"id": run.pk, "over": found.over, "calls": found.calls, "failed": found.failed, "currency": run.currency,
              "cost_micro": found.cost_micro},
    )  # fmt: skip


@router.post("/projects/{slug:slug}/runs", response={201: RunOut})
def make_run(request: HttpRequest, slug: str, body: RunIn) -> Status[Run]:
    """Starts a run; everything that it depends on is fixed now. The same `start_key` again gives the same run.

    422 `needs_confirmation` when it may cost more than the project lets pass, and `confirm` is not true.
    """
    seat = api_seat(request, slug, Role.EDITOR)
    wish = _wish(seat, body)
    run = _checked(
        lambda: start_wished(
            seat.project,
            wish=wish,
            start_key=body.start_key,
            by=seat.person,
            now=timezone.now(),
            confirmed=body.confirm,
            measured=_measured(seat, body),
        )
    )
    return Status(201, run)


@router.get("/projects/{slug:slug}/runs/{int:run_id}", response=RunWithFiguresOut)
def get_run(request: HttpRequest, slug: str, run_id: int) -> dict[str, Any]:
    """One run with its figures."""
    run = _run(api_seat(request, slug), run_id)
    return {"run": run, "figures": asdict(figures(run, now=timezone.now()))}


@router.post("/projects/{slug:slug}/runs/{int:run_id}/pause", response=RunOut)
def hold_run(request: HttpRequest, slug: str, run_id: int) -> Run:
    """Calls on the wire come home, no new ones go out. 409 when it is not running."""
    return pause_run(_run(api_seat(request, slug, Role.EDITOR), run_id))


@router.post("/projects/{slug:slug}/runs/{int:run_id}/resume", response=RunOut)
def go_on_run(request: HttpRequest, slug: str, run_id: int) -> Run:
    """Lets a paused run go on. 409 when it is not paused."""
    return resume_run(_run(api_seat(request, slug, Role.EDITOR), run_id))


@router.post("/projects/{slug:slug}/runs/{int:run_id}/cancel", response=RunOut)
def stop_run(request: HttpRequest, slug: str, run_id: int) -> Run:
    """Cuts off what is on the wire and works on nothing more; what was made stays. 409 when it is over."""
    return cancel_run(_run(api_seat(request, slug, Role.EDITOR), run_id))


@router.post("/projects/{slug:slug}/runs/{int:run_id}/retry-failed", response=RetriedOut)
def retry_run(request: HttpRequest, slug: str, run_id: int) -> dict[str, int]:
    """Puts failed items back to work; answers that are there are not paid for again."""
    return {"items": retry_failed(_run(api_seat(request, slug, Role.EDITOR), run_id))}


@router.post("/projects/{slug:slug}/runs/{int:run_id}/budget", response=RunOut)
def set_budget(request: HttpRequest, slug: str, run_id: int, body: BudgetIn) -> Run:
    """Sets a new cap; a run that was paused for its budget goes on. 422 where a model of the run has no price."""
    run = _run(api_seat(request, slug, Role.EDITOR), run_id)
    try:
        return raise_budget(run, budget_micro=_micro(body.budget))
    except StartRefusedError as refused:
        raise RefusedError(422, refused.code, path="body.budget") from None


@router.post("/projects/{slug:slug}/runs/{int:run_id}/clear-alarm", response=ClearedOut)
def lift_alarm(request: HttpRequest, slug: str, run_id: int) -> dict[str, int]:
    """Says that somebody looked at what a fooled judge let pass: those pairs may leave again. 409 without an alarm."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        return {"pairs": clear_alarm(_run(seat, run_id), by=seat.person, now=timezone.now())}
    except NoAlarmError as error:
        raise RefusedError(409, error.code) from None


def _run(seat: Seat, run_id: int) -> Run:
    return get_object_or_404(Run.objects.in_project(seat.project), pk=run_id)


def _measured(seat: Seat, body: RunIn) -> Measured | None:
    """What the named preview measured."""
    if body.preview is None:
        return None
    runs = Run.objects.filter(project=seat.project, preview=True, recipe=body.recipe)
    return preview_of(get_object_or_404(runs, pk=body.preview)).measured


def _micro(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * MICRO)


def _wish(seat: Seat, body: RunIn) -> Wish:
    asked = [] if body.endpoint is None else [(_usable(seat, body.endpoint, "endpoint"), body.model)]
    asked += [(_usable(seat, each.endpoint, f"fallback.{at}.endpoint"), each.model)
              for at, each in enumerate(body.fallback)]  # fmt: skip
    asked += automatic(seat.project) if body.automatic and not asked else []
    endpoint, model = asked[0] if asked else (None, body.model)
    choice = Choice(
        tuple(body.take),
        body.seeds.model_dump(exclude_defaults=True),
        body.samples.model_dump(exclude_defaults=True),
        None if body.documents is None else tuple(body.documents),
        body.vocabulary,
        fresh=body.fresh,
        answers=body.answers.model_dump(exclude_defaults=True),
    )
    return Wish(
        body.recipe, body.params, body.language, endpoint, model, choice, body.random_seed,
        _micro(body.budget), body.max_in_flight, reuse=body.reuse, fallbacks=tuple(asked[1:]),
        thinking=body.thinking, batch=body.batch, parts=_parts(seat, body, endpoint),
        repeats=Repeats(body.near_duplicates, body.near_threshold, body.contamination),
    )  # fmt: skip


def _parts(seat: Seat, body: RunIn, own: Endpoint | None) -> dict[str, tuple[Endpoint, str]]:
    """Each part with its endpoint, the run's own where none is named."""
    found = {}
    for name, each in body.parts.items():
        endpoint = own if each.endpoint is None else _usable(seat, each.endpoint, f"parts.{name}.endpoint")
        if endpoint is None:
            raise RefusedError(422, "no_endpoint", path=f"body.parts.{name}")
        found[name] = (endpoint, each.model)
    return found


def _usable(seat: Seat, endpoint_id: int, path: str) -> Endpoint:
    endpoint = Endpoint.objects.usable_in(seat.project).filter(pk=endpoint_id).first()
    if endpoint is None:
        raise RefusedError(404, "unusable_endpoint", path=f"body.{path}")
    return endpoint


def _checked(verb: Any) -> Any:
    try:
        return verb()
    except StartRefusedError as refused:
        faults = [{"path": f"body.params.{name}", "code": code} for name, code in refused.faults]
        at_fault = f"body.parts.{refused.part}" if refused.part else "body"
        path = faults[0]["path"] if faults else at_fault
        raise RefusedError(422, refused.code, path=path, faults=faults) from None


def _rehearsed(seat: Seat, wish: Wish, fields: dict[str, Any]) -> list[dict[str, Any]]:
    made = recipe(wish.recipe)
    prompts = {slot: PromptText(text) for slot, text in fields["template_texts"].items()}
    drawn = sources_in(seat.project, fields=few(fields, most=REHEARSED_SEEDS))
    stand = Stand(made, made.Params(**wish.params), prompts, drawn, wish.language, wish.random_seed)
    return [
        {"instruction": each.draft.instruction, "input": each.draft.input, "dropped": each.reason,
         "output": "" if each.draft.answer_ids else each.draft.output}
        for each in told_of_preview(seat, recipe=made, proposed=propose(stand))
    ]  # fmt: skip
