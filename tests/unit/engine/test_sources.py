"""A drain moves to the next source when one is lost, steps down the JSON ladder once, and pays for nothing twice."""

from __future__ import annotations

import json
import random
import time
from typing import Any

from generation.engine.abilities import Abilities
from generation.engine.driver import Assignment, Drain, Surroundings
from generation.engine.fingerprint import fingerprint
from generation.engine.ledger import Failed, Limits, Parsed, Sending, StoredCall
from generation.engine.pacing import Accounts
from generation.engine.source import Source, Sources
from generation.providers.base import ABLE, Ability, Answer, ProviderError
from generation.recipes.base import Context, Work
from generation.types import Draft, Message, Prompt, Reply, Task
from tests.loops import run
from tests.unit.engine.memory import Ask, MemoryLedger, OneStage, RuleProvider

LIMITS = Limits(max_in_flight=4, idle=0.0, first_backoff=0.01, park_after=0.5)
SCHEMA = {"type": "object"}


def source(provider: Any, *, endpoint: int = 1, model: str = "m", ability: Ability = ABLE) -> Source:
    pacer = Accounts().pacer("a", ceiling=4, rpm=None, tpm=None, clock=time.monotonic)
    return Source(model, provider, lambda: pacer, deadline=1.0, endpoint=endpoint, abilities=Abilities(ability))


def drain(ledger: MemoryLedger, *sources: Source, stage: Any = None, batching: bool = False) -> str:
    async def work() -> str:
        assignment = Assignment(OneStage(stage or Ask()), None, {}, "en", LIMITS, batching=batching)  # type: ignore[arg-type]
        around = Surroundings(time.monotonic, random.Random(1))
        return await Drain(assignment, ledger, Sources(sources), around).run()

    return run(work())


def failing(kind: str, **more: Any) -> RuleProvider:
    return RuleProvider(lambda text, attempt: ProviderError(kind, **more))


def test_a_refused_key_moves_the_run_to_the_next_source_and_no_row_is_lost() -> None:
    ledger, second = MemoryLedger(30), RuleProvider()
    lost = source(failing("unauthorized", permanent=True, stops_run=True))
    assert drain(ledger, lost, source(second, endpoint=2, model="n")) == "empty"
    assert not any(each.failure for each in ledger.finished())
    assert len(ledger.finished()) == 30
    assert {write.model for write in ledger.writes if isinstance(write, Parsed)} == {"n"}
    assert set(ledger.switches) == {(0, "unauthorized")}
    assert ledger.state == "running"
    sent = [write for write in ledger.writes if isinstance(write, Sending)]
    assert {(write.endpoint, write.model) for write in sent} == {(1, "m"), (2, "n")}


def test_without_another_source_the_run_is_paused_as_before() -> None:
    ledger = MemoryLedger(3)
    drain(ledger, source(failing("unauthorized", permanent=True, stops_run=True)))
    assert (ledger.state, ledger.reason) == ("paused", "auth")


def test_a_source_that_never_answers_is_given_up_after_a_second_try() -> None:
    ledger, first = MemoryLedger(1), failing("connection")
    drain(ledger, source(first), source(RuleProvider(), endpoint=2))
    assert first.asked == {"item 1 step 0": 2}
    assert not ledger.finished()[0].failure
    assert [write.final for write in ledger.writes if isinstance(write, Failed)] == [False, False]


def test_a_source_that_answers_others_keeps_the_run_when_one_request_fails() -> None:
    rule = lambda text, attempt: ProviderError("server_error") if text.startswith("item 1 ") else "ok"  # noqa: E731
    ledger = MemoryLedger(40)
    drain(ledger, source(RuleProvider(rule)), source(RuleProvider(), endpoint=2))
    assert ledger.switches == []
    assert [each.failure for each in ledger.finished() if each.failure] == ["server_error"]


def test_what_was_answered_before_the_move_is_replayed_after_it() -> None:
    prompt = next(Ask(2).work(Task(1, {}), Context(None, {}, "en", random.Random(1))))
    assert isinstance(prompt, Prompt)
    known = fingerprint("rule\nm\n", prompt)
    stored = StoredCall(0, 0, 1, "answered", True, fingerprint=known, raw=b"paid", endpoint=1, model="m", reserve=7)
    ledger, second = MemoryLedger(1, journal={1: [stored]}), RuleProvider()
    ledger.source = 1
    drain(ledger, source(failing("no_credit", stops_run=True)), source(second, endpoint=2, model="n"), stage=Ask(2))
    assert list(second.asked) == ["item 1 step 1"]
    parsed = [write for write in ledger.writes if isinstance(write, Parsed)]
    assert [(write.model, write.reply.text, write.reserve) for write in parsed[:1]] == [("m", "paid", 7)]


