"""Batches: the same items, slower and at half the price; nothing is handed in twice, and what came home is used."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from generation.actions import batch_answers, batches
from generation.actions.batches import run_batch
from generation.actions.due import due_in
from generation.actions.endpoints import create_endpoint
from generation.actions.prices import set_price
from generation.actions.runs import StartRefusedError, cancel_run, resume_run, start_wished
from generation.actions.starts import Wish
from generation.models import Batch, Call, Endpoint, Item, Job, ModelPrice, Run, RunEvent, Seed
from generation.providers.batch_files import Line
from tests.batch_server import batch_server
from tests.cast import NOW, make_cast
from tests.chat_server import Said, refusal
from tests.faults.scene import ROOT
from tests.runs import door, plant_seeds, turn
from tests.scripted_server.script import load

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = load(ROOT / "tests" / "scripted_server" / "steady.json")


@pytest.fixture
def cast():
    return make_cast()


def answering(body, place) -> Said:
    _name, rule, arrival, _try = SCRIPT.answer(body)
    return Said(rule.reply(arrival)["text"])


def begin(cast, base_url, *, batch="file", preset="openai", price="10", options=None, **more) -> Run:
    if not Seed.objects.exists():
        plant_seeds(cast.project, now=NOW)
    place = create_endpoint(
        cast.project, kind="openai_compatible", by=cast.alice, now=NOW, key="sk-12345678", name="Desk", preset=preset,
        base_url=base_url, models_listed=["m-1"], options=options or {},
    )  # fmt: skip
    set_price(
        place, model="m-1", currency="USD", input_price=Decimal(price), output_price=Decimal(price), source="t",
        on=NOW.date(),
    )  # fmt: skip
    ModelPrice.objects.update(batch_share=Decimal("0.5"))
    wish = Wish("self_instruct", {"target": 3}, endpoint=place, model="m-1", batch=batch, **more)
    return start_wished(cast.project, wish=wish, by=cast.alice, now=NOW)


def carry() -> None:
    """A worker's look at each open batch, the minute between two looks being over."""
    for job in Job.objects.at_work().filter(kind=batches.WORK_BATCH):
        Job.objects.filter(pk=job.pk).update(not_before=None)
        Job.objects.filter(pk=job.pk, state="running").update(lease_until=NOW)
        run_batch(job.pk, owner="w", clock=timezone.now)


def dying(name: str) -> None:
    """A worker that is killed at a named place."""
    raise SystemExit


def through(run, *, rounds=12) -> Run:
    for _ in range(rounds):
        run.refresh_from_db()
        if run.state != Run.State.RUNNING:
            return run
        turn(run)
        carry()
    return run


