"""One try on the wire: announced before it goes, written down before anything reads what came back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from generation.engine.control import Control, HaltedError, LeaseLostError
from generation.engine.fingerprint import derived_seed
from generation.engine.killpoints import killpoint
from generation.engine.ledger import Answered, Limits, Lost, Sending, Unsent
from generation.engine.request import Shot
from generation.engine.slots import Slots
from generation.engine.writer import Writer
from generation.providers.base import Answer, ProviderError


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


class ParkedError(Exception):
    """The request waits for a batch: the item goes back until the batch has come home."""


class LateError(Exception):
    """The answer came, and the item was somebody else's by then. `answer` was paid for."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Sender:
    """Puts tries on the wire, as many at once as there is room for."""

    limits: Limits
    writer: Writer
    wire: Wire
    control: Control
    clock: Callable[[], float]

    async def send(self, aim: Callable[[], Shot], *, first: bool) -> Answer:
        """The answer of one try, already written down; `LateError` when it came too late to be used.

        `aim` is called when there is room: a request that waited goes where, and as, the others go by then.
        """
        async with self.wire.ready:
            if self.control.halting:
                raise HaltedError
            shot = aim()
            epoch = await shot.source.pacer.admit(shot.tokens)
            killpoint("before_send")
            try:
                await self._announce(shot, first=first)
                await self.wire.slots.__aenter__()
            except asyncio.CancelledError:
                self.writer.post(Unsent(shot.call, shot.reserve, first=first))
                raise
            try:
                started = self.clock()
                answer = await self._exchange(shot, epoch)
            finally:
                await self.wire.slots.__aexit__(None, None, None)
        killpoint("answered")
        shot.source.last_answer = self.clock()
        shot.source.abilities.told(answer.limits)
        latency = int((self.clock() - started) * 1000)
        written = await self.writer.put(Answered(shot.call, answer.raw, answer.status, answer.request_id, latency))
        if written.word == "lost":
            raise LateError(answer)
        return answer

    async def park(self, shot: Shot, *, first: bool) -> None:
        """Leaves the try for the next batch. Always raises: `ParkedError` when it is written down."""
        await self._announce(shot, first=first, planned=True)
        raise ParkedError

    async def _announce(self, shot: Shot, *, first: bool, planned: bool = False) -> None:
        """Commits that the call is about to be sent, with what it may cost; waits while the budget is all held back."""
        request, source = shot.request, shot.source
        sending = Sending(
            shot.call, request.prompt.stage, request.fingerprint, shot.body, shot.reserve, first,
            source.endpoint, source.model, planned,
        )  # fmt: skip
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
            elif planned:  # what a batch holds back is given back when it comes home
                raise ParkedError
            else:
                await self.control.wait_settled()
        raise HaltedError

    async def _exchange(self, shot: Shot, epoch: int) -> Answer:
        """The bytes of an answer, or a `ProviderError`; a cut-off call is left in the ledger as lost."""
        request, source = shot.request, shot.source
        seed = derived_seed(request.item.random_seed, request.step, request.index, request.prompt.sample_index)
        try:
            async with asyncio.timeout(source.deadline):
                return await source.provider.send(request.prompt, shot.body, random_seed=seed)
        except asyncio.CancelledError:
            self.writer.post(Lost(shot.call, shot.reserve))
            raise
        except TimeoutError:
            raise ProviderError("timeout", maybe_billed=True) from None
        except ProviderError as error:
            if error.kind == "rate_limited":
                source.pacer.throttled(epoch, retry_after=error.retry_after or 0.0)
            raise
