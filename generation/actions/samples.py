"""Admission: what becomes of drafts, in item order, one admitter at a time per pool.

The pool's lease keeps others out and its fence keeps late ones from writing; no database lock is held while checks and
novelty are computed, so reviewers never wait for them. The outcome depends on the rows alone, not on how many workers
made them or how fast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F

from generation.actions.admitted import Decided, write_decisions
from generation.actions.assignments import assignment_of
from generation.actions.drafts import draft_value
from generation.actions.pool_memory import Memory, recall, remember
from generation.actions.previews import advance_preview
from generation.actions.run_closing import close, wind_up
from generation.actions.waves import plan_next_wave
from generation.engine.recorder import FileRecorder, fate
from generation.models import Draft, Item, Pool, Run
from generation.quality.checks import check
from generation.quality.novelty import TOO_SIMILAR
from generation.quality.places import plain
from generation.recipes.base import Recipe, Stage
from generation.types import Draft as DraftValue

LEASE = timedelta(seconds=60)
_ITEMS = 100
_DECIDABLE = (Item.State.DONE, Item.State.FAILED, Item.State.CANCELLED)


class PoolLostError(Exception):
    """Another admitter holds the pool now; nothing was written after it took over."""


@dataclass
class Turn:
    """One admitter's hold of a pool."""

    pool_id: int
    owner: str
    fence: int
    clock: Callable[[], datetime]

    def fenced(self) -> None:
        """`PoolLostError` unless the pool is still held; locks it until the transaction ends, and renews the lease."""
        mine = Pool.objects.filter(pk=self.pool_id, fence=self.fence, lease_owner=self.owner)
        if not mine.update(lease_until=self.clock() + LEASE):
            raise PoolLostError


def admit(pool_id: int, *, owner: str, folder: Path, clock: Callable[[], datetime]) -> int:
    """Decides all drafts that can be decided now, plans waves and closes runs; how many steps it took.

    Does nothing when another admitter is at work.
    """
    recorder = FileRecorder(folder, owner)
    try:
        turn = _take(pool_id, owner=owner, folder=folder, clock=clock)
        if turn is None:
            return 0
        try:
            memory = recall(Pool.objects.get(pk=pool_id), fence=turn.fence)
            steps = _work(turn, memory)
            remember(memory)
        finally:
            Pool.objects.filter(pk=pool_id, fence=turn.fence).update(lease_owner="", lease_until=None)
    finally:
        recorder.close()
    return steps


def _take(pool_id: int, *, owner: str, folder: Path, clock: Callable[[], datetime]) -> Turn | None:
    """The pool under a lease, or None while somebody alive holds it."""
    pool = Pool.objects.filter(pk=pool_id).first()
    if pool is None:
        return None
    now = clock()
    held = bool(pool.lease_owner) and pool.lease_until is not None and pool.lease_until > now
    if held and fate(folder, pool.lease_owner).item is None:
        return None
    free = Pool.objects.filter(pk=pool_id, fence=pool.fence)
    if not free.update(lease_owner=owner, lease_until=now + LEASE, fence=F("fence") + 1):
        return None
    return Turn(pool_id, owner, pool.fence + 1, clock)


def _work(turn: Turn, memory: Memory) -> int:
    steps = 0
    while True:
        open_ = [Run.State.RUNNING, Run.State.STOPPING, Run.State.PAUSED]
        runs = Run.objects.filter(pool_id=turn.pool_id, state__in=open_)
        moved = sum(_advance(run, turn, memory) for run in runs.order_by("id"))
        if not moved:
            return steps
        steps += moved