def test_a_run_by_batches_brings_the_same_rows_at_half_the_price(cast):
    with batch_server(answering, looks=1) as server:
        run = through(begin(cast, server.base_url, budget_micro=10**9))
    assert run.state == "completed"
    calls = Call.objects.filter(run=run)
    assert {call.state for call in calls} == {"parsed"}
    assert calls.count() == server.billed == sum(batch.requests for batch in Batch.objects.all())
    tokens = sum(call.prompt_tokens + call.completion_tokens for call in calls)
    assert abs(run.spent_micro - tokens * 5) <= calls.count()
    assert run.reserved_micro == run.maybe_billed_micro == 0
    assert run.samples.filter(state="needs_review").exists()
    assert {batch.state for batch in Batch.objects.all()} == {"ingested"}
    kinds = list(RunEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds[:2] == ["batch.created", "batch.ended"]


def test_a_worker_that_dies_after_the_batch_was_made_makes_no_second_one(cast, monkeypatch):
    with batch_server(answering) as server:
        run = begin(cast, server.base_url)
        turn(run)
        for _ in range(2):
            with monkeypatch.context() as patch:
                patch.setattr(batches, "killpoint", dying)
                with pytest.raises(SystemExit):
                    carry()
        assert Call.objects.filter(state="sent").count() == Batch.objects.get().requests
        through(run)
        run.refresh_from_db()
    assert run.state == "completed"
    assert len({batch["metadata"]["fdc_batch"] for batch in server.batches}) == len(server.batches)
    assert server.billed == Call.objects.filter(state="parsed").count()


def test_an_expired_batch_brings_what_it_has_and_the_rest_travels_again(cast):
    def half(body, place):
        return answering(body, place) if place % 2 == 0 or len(server.batches) > 1 else None

    with batch_server(half, status="expired") as server:
        run = begin(cast, server.base_url, random_seed=3)
        Run.objects.filter(pk=run.pk).update(params=run.params | {"target": 12})
        run.refresh_from_db()
        through(run, rounds=20)
        run.refresh_from_db()
    assert run.state == "completed"
    again = Call.objects.filter(run=run, superseded=True)
    assert again.exists()
    assert {(call.state, call.cost_micro) for call in again} == {("failed", 0)}
    assert server.billed == Call.objects.filter(run=run, state="parsed").count()
    assert run.reserved_micro == 0


def test_a_line_that_was_refused_fails_its_request_alone(cast):
    def one_bad(body, place):
        text = body["messages"][-1]["content"]
        return refusal(400, "bad", "too odd") if "Is it a classification" in text and place == 0 else answering(body, 0)

    with batch_server(one_bad) as server:
        run = through(begin(cast, server.base_url))
    assert run.state == "completed_with_errors"
    failed = Call.objects.filter(run=run, state="failed", superseded=False)
    assert {(call.failure, call.status) for call in failed} == {("bad_request", 400)}
    assert run.reserved_micro == 0


def test_a_batch_that_fails_whole_pauses_the_run_and_gives_everything_back(cast):
    with batch_server(answering, status="failed") as server:
        run = begin(cast, server.base_url, budget_micro=10**9)
        turn(run)
        carry()
        carry()
        run.refresh_from_db()
        assert (run.state, run.pause_reason, run.reserved_micro) == ("paused", "broken", 0)
        assert "Enqueued token limit" in run.pause_detail
        assert Item.objects.filter(run=run, not_before=None).exists()
        server.status = "completed"
        resume_run(run)
        run = through(run)
    assert run.state == "completed"
    assert server.billed == Call.objects.filter(state="parsed").count()


def test_a_refused_key_pauses_and_a_provider_that_is_away_is_asked_again(cast):
    with batch_server(answering, refuse=503) as server:
        run = begin(cast, server.base_url)
        turn(run)
        carry()
        assert Job.objects.get(kind=batches.WORK_BATCH).state == "waiting"
        server.refuse = 401
        carry()
        run.refresh_from_db()
    assert (run.state, run.pause_reason, run.reserved_micro) == ("paused", "auth", 0)
    assert server.batches == []


def test_parked_requests_whose_worker_died_before_it_gathered_them_are_due(cast):
    with batch_server(answering) as server:
        run = begin(cast, server.base_url)
        turn(run)
        Job.objects.all().delete()
        Call.objects.update(batch=None)
        Batch.objects.all().delete()
        assert ("generation.drain_run", run.pk) in list(due_in(["gen"], door=door()))
        assert through(run).state == "completed"


def test_a_cancelled_run_cancels_its_batch_and_holds_nothing_back(cast):
    with batch_server(answering, looks=50) as server:
        run = begin(cast, server.base_url, budget_micro=10**9)
        turn(run)
        carry()
        cancel_run(run)
        for _ in range(3):
            turn(run)
        carry()
        run.refresh_from_db()
    assert (run.state, run.reserved_micro) == ("cancelled", 0)
    assert run.maybe_billed_micro > 0
    assert Job.objects.get(kind=batches.WORK_BATCH).message == "cancelling"


def test_held_calls_go_to_the_other_address_at_the_batch_price(cast):
    from tests.chat_server import chat_server
    from tests.runs import work_through

    with chat_server(answering) as held:
        options = {"batch_base_url": held.base_url}
        run = begin(cast, "http://127.0.0.1:9/v1", batch="held", preset="dashscope", options=options)
        run = work_through(run)
    assert run.state == "completed"
    tokens = sum(call.prompt_tokens + call.completion_tokens for call in Call.objects.filter(run=run))
    assert abs(run.spent_micro - tokens * 5) <= len(held.bodies)


def test_a_batch_is_refused_where_none_is_offered(cast):
    for batch, preset in (("file", "ollama"), ("held", "openai"), ("sometimes", "openai")):
        with pytest.raises(StartRefusedError) as refused:
            begin(cast, "http://127.0.0.1:9/v1", batch=batch, preset=preset)
        assert refused.value.code == ("unknown_batch" if batch == "sometimes" else "batch_not_offered")
        Endpoint.objects.all().delete()


def test_answers_to_requests_that_nobody_sent_change_nothing(cast):
    with batch_server(answering) as server:
        run = begin(cast, server.base_url)
        turn(run)
        carry()
        batch = Batch.objects.get()
        Call.objects.filter(batch=batch).update(state="sent")
        mine = Call.objects.filter(batch=batch).first()
        odd = ["²", "9" * 30, "9" * 5000, "-1", "0", "", str(mine.pk + 10_000), "\u0663", f" {mine.pk}"]
        lines = [Line(name, 200, b"{}", "r\0") for name in (*odd, str(mine.pk))]
        counts = batch_answers.ingest(batch, lines=lines, words="", now=timezone.now())
    assert counts["answered"] == 1
    mine.refresh_from_db()
    assert (mine.state, bytes(mine.raw), mine.request_id) == ("answered", b"{}", "r\ufffd")
