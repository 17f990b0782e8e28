"""One request: its replay, its tries, and what each of them leaves in the ledger."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from generation.engine.control import Control, HaltedError, LeaseLostError
from generation.engine.fingerprint import fingerprint
from generation.engine.journal import FINISHED, Journal, replayed
from generation.engine.ledger import NO_REPLY, ClaimedItem, Failed, Limits, Parsed, Reused
from generation.engine.recorder import Recorder
from generation.engine.request import Request, Shot
from generation.engine.retries import next_try
from generation.engine.reuse import EarlierAnswers
from generation.engine.sending import LateError, ParkedError, Sender
from generation.engine.source import PATIENCE, Sources, Switch
from generation.engine.texts import storable
from generation.engine.writer import Writer
from generation.providers.base import Ability, Answer, ProviderError
from generation.providers.failures import from_status
from generation.types import Prompt, Reply, Usage

_UNEVENTFUL = frozenset({"content_filter", "refused"})
"""Failures that speak of one prompt, not of the endpoint."""


@dataclass(slots=True)
class Course:
    """How far the tries of one request have come: `answer` is there to be read, or another try has to be sent.

    `ability` is how to ask where that differs from what is known of the source; `since` is the first send there.
    """

    attempt: int
    failures: int
    refusals: int
    first: bool
    shot: Shot | None = None
    answer: Answer | None = None
    reused: bool = False
    ability: Ability | None = None
    since: float = float("inf")


@dataclass(frozen=True, slots=True)
class Asker:
    """Answers prompts: from the journal where it can, from the source in force of the prompt's part where it must."""

    sources: Sources
    limits: Limits
    writer: Writer
    sender: Sender
    control: Control
    recorder: Recorder
    clock: Callable[[], float]
    rng: random.Random
    switch: Switch
    earlier: Mapping[Sources, EarlierAnswers] | None = None
    batching: bool = False

    async def ask(self, item: ClaimedItem, journal: Journal, step: int, index: int, prompt: Prompt) -> Reply:
        """The reply to the prompt, failed or not.

        `HaltedError` when the drain ends before there is one, `LeaseLostError` when the item is somebody else's,
        `ParkedError` when a batch will bring it, `RecipeChangedError` when the journal holds another request here.
        """
        line = self.sources.of(prompt.part)
        request = Request(item, journal, step, index, prompt, fingerprint(line.first.name, prompt))
        stored = journal.speaking(step, index, request.fingerprint)
        if stored is not None and stored.state in FINISHED:
            return replayed(stored)
        failures, refusals = journal.failures(step, index)
        course = Course(request.attempts, failures, refusals, request.fresh)
        if stored is not None and stored.state != "answered":
            raise ParkedError
        if stored is not None:
            course.shot = request.stored(stored, line.by(stored.endpoint, stored.model))
            course.answer, course.reused = Answer(stored.raw, stored.status), stored.reused
        elif self.earlier is not None:
            await self._take_over(request, course, line)
        return await self._tries(request, course)

    async def _take_over(self, request: Request, course: Course, line: Sources) -> None:
        """Has an earlier run's answer stand for the request, where there is one."""
        assert self.earlier is not None
        found = await self.earlier[line].find(request.fingerprint)
        if found is None:
            return
        course.attempt += 1
        source = line.first
        course.shot = shot = request.shot(course.attempt, source)
        course.answer, course.reused = Answer(found.raw, found.status), True
        taken = Reused(
            shot.call, request.prompt.stage, request.fingerprint, shot.body, found, request.fresh, source.endpoint,
            source.model,
        )  # fmt: skip
        outcome = await self.writer.put(taken)
        if outcome.word == "lost":
            raise LeaseLostError

    async def _tries(self, request: Request, course: Course) -> Reply:
        """Tries until there is a reply or a final failure. An answer that is there is read before anything is sent."""
        while True:
            try:
                shot, answer = await self._answer(request, course)
                return self._settle(shot, answer, retried=course.failures + course.refusals > 0, reused=course.reused)
            except ProviderError as error:
                assert course.shot is not None
                if await self._ends(course, course.shot, error):
                    return Reply(failure=error.kind)

    async def _answer(self, request: Request, course: Course) -> tuple[Shot, Answer]:
        if course.answer is not None and course.shot is not None:
            return course.shot, course.answer
        course.attempt += 1
        line = self.sources.of(request.prompt.part)

        def aim() -> Shot:
            course.since = min(course.since, self.clock())
            course.shot = request.shot(course.attempt, line.now, course.ability)
            return course.shot

        if self.batching:
            await self.sender.park(aim(), first=course.first)
        try:
            async with line.room:
                answer = await self.sender.send(aim, first=course.first)
        except LateError as late:
            assert course.shot is not None
            with contextlib.suppress(ProviderError):  # paid for, so it is booked, though too late to be used
                self._settle(course.shot, late.answer, retried=False)
            raise LeaseLostError from None
        assert course.shot is not None
        return course.shot, answer

    async def _ends(self, course: Course, shot: Shot, error: ProviderError) -> bool:
        """Books a failed try. True when the request has failed for good; else the course is set for its next try, now
        or after a wait, here or at the next source. `HaltedError` when nothing can be asked any more."""
        source, limits = shot.source, self._limits(shot)
        again = next_try(error, failures=course.failures, refusals=course.refusals, limits=limits, rng=self.rng)
        other = source.abilities.refused(shot.ability, error, shot.request.prompt) if shot.body else None
        lost = other is None and source.lost(error, exhausted=again is None, since=course.since)
        line = self.sources.of(shot.request.prompt.part)
        moved = lost and await line.move_on(source, error, switch=self.switch)
        final = again is None and not error.stops_run and other is None and not moved
        self._book_failure(shot, error, final=final, reused=course.reused)
        if final:
            silent = error.kind == "empty_reply" and source.last_reply > course.since  # it says something to others
            eventful = error.kind not in _UNEVENTFUL and not silent
            self.control.note(failed=eventful, detail=f"{error.kind}: {error}"[:500])
        if error.stops_run and not moved:
            self.control.halt("credit" if error.kind == "no_credit" else "auth", str(error))
            raise HaltedError from error
        if final:
            return True
        course.answer, course.first, course.reused, course.ability = None, False, False, other
        if moved:
            course.failures, course.refusals, course.since = 0, 0, float("inf")
        elif other is None and again is not None:
            course.refusals += error.kind == "rate_limited"
            course.failures += error.kind != "rate_limited"
            await self._rest(again.wait)
        return False

    def _limits(self, shot: Shot) -> Limits:
        """Less patience with a source that answers nobody, while another one stands by."""
        if self.sources.of(shot.request.prompt.part).more and shot.source.last_answer == float("-inf"):
            return replace(self.limits, retries=min(self.limits.retries, PATIENCE))
        return self.limits

    async def _rest(self, wait: float) -> None:
        """Waits between two tries; a long wait is spent in the queue."""
        if wait > self.limits.park_after:
            raise HaltedError(wait)
        await asyncio.sleep(wait)
        if self.control.halting:
            raise HaltedError

    def _settle(self, shot: Shot, answer: Answer, *, retried: bool, reused: bool = False) -> Reply:
        """Reads an answer that is safe in the ledger, and books it. `ProviderError` when there is no reply in it."""
        reply = self._read(shot, answer)
        source, usage, stage = shot.source, reply.usage, shot.request.prompt.stage
        cost = source.price.cost(usage)
        if reused:
            reply = replace(reply, usage=Usage())
            self.writer.post(Parsed(shot.call, reply, 0, 0, retried, stage, True, cost, source.model))
            return reply
        if shot.body:
            source.last_reply = self.clock()
            source.pacer.succeeded(unused_tokens=shot.tokens - usage.prompt_tokens - usage.completion_tokens)
            source.abilities.answered(shot.ability, shot.request.prompt, reply)
        self.writer.post(Parsed(shot.call, reply, cost, shot.reserve, retried, stage, model=source.model))
        self.control.note(failed=False)
        self.control.settled()
        return reply

    def _read(self, shot: Shot, answer: Answer) -> Reply:
        self.recorder.mark(shot.request.item.id)
        try:
            if answer.status >= 400:  # a line of a batch, which is stored whatever it says
                raise from_status(
                    answer.status, answer.raw, {}, seconds=0.0, dashscope=False, now=datetime.fromtimestamp(0, UTC)
                )
            reply = shot.source.provider.read(answer, shot.request.prompt)
        except ProviderError:
            raise
        except Exception as error:
            raise ProviderError("malformed_reply", repr(error), maybe_billed=True, status=answer.status) from error
        finally:
            self.recorder.mark(0)
        return replace(reply, text=storable(reply.text), thinking=storable(reply.thinking))

    def _book_failure(self, shot: Shot, error: ProviderError, *, final: bool, reused: bool) -> None:
        usage = None if reused else error.usage
        self.writer.post(
            Failed(
                shot.call,
                error.kind,
                0 if reused else shot.reserve,
                detail=storable(str(error)[:2000]),
                raw=error.raw,
                status=error.status,
                final=final,
                maybe_billed=error.maybe_billed and usage is None and not reused,
                cost=shot.source.price.cost(usage) if usage else 0,
                reply=Reply(usage=usage) if usage else NO_REPLY,
                stage=shot.request.prompt.stage,
                model=shot.source.model,
            )
        )
        self.control.settled()
