"""One drain: claims items, drives their generators side by side over one client, and stops when it should."""

from __future__ import annotations

import asyncio
import random
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from generation.engine.calls import Asker
from generation.engine.control import Control, HaltedError, LeaseLostError
from generation.engine.journal import Journal, RecipeChangedError
from generation.engine.ledger import LIMITS, ClaimedItem, Finished, Ledger, Limits, Released
from generation.engine.recorder import NoRecorder, Recorder
from generation.engine.reuse import EarlierAnswers
from generation.engine.sending import ParkedError, Sender, Wire, places
from generation.engine.slots import Slots
from generation.engine.source import Sources
from generation.engine.writer import Writer
from generation.recipes.base import Context, PromptText, Recipe, Stage
from generation.types import Draft, Prompt, Reply, Task

_MOST_CLAIMS = 200
_TICK = 1.0


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a drain works on: a run's recipe with everything that was fixed when it was started."""

    recipe: Recipe
    params: Any
    prompts: Mapping[str, PromptText]
    language: str
    limits: Limits = LIMITS
    reuse: bool = False
    batching: bool = False
    parts: tuple[str, ...] | None = None

    def stage(self, name: str) -> Stage:
        """The stage called `name`; `LookupError` when the recipe has none."""
        for stage in self.recipe.stages:
            if stage.name == name:
                return stage
        raise LookupError(name)

    def context(self, rng: random.Random) -> Context:
        """All that a stage may use besides its task."""
        return Context(self.params, self.prompts, self.language, rng, self.parts)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a drain is handed by its door: time, chance, and when to stop."""

    clock: Callable[[], float]
    rng: random.Random
    stop: Callable[[], bool] = lambda: False
    recorder: Recorder = field(default_factory=NoRecorder)


@dataclass
class Drain:
    """One slice of work on one run, in one event loop."""

    assignment: Assignment
    ledger: Ledger
    sources: Sources
    around: Surroundings

    async def run(self) -> str:
        """Works until there is nothing to claim, the slice is over, the run is no longer running, or it is told to
        stop. Returns why: "empty", "slice", "stop", or the run's state."""
        limits = self.assignment.limits
        self.control = Control()
        self.tasks: dict[asyncio.Task[None], ClaimedItem] = {}
        self.writer = Writer(self.ledger, asyncio.get_running_loop())
        self.wire = Wire(Slots(limits.max_in_flight), Slots(places(limits.max_in_flight)))
        self.writer.pressure = lambda: self.wire.slots.taken > 8
        clock, rng = self.around.clock, self.around.rng
        self.asker = Asker(
            self.sources, limits, self.writer, Sender(limits, self.writer, self.wire, self.control, clock),
            self.control, self.around.recorder, clock, rng, partial(self.writer.ask, self.ledger.switch),
            _earlier(self.sources, self.writer, self.ledger) if self.assignment.reuse else None,
            self.assignment.batching,
        )  # fmt: skip
        self.started = self.renewed = self.around.clock()
        self.writer.start()
        try:
            ending = await self._loop()
        finally:
            await self._cut_off()
            await self.sources.tell(partial(self.writer.ask, self.ledger.learn))
            await self.writer.close()
            await self.sources.close()
        if self.control.error is not None:
            raise self.control.error
        return ending

    async def _loop(self) -> str:
        clock, limits = self.around.clock, self.assignment.limits
        ending, next_tick, next_claim, idle_since = "", self.started, self.started, self.started
        while True:
            if clock() >= next_tick:
                ending = ending or await self._tick()
                next_tick = clock() + _TICK
            if self.control.halting and not self.tasks:
                break
            if not self.control.halting and self._room() and clock() >= next_claim:
                items = await self.writer.ask(self.ledger.claim, min(self._room(), _MOST_CLAIMS))
                for item in items:
                    self._spawn(item)
                next_claim = clock() + (0.0 if items else 0.05)
            if self.tasks:
                idle_since = clock()
            elif not self.control.halting and clock() - idle_since > limits.idle:
                return "empty"
            await self._sleep(min(next_tick, max(next_claim, clock() + 0.001)) if self._room() else next_tick)
        if self.control.reason:
            await self.writer.ask(self.ledger.pause, self.control.reason, self.control.detail)
        return ending or self.control.reason or "stop"

    def _room(self) -> int:
        """How many more items to keep alive; 0 until a fifth of the places is free, so that claims come in groups."""
        target = 2 * self.wire.slots.size + 16
        free = target - len(self.tasks)
        return free if free * 5 >= target else 0

    async def _sleep(self, until: float) -> None:
        self.control.wake.clear()
        try:
            await asyncio.wait_for(self.control.wake.wait(), max(0.0, until - self.around.clock()))
        except TimeoutError:
            return

    async def _tick(self) -> str:
        """Once a second: looks at the run, at the clock and at the leases. Why to stop, or nothing."""
        now, limits = self.around.clock(), self.assignment.limits
        flag = await self.writer.ask(self.ledger.flag)
        self.sources.follow(flag.source)
        self.wire.resize(await self.sources.share(flag.max_in_flight))
        await self.sources.tell(partial(self.writer.ask, self.ledger.learn))
        if now - self.renewed > limits.lease / 3:
            self.renewed = now
            await self._renew()
        if flag.state == "stopping":
            self.control.halt()
            self._cancel_all()
            return "stopping"
        if self.around.stop():
            self._stop_softly(now)
            return ""
        if flag.state != "running" or now - self.started > limits.slice:
            self.control.halt()
            return "slice" if flag.state == "running" else flag.state
        return ""

    async def _renew(self) -> None:
        """Keeps the leases; an item that is no longer held is dropped at once."""
        held = await self.writer.ask(self.ledger.renew, {item.id: item.attempt for item in self.tasks.values()})
        for task, item in list(self.tasks.items()):
            if item.id not in held:
                task.cancel("lost")
        await self.writer.ask(self.ledger.sweep)

    def _stop_softly(self, now: float) -> None:
        """Lets what is on the wire come home, for a while."""
        if not self.control.halting:
            self.control.halt()
            self.stop_by = now + self.assignment.limits.grace
        elif now > getattr(self, "stop_by", now + 1):
            self._cancel_all()

    def _cancel_all(self) -> None:
        for task in list(self.tasks):
            task.cancel()

    async def _cut_off(self) -> None:
        """Nothing is left running behind, whatever ended the loop."""
        self._cancel_all()
        if self.tasks:
            await asyncio.gather(*self.tasks, return_exceptions=True)

    def _spawn(self, item: ClaimedItem) -> None:
        task = asyncio.get_running_loop().create_task(self._work(item))
        self.tasks[task] = item
        task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self.tasks.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.control.fail(error)
        if self._room() or not self.tasks:
            self.control.wake.set()

    async def _work(self, item: ClaimedItem) -> None:
        """Drives one item to its end, or gives it back."""
        try:
            outcome = await self._drive(item)
        except HaltedError as halted:
            self.writer.post(Released(item, halted.wait))
        except ParkedError:
            self.writer.post(Released(item, self.assignment.limits.batch_wait))
        except LeaseLostError:
            return
        except asyncio.CancelledError:
            self.writer.post(Released(item))
            raise
        else:
            self.writer.post(outcome)

    async def _drive(self, item: ClaimedItem) -> Finished:
        """Sends the generator its replies until it returns its drafts."""
        journal, step, failure = Journal(item.journal), 0, ""
        try:
            context = self.assignment.context(random.Random(item.random_seed))
            work = self._stage(item).work(Task(item.number, item.payload), context)
            replies: Any = None
            while True:
                asked, drafts = self._advance(item, work, replies)
                if asked is None:
                    return Finished(item, drafts, failure)
                many = isinstance(asked, list)
                got = await self._ask_all(item, journal, step, asked if many else [asked])
                failure = failure or next((reply.failure for reply in got if reply.failed), "")
                replies, step = (got if many else got[0]), step + 1
        except RecipeChangedError as error:
            return Finished(item, (), "recipe_changed", str(error))
        except _RecipeBrokeError as error:
            return Finished(item, (), "recipe_error", str(error))

    def _stage(self, item: ClaimedItem) -> Stage:
        try:
            return self.assignment.stage(item.stage)
        except LookupError:
            raise RecipeChangedError(f"no stage {item.stage}") from None

    def _advance(self, item: ClaimedItem, work: Any, replies: Any) -> tuple[Any, list[Draft]]:
        """The next prompts and no drafts, or None and the drafts."""
        self.around.recorder.mark(item.id)
        try:
            return work.send(replies), []
        except StopIteration as end:
            return None, end.value or []
        except Exception as error:
            raise _RecipeBrokeError("".join(traceback.format_exception(error, limit=-4))[-4000:]) from error
        finally:
            self.around.recorder.mark(0)

    async def _ask_all(self, item: ClaimedItem, journal: Journal, step: int, prompts: list[Prompt]) -> list[Reply]:
        if len(prompts) == 1:
            return [await self.asker.ask(item, journal, step, 0, prompts[0])]
        asking = [self.asker.ask(item, journal, step, index, prompt) for index, prompt in enumerate(prompts)]
        replies = await asyncio.gather(*asking, return_exceptions=True)
        for reply in replies:
            if isinstance(reply, BaseException):
                raise reply
        return replies  # type: ignore[return-value]


def _earlier(sources: Sources, writer: Writer, ledger: Ledger) -> dict[Sources, EarlierAnswers]:
    """Where each source's earlier answers are looked up."""
    looks = {line: (line.first.endpoint, line.first.model) for line in sources.all}
    return {line: EarlierAnswers(partial(writer.ask, ledger.earlier, *where)) for line, where in looks.items()}


class _RecipeBrokeError(Exception):
    """The recipe's own code raised."""
