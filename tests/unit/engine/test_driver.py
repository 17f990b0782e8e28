"""A drain drives many items side by side and leaves every one of them done, failed or given back."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import Any

from generation.engine.driver import Assignment, Drain, Surroundings
from generation.engine.fingerprint import fingerprint
from generation.engine.ledger import Failed, Limits, Parsed, Released, StoredCall
from generation.engine.pacing import Accounts
from generation.engine.price import NO_PRICE, Price
from generation.engine.source import one_source
from generation.providers.base import Answer, ProviderError
from generation.recipes.base import Context, Work
from generation.types import Draft, Message, Prompt, Reply, Sampling, Task, Usage
from tests.loops import run
from tests.unit.engine.memory import Ask, MemoryLedger, OneStage, RuleProvider

LIMITS = Limits(max_in_flight=8, deadline=1.0, idle=0.0, first_backoff=0.01, park_after=0.5)


def drain(
    ledger: MemoryLedger,
    provider: RuleProvider,
    *,
    stage: Any = None,
    limits: Limits = LIMITS,
    price: Price = NO_PRICE,
) -> str:
    """One drain to its end."""

    async def work() -> str:
        assignment = Assignment(OneStage(stage or Ask()), None, {}, "en", limits)  # type: ignore[arg-type]
        pacer = Accounts().pacer("a", ceiling=limits.max_in_flight, rpm=None, tpm=None, clock=time.monotonic)
        around = Surroundings(time.monotonic, random.Random(1))
        sources = one_source("m", provider, pacer, price=price, deadline=limits.deadline)
        return await Drain(assignment, ledger, sources, around).run()

    return run(work())


def test_every_item_is_finished_and_no_more_calls_are_on_the_wire_than_allowed() -> None:
    ledger, provider = MemoryLedger(200), RuleProvider()
    assert drain(ledger, provider) == "empty"
    assert len(ledger.finished()) == 200
    assert provider.most == 8
    assert set(ledger.calls.values()) == {"parsed"}


def test_many_writes_go_out_in_few_transactions() -> None:
    ledger = MemoryLedger(300)
    drain(ledger, RuleProvider(latency=0.02), limits=Limits(max_in_flight=64, idle=0.0))
    assert len(ledger.writes) == 300 * 4
    assert ledger.batches < 300


def test_a_replay_asks_only_for_what_the_journal_does_not_hold() -> None:
    stage, provider = Ask(steps=3), RuleProvider()
    prompt = Prompt("ask", (Message("user", "item 1 step 0"),), sampling=Sampling(max_tokens=50))
    known = fingerprint("rule\nm\n", prompt)
    stored = StoredCall(0, 0, 1, "parsed", speaks=True, fingerprint=known, reply=Reply("kept"))
    ledger = MemoryLedger(1, journal={1: [stored]})
    drain(ledger, provider, stage=stage)
    assert set(provider.asked) == {"item 1 step 1", "item 1 step 2"}
    assert not ledger.finished()[0].failure


def test_an_answer_that_was_stored_and_not_read_is_read_and_not_asked_for_again() -> None:
    provider = RuleProvider()
    prompt = Prompt("ask", (Message("user", "item 1 step 0"),), sampling=Sampling(max_tokens=50))
    known = fingerprint("rule\nm\n", prompt)
    ledger = MemoryLedger(
        1, journal={1: [StoredCall(0, 0, 1, "answered", speaks=True, fingerprint=known, raw=b"paid")]}
    )
    drain(ledger, provider)
    assert provider.asked == {}
    assert ledger.finished()[0].drafts[0].output == "paid"


def test_another_request_in_the_same_place_fails_the_item_as_changed() -> None:
    ledger = MemoryLedger(1, journal={1: [StoredCall(0, 0, 1, "parsed", speaks=True, fingerprint="other")]})
    drain(ledger, RuleProvider())
    assert ledger.finished()[0].failure == "recipe_changed"


def test_a_final_failure_is_sent_to_the_recipe_and_marks_the_item() -> None:
    refuse = ProviderError("bad_request", permanent=True)
    ledger = MemoryLedger(1)
    drain(ledger, RuleProvider(lambda text, attempt: refuse))
    finished = ledger.finished()[0]
    assert finished.failure == "bad_request"
    assert finished.drafts[0].drop_reason == "call_failed"


def test_server_errors_are_tried_again_until_an_answer_comes() -> None:
    ledger = MemoryLedger(20)
    provider = RuleProvider(lambda text, attempt: "ok" if attempt > 2 else ProviderError("server_error"))
    drain(ledger, provider)
    assert set(provider.asked.values()) == {3}
    assert all(write.retried for write in ledger.writes if isinstance(write, Parsed))
    assert not any(write.final for write in ledger.writes if isinstance(write, Failed))


def test_f01_a_long_wait_is_spent_in_the_queue() -> None:
    ledger = MemoryLedger(1)
    drain(
        ledger,
        RuleProvider(lambda text, attempt: ProviderError("rate_limited", retry_after=30.0)),
        limits=Limits(idle=0.0, slice=0.1),
    )
    released = [write for write in ledger.writes if isinstance(write, Released)]
    assert released[0].wait >= 30.0


def test_f04_a_call_that_hangs_is_ended_by_its_deadline_and_may_have_been_billed() -> None:
    ledger = MemoryLedger(1)
    drain(ledger, RuleProvider(latency=30), limits=Limits(deadline=0.05, retries=1, idle=0.0, first_backoff=0.01))
    failed = [write for write in ledger.writes if isinstance(write, Failed)]
    assert [(write.kind, write.maybe_billed, write.final) for write in failed] == [
        ("timeout", True, False),
        ("timeout", True, True),
    ]


def test_f13_a_revoked_key_pauses_the_run_and_gives_every_item_back() -> None:
    ledger = MemoryLedger(100)
    provider = RuleProvider(lambda text, attempt: ProviderError("unauthorized", permanent=True, stops_run=True))
    assert drain(ledger, provider) == "auth"
    assert ledger.reason == "auth"
    assert not ledger.finished()
    assert sum(provider.asked.values()) <= 8 + 2
    assert len(ledger.waiting) == 100


def test_half_of_the_last_twenty_failing_for_good_pauses_the_run_as_broken() -> None:
    ledger = MemoryLedger(200)
    drain(ledger, RuleProvider(lambda text, attempt: ProviderError("not_found", permanent=True)))
    assert ledger.reason == "broken"
    assert len(ledger.finished()) < 50


def test_filtered_answers_speak_of_prompts_and_pause_nothing() -> None:
    ledger = MemoryLedger(60)
    drain(ledger, RuleProvider(lambda text, attempt: ProviderError("content_filter", permanent=True)))
    assert ledger.reason == ""
    assert len(ledger.finished()) == 60


def test_the_budget_is_never_passed_and_is_used_up_before_the_run_pauses() -> None:
    ledger = MemoryLedger(500)
    ledger.budget = 3_000
    drain(ledger, RuleProvider(), price=Price.flat(1_000_000, 1_000_000))
    assert ledger.reason == "budget"
    assert ledger.spent <= 3_000
    assert ledger.spent > 2_500
    assert ledger.reserved == 0


def test_a_lost_lease_writes_nothing_more() -> None:
    ledger = MemoryLedger(3)
    ledger.stolen = {2}
    drain(ledger, RuleProvider())
    assert sorted(write.item.id for write in ledger.finished()) == [1, 3]


class Broken(Ask):
    """A stage whose code fails."""

    def work(self, task: Task, context: Context) -> Work:
        """Fails after its first question."""
        yield Prompt("ask", (Message("user", f"item {task.number}"),))
        raise ValueError("a mistake in the recipe")


def test_a_recipe_that_breaks_fails_its_item_and_says_where() -> None:
    ledger = MemoryLedger(2)
    drain(ledger, RuleProvider(), stage=Broken())
    assert {write.failure for write in ledger.finished()} == {"recipe_error"}
    assert "a mistake in the recipe" in ledger.finished()[0].detail


class Fan(Ask):
    """A stage that asks several questions side by side."""

    def work(self, task: Task, context: Context) -> Work:
        """Five at once."""
        replies = yield [Prompt("ask", (Message("user", f"{task.number}-{at}"),)) for at in range(5)]
        assert isinstance(replies, list)
        return [Draft("sample", instruction="x", output="|".join(reply.text for reply in replies))]


def test_prompts_side_by_side_come_back_in_their_order() -> None:
    ledger = MemoryLedger(4)
    drain(ledger, RuleProvider(lambda text, attempt: text), stage=Fan())
    outputs = {write.drafts[0].output for write in ledger.finished()}
    assert outputs == {"|".join(f"{item}-{at}" for at in range(5)) for item in range(1, 5)}


def test_what_no_database_can_hold_is_replaced_in_replies() -> None:
    ledger = MemoryLedger(1)
    drain(ledger, RuleProvider(lambda text, attempt: "a\x00b"))
    assert ledger.finished()[0].drafts[0].output == "a\ufffdb"


def test_the_cap_holds_with_two_hundred_calls_in_flight_and_a_higher_one_goes_on() -> None:
    class Talkative(RuleProvider):
        def read(self, answer: Answer, prompt: Prompt) -> Reply:
            """Nearly all that was kept back is used up."""
            return replace(super().read(answer, prompt), usage=Usage(0, 45))

    limits = replace(LIMITS, max_in_flight=200)
    ledger, provider = MemoryLedger(900), Talkative(latency=0.02)
    ledger.budget = 20_000
    drain(ledger, provider, limits=limits, price=Price.flat(0, 1_000_000))
    assert (provider.most, ledger.reason, ledger.reserved) == (200, "budget", 0)
    assert 19_900 < ledger.spent <= 20_000
    assert len(provider.asked) * 45 == ledger.spent
    ledger.state, ledger.reason, ledger.budget = "running", "", 900 * 45 + 50
    drain(ledger, provider, limits=limits, price=Price.flat(0, 1_000_000))
    assert (ledger.reason, ledger.spent, max(provider.asked.values())) == ("", 900 * 45, 1)