class AskJSON:
    """A stage of one prompt that wants JSON."""

    name, prompts, checks, novel = "ask", (), (), False

    def work(self, task: Task, context: Context) -> Work:
        reply = yield Prompt("ask", (Message("user", f"item {task.number}"),), json_schema=SCHEMA)
        assert isinstance(reply, Reply)
        return [Draft("sample", output=reply.text, drop_reason=reply.failure)]


class Ladder(RuleProvider):
    """Refuses every rung but one, or answers prose on all but one; counts what it saw."""

    def __init__(self, rung: str, *, prose: bool = False) -> None:
        super().__init__()
        self.rung, self.prose, self.seen = rung, prose, []

    def request(self, prompt: Prompt, model: str, ability: Ability = ABLE) -> dict[str, Any]:
        return {"text": prompt.messages[0].content, "mode": ability.json_mode}

    async def send(self, prompt: Prompt, body: bytes, *, random_seed: int) -> Answer:
        mode = json.loads(body)["mode"]
        self.seen.append(mode)
        if mode == self.rung:
            return Answer(b'{"a": 1}')
        if self.prose:
            return Answer(b"Sure, here it is.")
        raise ProviderError("bad_request", "response_format is not supported", permanent=True, status=400, lacks="json")


def test_a_refused_rung_is_left_once_and_for_all_and_written_down() -> None:
    ledger, provider = MemoryLedger(60), Ladder("tool")
    drain(ledger, source(provider), stage=AskJSON())
    assert not any(each.failure for each in ledger.finished())
    assert provider.seen.count("tool") == 60
    assert provider.seen.count("schema") <= 12
    assert provider.seen.count("object") <= 12
    assert ledger.learnt[-1][:3] == (1, "m", Ability("tool"))


def test_prose_steps_down_too_and_the_recipe_still_gets_its_reply() -> None:
    ledger, provider = MemoryLedger(60), Ladder("object", prose=True)
    drain(ledger, source(provider), stage=AskJSON())
    assert provider.seen.count("schema") + provider.seen.count("object") == 60
    assert provider.seen.count("schema") <= 12
    assert ledger.learnt[-1][2].json_mode == "object"


def test_one_bad_answer_among_many_does_not_cost_a_proven_rung() -> None:
    known, prompt = Abilities(Ability("schema")), Prompt("x", (), json_schema=SCHEMA)
    for _ in range(5):
        known.answered(known.now, prompt, Reply("{}"))
    known.answered(known.now, prompt, Reply("Sure!"))
    assert known.now.json_mode == "schema"
    known.answered(known.now, prompt, Reply("cut o", finish_reason="length"))
    assert not known.news


def test_rungs_that_a_preset_lacks_are_skipped_and_refused_fields_are_left_out() -> None:
    known, prompt = Abilities(Ability("schema"), lacks=("object",)), Prompt("x", (), json_schema=SCHEMA)
    lower = known.refused(known.now, ProviderError("bad_request", lacks="json"), prompt)
    assert lower == Ability("tool")
    without = known.refused(known.now, ProviderError("bad_request", lacks="temperature"), prompt)
    assert without is not None
    assert without.omits == {"temperature"}
    assert known.refused(without, ProviderError("bad_request", lacks="temperature"), prompt) is None
    assert known.refused(known.now, ProviderError("context_length"), prompt) is None


def test_the_name_of_a_request_is_the_same_on_every_rung_and_another_for_another_question() -> None:
    one = Prompt("x", (Message("user", "a"),), json_schema=SCHEMA)
    assert fingerprint("k\nm\n", one) == fingerprint("k\nm\n", Prompt("y", one.messages, {"v": 1}, json_schema=SCHEMA))
    others = [
        Prompt("x", (Message("user", "b"),), json_schema=SCHEMA), Prompt("x", one.messages),
        Prompt("x", one.messages, json_schema=SCHEMA, sample_index=1),
    ]  # fmt: skip
    assert len({fingerprint("k\nm\n", each) for each in [one, *others]} | {fingerprint("k\nn\n", one)}) == 5


def test_a_request_for_a_batch_is_parked_once_and_the_item_waits() -> None:
    ledger, provider = MemoryLedger(5), RuleProvider()
    ledger.waiting = ledger.waiting[:1]
    ledger.keep_released = True
    drain(ledger, source(provider), batching=True)
    assert provider.asked == {}
    assert [write.planned for write in ledger.writes if isinstance(write, Sending)] == [True]
