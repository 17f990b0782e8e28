"""Places for calls: first come, first served, and their number may change."""

from __future__ import annotations

import asyncio

from generation.engine.slots import Slots
from tests.loops import run


def test_no_more_are_inside_than_there_are_places() -> None:
    async def scenario() -> int:
        slots, inside, most = Slots(3), 0, 0

        async def work() -> None:
            nonlocal inside, most
            async with slots:
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0)
                inside -= 1

        await asyncio.gather(*[work() for _ in range(20)])
        return most

    assert run(scenario()) == 3


def test_more_places_let_those_who_wait_in_at_once() -> None:
    async def scenario() -> tuple[int, int]:
        slots, entered = Slots(1), []
        gate = asyncio.Event()

        async def work(number: int) -> None:
            async with slots:
                entered.append(number)
                await gate.wait()

        tasks = [asyncio.create_task(work(number)) for number in range(5)]
        await asyncio.sleep(0.01)
        before = len(entered)
        slots.resize(4)
        await asyncio.sleep(0.01)
        after = len(entered)
        gate.set()
        await asyncio.gather(*tasks)
        assert entered == [0, 1, 2, 3, 4]
        return before, after

    assert run(scenario()) == (1, 4)


def test_one_who_gives_up_waiting_takes_no_place_with_him() -> None:
    async def scenario() -> int:
        slots = Slots(1)

        async def work() -> None:
            async with slots:
                await asyncio.sleep(0.01)

        first, second = asyncio.create_task(work()), asyncio.create_task(work())
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        return slots.taken

    assert run(scenario()) == 0
