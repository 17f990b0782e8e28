"""Books kept in memory, and a provider that answers by rule: the engine without a database or a network."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generation.engine.ledger import (
    DONE,
    LOST,
    Answered,
    ClaimedItem,
    Failed,
    Finished,
    Flag,
    Lost,
    Outcome,
    Parsed,
    Released,
    Reused,
    Sending,
    StoredCall,
    Try,
    Unsent,
    Write,
)
from generation.engine.reuse import EarlierAnswer
from generation.providers.base import ABLE, Ability, Answer, ProviderError
from generation.recipes.base import Context, Work
from generation.types import Draft, Message, Prompt, Reply, Sampling, Task, Usage


class MemoryLedger:
    """`engine.ledger.Ledger` over plain lists. Set `state`, `stolen` or `budget` while a drain is at work."""

    def __init__(self, items: int, *, journal: Mapping[int, Sequence[StoredCall]] | None = None) -> None:
        self.waiting = [
            ClaimedItem(number, "ask", 0, number, 1, number, {}, tuple((journal or {}).get(number, ())))
            for number in range(1, items + 1)
        ]
        self.state = "running"
        self.reason = ""
        self.stolen: set[int] = set()
        self.budget: int | None = None
        self.reserved = self.spent = 0
        self.writes: list[Write] = []
        self.calls: dict[Try, str] = {}
        self.batches = 0
        self.answered: dict[str, EarlierAnswer] = {}
        self.looks: list[int] = []
        self.source = 0
        self.keep_released = False
        self.switches: list[tuple[int, str]] = []
        self.learnt: list[tuple[int, str, Ability, dict[str, int]]] = []

    def claim(self, limit: int) -> list[ClaimedItem]:
        """See `Ledger`."""
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return taken

    def earlier(self, endpoint: int | None, model: str, fingerprints: Sequence[str]) -> Mapping[str, EarlierAnswer]:
        """See `Ledger`."""
        self.looks.append(len(fingerprints))
        return {each: self.answered[each] for each in fingerprints if each in self.answered}

    def write(self, batch: Sequence[Write]) -> list[Outcome]:
        """See `Ledger`."""
        self.batches += 1
        time.sleep(0.001)
        self.writes += batch
        return [self._enter(write) for write in batch]

    def _enter(self, write: Write) -> Outcome:
        item = write.item.id if isinstance(write, Finished | Released) else write.call.item_id
        if item in self.stolen:
            return LOST
        if isinstance(write, Sending):
            if self.budget is not None and self.spent + self.reserved + write.reserve > self.budget:
                return Outcome("over_budget", self.reserved)
            self.reserved += write.reserve
            assert write.call not in self.calls, "a try is announced once"
            self.calls[write.call] = "sent"
        elif isinstance(write, Reused):
            self.calls[write.call] = "reused"
        elif isinstance(write, Answered):
            assert self.calls[write.call] == "sent"
            self.calls[write.call] = "answered"
        elif isinstance(write, Parsed | Failed):
            self.calls[write.call] = "parsed" if isinstance(write, Parsed) else "failed"
            self.reserved -= write.reserve
            self.spent += write.cost
        elif isinstance(write, Lost):
            self.calls[write.call] = "unknown"
        elif isinstance(write, Unsent):
            self.calls.pop(write.call, None)
        elif isinstance(write, Released) and not self.keep_released:
            self.waiting.append(write.item)
        return DONE

    def renew(self, claims: Mapping[int, int]) -> set[int]:
        """See `Ledger`."""
        return set(claims) - self.stolen

    def flag(self) -> Flag:
        """See `Ledger`."""
        return Flag(self.state, 1000, self.source)

    def sweep(self) -> int:
        """See `Ledger`."""
        return 0

    def pause(self, reason: str, detail: str) -> None:
        """See `Ledger`."""
        self.state, self.reason = "paused", reason

    def switch(self, at: int, kind: str, detail: str) -> int:
        """See `Ledger`."""
        self.source = max(self.source, at + 1)
        self.switches.append((at, kind))
        return self.source

    def learn(self, endpoint: int, model: str, ability: Ability, limits: Mapping[str, int]) -> None:
        """See `Ledger`."""
        self.learnt.append((endpoint, model, ability, dict(limits)))

    def open(self) -> None:
        """Nothing to make ready."""

    def close(self) -> None:
        """See `Ledger`."""

    def finished(self) -> list[Finished]:
        """The items that came to an end."""
        return [write for write in self.writes if isinstance(write, Finished)]


Rule = Callable[[str, int], str | ProviderError]


class RuleProvider:
    """Answers a prompt's text by `rule(text, try)` after `latency` seconds."""

    kind = "rule"
    bills = True

    def __init__(self, rule: Rule = lambda text, attempt: f"re: {text}", *, latency: float = 0.005) -> None:
        self.rule = rule
        self.latency = latency
        self.asked: dict[str, int] = {}
        self.on_wire = self.most = 0

    def request(self, prompt: Prompt, model: str, ability: Ability = ABLE) -> dict[str, Any]:
        """See `Provider`."""
        return {"model": model, "text": prompt.messages[0].content}

    async def send(self, prompt: Prompt, body: bytes, *, random_seed: int) -> Answer:
        """See `Provider`."""
        text = json.loads(body)["text"]
        attempt = self.asked[text] = self.asked.get(text, 0) + 1
        self.on_wire += 1
        self.most = max(self.most, self.on_wire)
        try:
            await asyncio.sleep(self.latency)
        finally:
            self.on_wire -= 1
        answer = self.rule(text, attempt)
        if isinstance(answer, ProviderError):
            raise answer
        return Answer(answer.encode())

    def read(self, answer: Answer, prompt: Prompt) -> Reply:
        """See `Provider`."""
        return Reply(answer.raw.decode(), model="m", usage=Usage(10, 5))

    async def close(self) -> None:
        """See `Provider`."""


class Ask:
    """A stage that asks `steps` questions, one after the other."""

    name = "ask"
    prompts = ()
    checks = ()
    novel = False

    def __init__(self, steps: int = 1) -> None:
        self.steps = steps

    def work(self, task: Task, context: Context) -> Work:
        """Each answer goes into the next question."""
        text = f"item {task.number}"
        for step in range(self.steps):
            reply = yield Prompt("ask", (Message("user", f"{text} step {step}"),), sampling=Sampling(max_tokens=50))
            assert isinstance(reply, Reply)
            if reply.failed:
                return [Draft("sample", instruction=text, drop_reason="call_failed")]
        return [Draft("sample", instruction=text, output=reply.text)]


class OneStage:
    """A recipe of one stage."""

    def __init__(self, stage: Any) -> None:
        self.stages = (stage,)
