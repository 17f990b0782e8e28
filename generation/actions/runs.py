"""The verbs of runs: start, pause, resume, cancel, retry what failed, raise the budget."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from generation import dispatch
from generation.actions.chosen_sources import note_skipped
from generation.actions.confirming import needs_confirmation
from generation.actions.estimates import Measured, expect
from generation.actions.retrying import take_back_failed
from generation.actions.run_states import move_to
from generation.actions.sources import EVERYTHING, Choice
from generation.actions.starts import StartRefusedError, Wish, snapshot
from generation.models import Endpoint, Person, Pool, Project, Run

__all__ = [
    "StartRefusedError", "cancel_run", "pause_run", "raise_budget", "resume_run", "retry_failed", "start_run",
    "start_wished",
]  # fmt: skip

MAIN_POOL = "main"


def start_run(
    project: Project,
    *,
    recipe: str,
    params: Mapping[str, Any],
    by: Person | None,
    now: datetime,
    language: str = "en",
    endpoint: Endpoint | None = None,
    model: str = "",
    choice: Choice = EVERYTHING,
    random_seed: int = 42,
    budget_micro: int | None = None,
    max_in_flight: int = 64,
    start_key: str = "",
    measured: Measured | None = None,
    parts: Mapping[str, tuple[Endpoint, str]] | None = None,
) -> Run:
    """`start_wished` for a wish that is said in keywords."""
    wish = Wish(
        recipe, params, language, endpoint, model, choice, random_seed, budget_micro, max_in_flight, parts=parts or {}
    )  # fmt: skip
    return start_wished(project, wish=wish, by=by, now=now, start_key=start_key, measured=measured)


def start_wished(
    project: Project,
    *,
    wish: Wish,
    by: Person | None,
    now: datetime,
    start_key: str = "",
    measured: Measured | None = None,
    confirmed: bool = True,
) -> Run:
    """A running run with everything that it depends on fixed. The same `start_key` again returns the same run.

    What it is expected to take is kept with it, by what a preview `measured`. Where nobody `confirmed` the cost, a run
    that may cost more than the project lets pass is refused as "needs_confirmation".
    `StartRefusedError` when it cannot be started so: its `code` says why.
    """
    if start_key and (run := Run.objects.filter(project=project, start_key=start_key).first()):
        return run
    fields = snapshot(project, wish=wish, now=now)
    expected = expect(project, wish=wish, on=now.date(), measured=measured, fields=fields)
    if not confirmed and needs_confirmation(project, estimate=expected, budget_micro=wish.budget_micro):
        raise StartRefusedError("needs_confirmation")
    try:
        with transaction.atomic():
            pool, _ = Pool.objects.get_or_create(project=project, name=MAIN_POOL)
            run = Run.objects.create(
                project=project, pool=pool, started_by=by, created_at=now, started_at=now, start_key=start_key,
                state=Run.State.RUNNING, estimate=expected.note(), **fields,
            )  # fmt: skip
            note_skipped(run, asked=wish.asked, now=now)
            _wake(run)
    except IntegrityError:
        if not start_key:
            raise
        run = Run.objects.get(project=project, start_key=start_key)
    return run


def pause_run(run: Run) -> Run:
    """Calls on the wire come home, no new ones go out. `TransitionError` when the run is not running."""
    return move_to(run.pk, to=Run.State.PAUSED, pause_reason=Run.PauseReason.USER, pause_detail="")


def resume_run(run: Run) -> Run:
    """Lets a paused run go on, whatever it was paused for. `TransitionError` when it is not paused."""
    with transaction.atomic():
        moved = move_to(run.pk, to=Run.State.RUNNING)
        _wake(moved)
    return moved


def cancel_run(run: Run) -> Run:
    """Cuts off what is on the wire and works on nothing more; what was made so far stays."""
    with transaction.atomic():
        target = Run.State.CANCELLED if run.state == Run.State.CREATED else Run.State.STOPPING
        moved = move_to(run.pk, to=target)
        _wake(moved)
    return moved


def retry_failed(run: Run) -> int:
    """Puts the failed items back to work and returns how many. Answers that are there are not paid for again."""
    taken = take_back_failed(run)
    if taken:
        with transaction.atomic():
            fresh = Run.objects.select_for_update().get(pk=run.pk)
            if fresh.state not in (Run.State.RUNNING, Run.State.PAUSED):
                fresh = move_to(run.pk, to=Run.State.RUNNING, finished_at=None)
            _wake(fresh)
    return taken


def raise_budget(run: Run, *, budget_micro: int | None) -> Run:
    """Sets a new cap (None: no cap); a run that was paused for its budget goes on.

    `StartRefusedError` "unknown_price" where one of its models had no price at the start: no cap could be kept.
    """
    if budget_micro is not None and not _priced(run):
        raise StartRefusedError("unknown_price")
    with transaction.atomic():
        Run.objects.filter(pk=run.pk).update(budget_micro=budget_micro)
        fresh = Run.objects.select_for_update().get(pk=run.pk)
        if fresh.state == Run.State.PAUSED and fresh.pause_reason == Run.PauseReason.BUDGET:
            fresh = move_to(run.pk, to=Run.State.RUNNING)
            _wake(fresh)
    return fresh


def _priced(run: Run) -> bool:
    """Whether every model that the run may ask has a price, the one that it began with and all others."""
    others = [*run.fallbacks, *run.parts.values()]
    return run.offline or (run.input_price is not None and all(each.get("price") for each in others))


def _wake(run: Run) -> None:
    dispatch.ring(dispatch.ADMIT, run.pool_id)
    dispatch.ring(dispatch.DRAIN_RUN, run.pk)
