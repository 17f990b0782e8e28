"""How a run ends: its books are settled, and what nobody will work on is cancelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from generation.actions.run_states import move_to
from generation.actions.run_tallies import move_tallies, tallies
from generation.actions.spending import settle
from generation.models import Call, Item, Run


def close(run: Run, *, fenced: Callable[[], None], now: datetime) -> None:
    """Ends a run whose items are all decided: completed, or completed with errors when any item failed."""
    with transaction.atomic():
        fenced()
        failed = Item.objects.filter(run=run, state=Item.State.FAILED).exists()
        _settle_books(run)
        target = Run.State.COMPLETED_WITH_ERRORS if failed else Run.State.COMPLETED
        move_to(run.pk, to=target, finished_at=now)


def wind_up(run: Run, *, fenced: Callable[[], None], now: datetime) -> bool:
    """Takes a cancelled run one step further to its end; False while workers still hold items of it."""
    with transaction.atomic():
        fenced()
        waiting = Item.objects.filter(run=run, state=Item.State.PLANNED)
        count = waiting.update(state=Item.State.CANCELLED, finished_at=now)
        move_tallies(run.pk, moves={"item.cancelled": count})
        if count:
            return True
        if Item.objects.filter(run=run, state=Item.State.LEASED).exists():
            return False
        _settle_books(run)
        move_to(run.pk, to=Run.State.CANCELLED, finished_at=now)
    return True


def _forget_planned(run: Run) -> None:
    """Requests that no batch has taken along were never sent: what they held back is free again."""
    planned = Call.objects.filter(run=run, state=Call.State.PLANNED, superseded=False)
    held = planned.aggregate(total=Sum("reserved_micro"))["total"] or 0
    planned.update(state=Call.State.SKIPPED)
    settle(run.pk, reserved=-held, spent=0, maybe_billed=0)


def _settle_books(run: Run) -> None:
    """Calls that were cut off between the wire and the recipe may have been billed; nothing stays held back.

    Requests that were neither answered nor refused, and never will be, are counted as skipped.
    """
    _forget_planned(run)
    cut_off = Call.objects.filter(run=run, state__in=[Call.State.SENT, Call.State.ANSWERED], superseded=False)
    held = cut_off.aggregate(total=Sum("reserved_micro"))["total"] or 0
    cut_off.filter(reused_from=None).update(maybe_billed=not run.offline)
    settle(run.pk, reserved=-held, spent=0, maybe_billed=held)
    counts = Counter(tallies(run.pk))
    ended = counts["call.answered"] + counts["call.failed"] + counts["call.skipped"]
    skipped = counts["call.asked"] - ended
    move_tallies(run.pk, moves={"call.wire": -counts["call.wire"], "call.skipped": skipped})
