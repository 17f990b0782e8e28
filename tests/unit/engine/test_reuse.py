"""Answers of earlier runs stand for requests that were never sent: looked up together, booked at nothing."""

from __future__ import annotations

import random
import time
from dataclasses import replace

from generation.engine.driver import Assignment, Drain, Surroundings
from generation.engine.fingerprint import fingerprint
from generation.engine.ledger import Failed, Limits, Parsed, Reused, StoredCall, Try
from generation.engine.pacing import Accounts
from generation.engine.price import Price
from generation.engine.reuse import EarlierAnswer
from generation.engine.source import one_source
from generation.providers.base import ProviderError
from generation.types import Message, Prompt, Sampling
from tests.loops import run
from tests.unit.engine.memory import Ask, MemoryLedger, OneStage, RuleProvider

LIMITS = Limits(max_in_flight=8, deadline=1.0, idle=0.0, first_backoff=0.01, park_after=0.5)


def drain(ledger: MemoryLedger, provider: RuleProvider, *, reuse: bool = True) -> None:
    """One drain to its end, at 1.00 per million tokens."""

    async def work() -> str:
        price = Price.flat(1_000_000, 1_000_000)
        assignment = Assignment(OneStage(Ask(2)), None, {}, "en", LIMITS, reuse=reuse)  # type: ignore[arg-type]
        pacer = Accounts().pacer("a", ceiling=8, rpm=None, tpm=None, clock=time.monotonic)
        sources = one_source("m", provider, pacer, price=price, deadline=LIMITS.deadline)
        return await Drain(assignment, ledger, sources, Surroundings(time.monotonic, random.Random(1))).run()

    run(work())


def asked(item: int, step: int) -> str:
    """The fingerprint of one request."""
    prompt = Prompt("ask", (Message("user", f"item {item} step {step}"),), sampling=Sampling(max_tokens=50))
    return fingerprint("rule\nm\n", prompt)


def test_what_earlier_runs_were_answered_is_neither_sent_nor_paid_for() -> None:
    ledger, provider = MemoryLedger(12), RuleProvider()
    ledger.answered = {asked(item, 0): EarlierAnswer(900 + item, b"paid before") for item in range(1, 9)}
    drain(ledger, provider)
    assert sorted(text for text in provider.asked if "step 0" in text) == [
        f"item {n} step 0" for n in range(10, 13)
    ] + ["item 9 step 0"]
    assert len(provider.asked) == 4 + 12
    reused = [write for write in ledger.writes if isinstance(write, Reused)]
    assert sorted(write.answer.call for write in reused) == list(range(901, 909))
    parsed = [write for write in ledger.writes if isinstance(write, Parsed)]
    assert [(write.cost, write.saved, write.reply.usage.prompt_tokens) for write in parsed if write.reused] == [
        (0, 15, 0)
    ] * 8
    assert ledger.spent == 16 * 15
    assert [len(write.drafts) for write in ledger.finished()] == [1] * 12


def test_a_claim_of_items_is_looked_up_in_few_queries() -> None:
    ledger = MemoryLedger(12)
    drain(ledger, RuleProvider(latency=0.0))
    assert sum(ledger.looks) == 24
    assert ledger.looks[0] >= 8
    assert len(ledger.looks) <= 16


def test_nothing_is_looked_up_unless_the_run_wants_it() -> None:
    ledger = MemoryLedger(3)
    ledger.answered = {asked(1, 0): EarlierAnswer(1, b"x")}
    drain(ledger, RuleProvider(), reuse=False)
    assert ledger.looks == []
    assert not any(isinstance(write, Reused) for write in ledger.writes)


def test_after_a_crash_a_reused_answer_is_read_again_and_still_costs_nothing() -> None:
    kept = StoredCall(0, 0, 1, "answered", speaks=True, fingerprint=asked(1, 0), raw=b"before", reused=True)
    ledger = MemoryLedger(1, journal={1: [kept]})
    item = ledger.waiting[0]
    ledger.calls[Try(item.id, item.attempt, 0, 0, 1)] = "reused"
    drain(ledger, RuleProvider())
    assert [write.cost for write in ledger.writes if isinstance(write, Parsed)] == [0, 15]


def test_an_earlier_answer_that_cannot_be_read_any_more_is_asked_for_anew() -> None:
    class Strict(RuleProvider):
        def read(self, answer, prompt):  # type: ignore[no-untyped-def]
            if answer.raw == b"spoilt":
                raise ProviderError("malformed_reply", maybe_billed=True)
            return replace(super().read(answer, prompt))

    ledger = MemoryLedger(1)
    ledger.answered = {asked(1, 0): EarlierAnswer(7, b"spoilt")}
    drain(ledger, Strict())
    failed = [write for write in ledger.writes if isinstance(write, Failed)]
    assert [(write.final, write.cost, write.reserve, write.maybe_billed) for write in failed] == [(False, 0, 0, False)]
    assert ledger.spent == 2 * 15
