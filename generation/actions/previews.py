"""A paid preview: a few tasks of a run that is not started yet, asked for real and booked like any other call.

Its run is marked as a preview: it is drained as every run is, so its money is as true, but it plans no waves, and its
drafts are looked at and never admitted. A free preview needs no rows: `recipes.rehearsal` plays it through.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count

from generation import dispatch
from generation.actions.assignments import assignment_of
from generation.actions.drafts import draft_value
from generation.actions.estimates import Measured, MeasuredCall, MeasuredTask
from generation.actions.pool_memory import Memory
from generation.actions.run_closing import close
from generation.actions.run_sources import part_asked
from generation.actions.run_tallies import move_tallies
from generation.actions.sources import few, sources_of
from generation.actions.starts import Wish, snapshot
from generation.actions.weighing import weigh
from generation.engine.fingerprint import derived_seed
from generation.models import Call, Draft, Item, Person, Pool, Project, Run
from generation.types import AdmittedView, PoolView, Usage
from generation.types import Draft as DraftValue

SHOWN = 3
"""Tasks of each stage that a preview works."""
_ROWS = 500


@dataclass(frozen=True, slots=True)
class Looked:
    """A draft of a preview, with the reason for which admission would drop it."""

    stage: str
    draft: DraftValue
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a preview brought. `seconds` is a call's mean time on the wire; `cost_micro` includes what may be billed."""

    over: bool
    drafts: tuple[Looked, ...]
    calls: int
    failed: int
    tokens_in: float
    tokens_out: float
    seconds: float
    cost_micro: int
    tasks: tuple[MeasuredTask, ...] = ()

    @property
    def measured(self) -> Measured:
        """What its calls took, for an estimate."""
        return Measured(self.calls, self.tokens_in, self.tokens_out, self.seconds, self.tasks)


def start_preview(
    project: Project,
    *,
    wish: Wish,
    by: Person | None,
    now: datetime,
    start_key: str = "",
    tasks: int = SHOWN,
    rows: int = _ROWS,
) -> Run:
    """The ledger of a paid preview on some `rows`, with its first `tasks` of each stage. `StartRefusedError` as for a
    run; the same key, the same preview."""
    if start_key and (run := Run.objects.filter(project=project, start_key=start_key, preview=True).first()):
        return run
    fields = snapshot(project, wish=replace(wish, batch=""), now=now)  # nobody waits a day for a look
    fields = few(fields, most=rows)
    with transaction.atomic():
        pool, _ = Pool.objects.get_or_create(project=project, name="main")
        run = Run.objects.create(
            project=project, pool=pool, started_by=by, created_at=now, started_at=now, start_key=start_key,
            state=Run.State.RUNNING, preview=True, estimate={"tasks": tasks}, **fields,
        )  # fmt: skip
        _plan_from(run, stage_at=0)
        dispatch.ring(dispatch.DRAIN_RUN, run.pk)
    return run


def preview_of(run: Run) -> Preview:
    """The preview as far as it has come."""
    means: dict[str, Any] = _answered(run).aggregate(
        count=Count("id"), read=Avg("prompt_tokens"), written=Avg("completion_tokens"), latency=Avg("latency_ms")
    )
    fresh = Run.objects.get(pk=run.pk)
    drafts = list(Draft.objects.filter(run=run).order_by("item__number", "index"))
    return Preview(
        over=fresh.state not in (Run.State.RUNNING, Run.State.STOPPING),
        drafts=tuple(Looked(row.stage, draft_value(row.content), row.reason) for row in drafts),
        calls=means["count"],
        failed=Call.objects.filter(run=run, state=Call.State.FAILED, superseded=False).count(),
        tokens_in=float(means["read"] or 0),
        tokens_out=float(means["written"] or 0),
        seconds=float(means["latency"] or 0) / 1000,
        cost_micro=fresh.spent_micro + fresh.maybe_billed_micro,
        tasks=_tasks(run, drafts),
    )


def _answered(run: Run) -> Any:
    """The preview's calls that were answered and paid for; those taken over from earlier runs say nothing new."""
    return Call.objects.filter(run=run, state=Call.State.PARSED, reused_from=None)


