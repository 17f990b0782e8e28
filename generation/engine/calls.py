"""One request: its replay, its tries on the wire, and what each of them leaves in the ledger."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from generation.engine.budget import reservation
from generation.engine.control import Control, HaltedError, LeaseLostError
from generation.engine.fingerprint import derived_seed, encode, fingerprint
from generation.engine.journal import FINISHED, Journal, replayed
from generation.engine.killpoints import killpoint
from generation.engine.ledger import (
    NO_REPLY,
    Answered,
    ClaimedItem,
    Failed,
    Limits,
    Lost,
    Parsed,
    Reused,
    Sending,
    Try,
    Unsent,
)
from generation.engine.pacing import Pacer
from generation.engine.price import Price
from generation.engine.recorder import Recorder
from generation.engine.request import Request
from generation.engine.retries import next_try
from generation.engine.reuse import EarlierAnswers
from generation.engine.slots import Slots
from generation.engine.texts import storable
from generation.engine.writer import Writer
from generation.providers.base import Answer, Provider, ProviderError
from generation.types import Prompt, Reply, Usage

_UNEVENTFUL = frozenset({"content_filter", "refused"})
"""Failures that speak of one prompt, not of the endpoint."""


@dataclass(frozen=True, slots=True)
class Wire:
    """What goes on the wire at once: `ready` holds those about to be sent, a few more than `slots` on the wire."""

    slots: Slots
    ready: Slots

    def resize(self, calls: int) -> None:
        """Lets so many calls on the wire."""
        self.slots.resize(calls)
        self.ready.resize(places(calls))


def places(calls: int) -> int:
    """How many may be announced where so many may be on the wire: enough that no slot waits for a commit."""
    return calls + max(2, calls // 4)


@dataclass(frozen=True, slots=True)
class Asker:
    """Answers prompts: from the journal where it can, from the provider where it must."""

    provider: Provider
    model: str
    price: Price
    limits: Limits
    writer: Writer
    pacer: Pacer
    wire: Wire
    control: Control
    recorder: Recorder
    clock: Callable[[], float]
    rng: random.Random
    earlier: EarlierAnswers | None = None

    async def ask(self, item: ClaimedItem, journal: Journal, step: int, index: int, prompt: Prompt) -> Reply:
        """The reply to the prompt, failed or not.

        `HaltedError` when the drain ends before there is one, `LeaseLostError` when the item is somebody else's,
        `RecipeChangedError` when the journal holds another request in its place.
        """
        body = encode(self.provider.request(prompt, self.model))
        request = Request(
            item, journal, step, index, prompt, body,
            fingerprint(self.provider.kind, body, prompt), reservation(self.price, body, prompt),
        )  # fmt: skip
        stored = journal.speaking(step, index, request.fingerprint)
        if stored is not None and stored.state in FINISHED:
            return replayed(stored)
        if stored is not None:
            answer = Answer(stored.raw, stored.status)
            return await self._tries(request, stored.attempt, answer, reused=stored.reused)
        attempt = journal.attempts(step, index)
        if self.earlier is not None and (found := await self.earlier.find(request.fingerprint)) is not None:
            call = request.attempt(attempt + 1)
            await self._take_over(Reused(call, prompt.stage, request.fingerprint, body, found, request.fresh))
            return await self._tries(request, attempt + 1, Answer(found.raw, found.status), reused=True)
        return await self._tries(request, attempt, None)

    async def _take_over(self, reused: Reused) -> None:
        if (await self.writer.put(reused)).word == "lost":
            raise LeaseLostError

    async def _tries(self, request: Request, attempt: int, answer: Answer | None, *, reused: bool = False) -> Reply:
        """Tries until there is a reply or a final failure. A stored `answer` is read before anything is sent."""
        failures, refusals = request.journal.failures(request.step, request.index)
        first = request.fresh
        while True:
            try:
                if answer is None:
                    attempt += 1
                    answer = await self._send(request, request.attempt(attempt), first=first)
                retried = failures + refusals > 0
                return self._settle(request, request.attempt(attempt), answer, retried=retried, reused=reused)
            except ProviderError as error:
                call = request.attempt(attempt)
                again = next_try(error, failures=failures, refusals=refusals, limits=self.limits, rng=self.rng)
                final = again is None and not error.stops_run
                self._book_failure(request, call, error, final=final, reused=reused)
                if error.stops_run:
                    reason = "credit" if error.kind == "no_credit" else "auth"
                    self.control.halt(reason, str(error))
                    raise HaltedError from error
                if again is None:
                    return Reply(failure=error.kind)
                if error.kind == "rate_limited":
                    refusals += 1
                else:
                    failures += 1
                answer, first, reused = None, False, False
                await self._rest(again.wait)

    async def _rest(self, wait: float) -> None:
        """Waits between two tries; a long wait is spent in the queue."""
        if wait > self.limits.park_after:
            raise HaltedError(wait)
        await asyncio.sleep(wait)
        if self.control.halting:
            raise HaltedError

    async def _send(self, request: Request, call: Try, *, first: bool) -> Answer:
        """One try on the wire; its answer, already written down."""
        unsent = Unsent(call, request.reserve, first=first)
        async with self.wire.ready:
            if self.control.halting:
                raise HaltedError
            epoch = await self.pacer.admit(request.tokens)
            killpoint("before_send")
            try:
                await self._announce(request, call, first=first)
                await self.wire.slots.__aenter__()
            except asyncio.CancelledError:
                self.writer.post(unsent)
                raise
            try:
                started = self.clock()
                answer = await self._exchange(request, call, epoch)
            finally:
                await self.wire.slots.__aexit__(None, None, None)
        killpoint("answered")
        latency = int((self.clock() - started) * 1000)
        written = await self.writer.put(Answered(call, answer.raw, answer.status, answer.request_id, latency))
        if written.word == "lost":
            with contextlib.suppress(ProviderError):  # paid for, so it is booked, though too late to be used
                self._settle(request, call, answer, retried=False)
            raise LeaseLostError
        return answer

    async def _announce(self, request: Request, call: Try, *, first: bool) -> None:
        """Commits that the call is about to be sent, with what it may cost; waits while the budget is all held back."""
        sending = Sending(call, request.prompt.stage, request.fingerprint, request.body, request.reserve, first)
        while not self.control.halting:
            outcome = await self.writer.put(sending)
            if outcome.word == "done":
                killpoint("sent")
                return
            if outcome.word == "lost":
                raise LeaseLostError
            if outcome.word == "halted":
                self.control.halt()
            elif outcome.reserved <= 0:
                self.control.halt("budget")
            else:
                await self.control.wait_settled()
        raise HaltedError

    async def _exchange(self, request: Request, call: Try, epoch: int) -> Answer:
        """The bytes of an answer, or a `ProviderError`; a cut-off call is left in the ledger as lost."""
        seed = derived_seed(request.item.random_seed, request.step, request.index, request.prompt.sample_index)
        try:
            async with asyncio.timeout(self.limits.deadline):
                return await self.provider.send(request.prompt, request.body, random_seed=seed)
        except asyncio.CancelledError:
            self.writer.post(Lost(call, request.reserve))
            raise
        except TimeoutError:
            raise ProviderError("timeout", maybe_billed=True) from None
        except ProviderError as error:
            if error.kind == "rate_limited":
                self.pacer.throttled(epoch, retry_after=error.retry_after or 0.0)
            raise

    def _settle(self, request: Request, call: Try, answer: Answer, *, retried: bool, reused: bool = False) -> Reply:
        """Reads an answer that is safe in the ledger, and books it. `ProviderError` when there is no reply in it."""
        self.recorder.mark(request.item.id)
        try:
            reply = self.provider.read(answer, request.prompt)
        except ProviderError:
            raise
        except Exception as error:
            raise ProviderError("malformed_reply", repr(error), maybe_billed=True, status=answer.status) from error
        finally:
            self.recorder.mark(0)
        reply = replace(reply, text=storable(reply.text))
        usage, stage, cost = reply.usage, request.prompt.stage, self.price.cost(reply.usage)
        if reused:
            reply = replace(reply, usage=Usage())
            self.writer.post(Parsed(call, reply, 0, 0, retried, stage, reused=True, saved=cost))
            return reply
        self.pacer.succeeded(unused_tokens=request.tokens - usage.prompt_tokens - usage.completion_tokens)
        self.writer.post(Parsed(call, reply, cost, request.reserve, retried, stage))
        self.control.note(failed=False)
        self.control.settled()
        return reply

    def _book_failure(
        self, request: Request, call: Try, error: ProviderError, *, final: bool, reused: bool = False
    ) -> None:
        usage = None if reused else error.usage
        self.writer.post(
            Failed(
                call,
                error.kind,
                0 if reused else request.reserve,
                detail=storable(str(error)[:2000]),
                raw=error.raw,
                status=error.status,
                final=final,
                maybe_billed=error.maybe_billed and usage is None and not reused,
                cost=self.price.cost(usage) if usage else 0,
                reply=Reply(usage=usage) if usage else NO_REPLY,
                stage=request.prompt.stage,
            )
        )
        if final:
            self.control.note(failed=error.kind not in _UNEVENTFUL, detail=f"{error.kind}: {error}"[:500])
        self.control.settled()
