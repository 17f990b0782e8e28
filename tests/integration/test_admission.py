"""Admission: in item order, by one at a time, with the same outcome however the work was spread."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from generation.actions import pool_memory
from generation.actions.items import claim_items
from generation.actions.ledger import RunLedger
from generation.actions.samples import PoolLostError, Turn, admit
from generation.actions.tallies import counts
from generation.engine.ledger import Finished
from generation.engine.recorder import FileRecorder
from generation.models import Draft, Item, Pool, Project, Run, Sample
from generation.types import Draft as DraftValue
from tests.cast import NOW, Cast, make_cast
from tests.runs import door, plant_seeds, start_offline, work_through

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    plant_seeds(cast.other_project, now=NOW)
    return cast


def admission(run: Run, *, owner: str = "") -> int:
    hands = door()
    return admit(run.pool_id, owner=owner or hands.owner(), folder=hands.folder, clock=hands.now)


def invent(number: int, position: int) -> DraftValue:
    """A draft that is novel, unless its position says otherwise."""
    word = "".join(random.Random(number * 10 + position % 3).choices("bdklmnprst", k=7))
    texts = {
        0: f"Describe how a {word} would build the old bridge near {word}ville.",
        1: f"Describe how a {word} would build the old bridge near {word}ville.",
        2: f"List three reasons why {word} people prefer {word} over bread.",
    }
    text = texts.get(position, f"Tell {word}.")
    return DraftValue("instruction", instruction=text, language="en", data={"ordinal": number})


def finish(run: Run, order: list[int]) -> None:
    """The planned items come to their end in this order, as if by as many workers."""
    hands = door()
    books = RunLedger(run, owner="w", folder=hands.folder, clock=timezone.now)
    items = {item.number: item for item in claim_items(run.pk, owner="w", limit=100, now=timezone.now())}
    for number in order:
        books.write([Finished(items[number], [invent(number, position) for position in range(4)])])
        admission(run)


def outcome(run: Run) -> list[tuple[Any, ...]]:
    rows = Draft.objects.filter(run=run).order_by("item__number", "index")
    return list(rows.values_list("item__number", "index", "state", "reason", "rank"))


def paused(project: Project) -> Run:
    """A run with its first waves planned, paused so that nothing else plans."""
    run = start_offline(project, params={"target": 18})
    admission(run)
    return run


def test_the_outcome_is_the_same_in_whatever_order_items_come_to_their_end(cast: Cast) -> None:
    first, second = paused(cast.project), paused(cast.other_project)
    numbers = sorted(Item.objects.filter(run=first).values_list("number", flat=True))
    Run.objects.filter(pk__in=[first.pk, second.pk]).update(wave=99)
    finish(first, numbers)
    finish(second, numbers[::-1])
    assert outcome(first) == outcome(second)
    assert {row[3] for row in outcome(first)} == {"", "too_similar", "too_short"}


def test_nothing_is_decided_before_what_comes_before_it(cast: Cast) -> None:
    run = paused(cast.project)
    numbers = sorted(Item.objects.filter(run=run).values_list("number", flat=True))
    Run.objects.filter(pk=run.pk).update(wave=99)
    finish(run, numbers[1:])
    assert not Draft.objects.filter(run=run).exclude(state=Draft.State.PENDING).exists()


def test_a_pool_that_somebody_alive_holds_is_left_alone(cast: Cast) -> None:
    run = start_offline(cast.project)
    recorder = FileRecorder(door().folder, "holder")
    later = timezone.now() + timedelta(seconds=60)
    Pool.objects.filter(pk=run.pool_id).update(lease_owner="holder", lease_until=later, fence=7)
    assert admission(run) == 0
    recorder.abandon()
    assert admission(run) > 0, "its holder is dead"
    assert Pool.objects.get(pk=run.pool_id).fence == 8


def test_an_admitter_that_lost_its_pool_writes_nothing(cast: Cast) -> None:
    run = start_offline(cast.project)
    turn = Turn(run.pool_id, "old", 3, timezone.now)
    Pool.objects.filter(pk=run.pool_id).update(lease_owner="new", fence=4)
    with pytest.raises(PoolLostError):
        turn.fenced()


def test_what_the_memory_holds_is_what_the_rows_hold(cast: Cast) -> None:
    run = work_through(start_offline(cast.project, params={"target": 8}))
    memory = next(each for each in pool_memory._remembered.values() if each.pool_id == run.pool_id)
    fresh = pool_memory.Memory(run.pool_id, 0, ())
    assert len(memory.novelty_pool(compat=False)) == len(fresh.novelty_pool(compat=False))
    kept = {stage: [view.id for view in views] for stage, views in memory.admitted_of(run).items()}
    assert kept == {stage: [view.id for view in views] for stage, views in fresh.admitted_of(run).items()}


def test_a_changed_seed_makes_the_memory_forget(cast: Cast) -> None:
    run = work_through(start_offline(cast.project, params={"target": 4}))
    memory = pool_memory._remembered[run.pool_id]
    cast.project.seeds.filter(pk=run.seed_ids[0]).update(updated_at=timezone.now())
    pool = Pool.objects.get(pk=run.pool_id)
    assert pool_memory.recall(pool, fence=memory.fence + 1) is not memory


def test_the_projects_counters_follow_the_samples(cast: Cast) -> None:
    before = counts(cast.project.pk, kind="sample")
    run = work_through(start_offline(cast.project, params={"target": 12}))
    after = counts(cast.project.pk, kind="sample")
    for state in (Sample.State.NEEDS_REVIEW, Sample.State.FILTERED):
        rows = Sample.objects.filter(run=run, state=state).count()
        assert after.get(state, 0) - before.get(state, 0) == rows


def test_a_filtered_sample_keeps_its_reason_and_what_the_checks_found(cast: Cast) -> None:
    run = work_through(start_offline(cast.project, params={"target": 30}))
    dropped = Draft.objects.filter(run=run, kind="sample", state=Draft.State.DROPPED).exclude(reason="")
    assert dropped.exists()
    for draft in dropped:
        assert draft.sample.state == Sample.State.FILTERED
        assert draft.sample.reason == draft.reason