def _tasks(run: Run, drafts: list[Draft]) -> tuple[MeasuredTask, ...]:
    """Each task that is done: its stage, what its calls took, and the drafts that admission would let pass."""
    used: dict[int, list[MeasuredCall]] = {}
    figures = ("item_id", "endpoint_id", "model", "prompt_tokens", "completion_tokens", "cached_tokens")
    answered = Call.objects.filter(run=run, state=Call.State.PARSED)
    for item, endpoint, model, read, written, cached, thought in answered.values_list(*figures, "thinking_tokens"):
        usage = Usage(read, written, cached_tokens=cached, thinking_tokens=thought)
        used.setdefault(item, []).append(MeasuredCall(usage, part_asked(run, endpoint=endpoint, model=model)))
    kept: dict[int, list[DraftValue]] = {}
    for row in drafts:
        if not row.reason and not row.content.get("drop_reason"):
            kept.setdefault(row.item_id, []).append(draft_value(row.content))
    done = Item.objects.filter(run=run, state=Item.State.DONE).order_by("number").values_list("pk", "stage")
    return tuple(MeasuredTask(stage, tuple(used.get(pk, ())), tuple(kept.get(pk, ()))) for pk, stage in done)


def advance_preview(run: Run, *, memory: Memory, fenced: Callable[[], None], now: datetime) -> bool:
    """One step of a running preview: the next stage's tasks when the stage before is done, else the end."""
    items = Item.objects.filter(run=run)
    if items.filter(state__in=[Item.State.PLANNED, Item.State.LEASED]).exists():
        return False
    undecided = Draft.objects.filter(run=run, item__admitted=False).order_by("item__number", "index")
    weighed = weigh(run, drafts=undecided, memory=memory)
    with transaction.atomic():
        fenced()
        Draft.objects.bulk_update(weighed, ["reason"], batch_size=200)
        items.update(admitted=True)
    with transaction.atomic():
        fenced()
        if _plan_from(run, stage_at=run.wave + 1):
            dispatch.ring(dispatch.DRAIN_RUN, run.pk)
            return True
    close(run, fenced=fenced, now=now)
    return True


def _plan_from(run: Run, *, stage_at: int) -> int:
    """Plans the first tasks of the next stage that has any; how many."""
    for at in range(stage_at, len(assignment_of(run).recipe.stages)):
        if count := _plan(run, stage_at=at):
            return count
    return 0


def _plan(run: Run, *, stage_at: int) -> int:
    """Plans the first tasks of a stage from the drafts of the stages before it; how many."""
    assignment = assignment_of(run)
    stage = assignment.recipe.stages[stage_at]
    drawn = sources_of(run)
    worked = dict(Item.objects.filter(run=run).order_by().values_list("stage").annotate(Count("id")))
    view = PoolView(
        stage_at + 2, drawn.seeds, drawn.samples, drawn.documents, drawn.vocabulary, _kept(run), worked, worked,
        run.random_seed,
    )  # fmt: skip
    context = assignment.context(random.Random(derived_seed(run.random_seed, 0, stage.name)))
    payloads = stage.plan(view, context)[: run.estimate.get("tasks", SHOWN)]
    Item.objects.bulk_create(
        [
            Item(
                run=run, stage=stage.name, wave=stage_at, number=run.next_number + at, payload=payload,
                random_seed=derived_seed(run.random_seed, run.next_number + at),
            )
            for at, payload in enumerate(payloads)
        ]
    )  # fmt: skip
    Run.objects.filter(pk=run.pk).update(wave=stage_at, next_number=run.next_number + len(payloads))
    move_tallies(run.pk, moves={"item.planned": len(payloads)})
    return len(payloads)


def _kept(run: Run) -> dict[str, list[AdmittedView]]:
    """What the next stage is shown: the drafts that would be admitted; where that is none, all that are any."""
    kept: dict[str, list[AdmittedView]] = {}
    dropped: dict[str, list[AdmittedView]] = {}
    for draft in Draft.objects.filter(run=run).order_by("item__number", "index"):
        value = draft_value(draft.content)
        if not value.dropped:
            stages = dropped if draft.reason else kept
            stages.setdefault(draft.stage, []).append(AdmittedView(draft.pk, draft.wave, value))
    return dropped | kept
