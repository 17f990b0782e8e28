"""Answers that earlier runs paid for: looked up for many requests at a time, while others are on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """The bytes that an earlier run's call brought. `call` is its id."""

    call: int
    raw: bytes
    status: int = 200


Look = Callable[[Sequence[str]], Awaitable[Mapping[str, EarlierAnswer]]]


class EarlierAnswers:
    """Gathers what is asked while a look-up is under way, so that one query serves a whole claim of items."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._waiting: dict[str, asyncio.Future[EarlierAnswer | None]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def find(self, fingerprint: str) -> EarlierAnswer | None:
        """The answer that an earlier run got to the very same request, or None."""
        if fingerprint not in self._waiting:
            self._waiting[fingerprint] = asyncio.get_running_loop().create_future()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._serve())
        return await asyncio.shield(self._waiting[fingerprint])

    async def _serve(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            try:
                found = await self._look(list(asked))
            except BaseException as error:
                for future in asked.values():
                    future.set_exception(error)
                    future.exception()  # whoever asked may be gone
                raise
            for fingerprint, future in asked.items():
                future.set_result(found.get(fingerprint))