def _advance(run: Run, turn: Turn, memory: Memory) -> bool:
    """One step of one run; False when there is nothing to do for it now."""
    if run.preview and run.state == Run.State.RUNNING:
        return advance_preview(run, memory=memory, fenced=turn.fenced, now=turn.clock())
    undecided = Item.objects.filter(run=run, admitted=False).order_by("number")
    ready = list(takewhile(lambda item: item.state in _DECIDABLE, undecided[:_ITEMS]))
    if ready and not run.preview:
        _decide(run, ready, turn, memory)
        return True
    if run.state == Run.State.STOPPING:
        return wind_up(run, fenced=turn.fenced, now=turn.clock())
    head = undecided.first()
    if run.state != Run.State.RUNNING or not wave_is_due(run, head=head):
        return False
    if plan_next_wave(run, memory=memory, fenced=turn.fenced, now=turn.clock()):
        return True
    close(run, fenced=turn.fenced, now=turn.clock())
    return True


def wave_is_due(run: Run, *, head: Item | None) -> bool:
    """Whether all that the next wave's plan may see is decided. Numbers follow waves, so the first item tells."""
    return head is None or head.wave > run.wave - 1


def _decide(run: Run, items: list[Item], turn: Turn, memory: Memory) -> None:
    made = assignment_of(run)
    settings = made.params.model_dump()
    by_number = {item.pk: item.number for item in items}
    drafts = list(Draft.objects.filter(item__in=items, state=Draft.State.PENDING))
    decided = []
    for row in sorted(drafts, key=lambda each: (by_number[each.item_id], each.index)):
        judge = Judge(made.recipe, made.stage(row.stage), made.params, settings, memory)
        decided.append(judge.decide(run, row))
    with transaction.atomic():
        turn.fenced()
        write_decisions(run, items=items, decided=decided, recipe=made.recipe, now=turn.clock())


@dataclass(frozen=True)
class Judge:
    """Checks, then novelty, then what it repeats, then the target: the first that objects gives the reason."""

    recipe: Recipe
    stage: Stage
    params: Any
    settings: Mapping[str, Any]
    memory: Memory

    def decide(self, run: Run, row: Draft) -> Decided:
        """What becomes of the draft; an admitted one is kept in the memory at once, for those that follow."""
        draft = draft_value(row.content)
        admitted = self.memory.admitted_of(run).setdefault(self.stage.name, [])
        findings: list[dict[str, Any]] = []
        novelty: dict[str, Any] = {}
        reason = draft.drop_reason or self._object(draft, findings)
        if not reason and self.stage.novel:
            reason, novelty = self._compare(draft)
        reason = reason or self._repeats(run, draft, findings)
        if not reason and not self.recipe.admits(self.stage.name, len(admitted), self.params):
            reason = "over_target"
        decided = Decided(row, draft, reason, findings, novelty, None if reason else len(admitted))
        if not reason:
            admitted.append(decided.view())
            if self.stage.novel:
                self.memory.keep(draft.compared, key=f"draft:{row.pk}")
            self.memory.repeats.keep(draft, pk=row.pk)
        return decided

    def _repeats(self, run: Run, draft: DraftValue, findings: list[dict[str, Any]]) -> str:
        """Why the draft is dropped for what it repeats, "" when it is not; notes what was found either way."""
        for finding in self.memory.repeats.findings(run, draft, novel=self.stage.novel):
            findings.append(finding)
            if finding["drop"]:
                return str(finding["code"])
        return ""

    def _object(self, draft: DraftValue, findings: list[dict[str, Any]]) -> str:
        """Runs the stage's checks until one drops the draft; notes what each found."""
        for name in self.stage.checks:
            for finding in check(name)(draft, self.settings):
                findings.append(plain(finding))
                if finding.drop:
                    return finding.code
        return ""

    def _compare(self, draft: DraftValue) -> tuple[str, dict[str, Any]]:
        pool = self.memory.novelty_pool(compat=bool(self.settings.get("rouge_compat", False)))
        nearest = pool.nearest(draft.compared)
        threshold = float(self.settings.get("novelty_threshold", pool.threshold))
        found = {"score": round(nearest.score, 6), "nearest": nearest.id, "threshold": threshold}
        return (TOO_SIMILAR if nearest.score > threshold else ""), found
