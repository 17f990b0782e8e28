"""Moving a run from state to state: the one place that changes `Run.state`."""

from __future__ import annotations

from django.db import transaction

from fdc_project.web.states import check
from generation.models import Run


def move_to(run_id: int, *, to: str, **changes: object) -> Run:
    """Moves the run along its table of transitions; `TransitionError` when it does not lead there.

    Leaving `paused` clears the reason.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        check(run, to)
        run.state = to
        if to != Run.State.PAUSED:
            run.pause_reason = run.pause_detail = ""
        for name, value in changes.items():
            setattr(run, name, value)
        run.save(update_fields=["state", "pause_reason", "pause_detail", *changes])
    return run


def pause_for(run_id: int, *, reason: str, detail: str = "") -> bool:
    """Pauses a running run for a reason; False when it is not running any more, so that the first reason stands."""
    changes = {"state": Run.State.PAUSED, "pause_reason": reason, "pause_detail": detail[:4000]}
    return bool(Run.objects.filter(pk=run_id, state=Run.State.RUNNING).update(**changes))
