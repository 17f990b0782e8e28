"""Taking back what failed, so that it can be tried again: nothing that was admitted is touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Min, Q

from fdc_project.web.states import TransitionError
from generation.actions.run_tallies import move_tallies
from generation.actions.tallies import count_moves
from generation.models import Call, Draft, Item, Run, Sample

_BATCH = 200
_RETRYABLE = (Run.State.RUNNING, Run.State.PAUSED, Run.State.COMPLETED_WITH_ERRORS, Run.State.FAILED)
_UNANSWERED = (Call.State.FAILED, Call.State.UNKNOWN, Call.State.SKIPPED)


def take_back_failed(run: Run) -> int:
    """Voids the failed calls of failed items and every later step, and plans the items anew; how many.

    `TransitionError` when the run is in a state that cannot go on.
    """
    if run.state not in _RETRYABLE:
        raise TransitionError(run, run.state, Run.State.RUNNING)
    taken, last = 0, 0
    while True:
        with transaction.atomic():
            failed = Item.objects.filter(run=run, state=Item.State.FAILED, pk__gt=last)
            items = list(failed.select_for_update().order_by("pk")[:_BATCH])
            if not items:
                return taken
            _take_back(run, items)
        last, taken = items[-1].pk, taken + len(items)


def _take_back(run: Run, items: Sequence[Item]) -> None:
    moves: Counter[str] = Counter({"item.failed": -len(items)})
    _void(items, moves)
    filtered = _forget_refused_drafts(items, moves)
    Item.objects.filter(pk__in=[item.pk for item in items]).update(
        state=Item.State.PLANNED, failure="", failure_detail="", finished_at=None, not_before=None, crashes=0,
        admitted=False,
    )  # fmt: skip
    count_moves(run.project_id, kind="sample", moves={Sample.State.FILTERED: -filtered}, shard=run.pk)
    move_tallies(run.pk, moves=moves)


def _void(items: Sequence[Item], moves: Counter[str]) -> None:
    """The failed calls and all that came after the first of them; a changed recipe asks everything anew."""
    changed = [item.pk for item in items if item.failure == "recipe_changed"]
    live = Call.objects.filter(item__in=items, superseded=False, voided=False)
    first = dict(live.filter(state__in=_UNANSWERED).order_by().values_list("item").annotate(Min("step")))
    for item, step in first.items():
        void = live.filter(item_id=item).filter(Q(state__in=_UNANSWERED) | Q(step__gt=step))
        _void_calls(list(void), moves)
    _void_calls(list(live.filter(item_id__in=changed)), moves)


def _void_calls(calls: Sequence[Call], moves: Counter[str]) -> None:
    """Takes back these requests with all their tries, so that the next try is a first one."""
    for call in calls:
        Call.objects.filter(item_id=call.item_id, step=call.step, index=call.index).update(voided=True)
        moves["call.asked"] -= 1
        moves["call.voided"] += 1
        if call.state in _UNANSWERED:
            moves["call.failed"] -= 1
            moves[f"failure.{call.failure}"] -= call.state != Call.State.SKIPPED
        else:
            moves["call.answered"] -= 1


def _forget_refused_drafts(items: Sequence[Item], moves: Counter[str]) -> int:
    """Drafts that the recipe itself refused, or that wait for admission: the items will propose them anew.

    Returns how many filtered samples went with them.
    """
    open_ = Draft.objects.filter(item__in=items).exclude(state=Draft.State.ADMITTED)
    refused = [draft for draft in open_ if draft.state == Draft.State.PENDING or draft.content.get("drop_reason")]
    samples = Sample.objects.filter(draft__in=refused, state=Sample.State.FILTERED, version=1)
    kept = set(Sample.objects.filter(draft__in=refused).exclude(pk__in=samples).values_list("draft_id", flat=True))
    gone = [draft for draft in refused if draft.pk not in kept]
    samples.delete()
    Draft.objects.filter(pk__in=[draft.pk for draft in gone]).delete()
    for draft in gone:
        if draft.state == Draft.State.DROPPED:
            moves[f"draft.{draft.stage}.{draft.reason}"] -= 1
    filtered = sum(draft.state == Draft.State.DROPPED and draft.kind == "sample" for draft in gone)
    moves["sample.filtered"] -= filtered
    return filtered
