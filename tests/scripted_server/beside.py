"""The scripted server in a thread of the tests' own process: no start-up to wait for, and its statement at hand."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.scripted_server.script import load
from tests.scripted_server.server import Server, Statement


@dataclass(frozen=True)
class Served:
    """Where it listens, and what it wrote down."""

    base_url: str
    log: Path

    def statement(self) -> list[dict[str, Any]]:
        """Every line of its log so far."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


@contextmanager
def serving(script: Path, folder: Path) -> Iterator[Served]:
    """The server of `script` on a free port; its log is a new file in `folder`."""
    log = folder / f"statement-{sum(1 for _ in folder.iterdir())}.jsonl"
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = web.AppRunner(
        Server(load(script), Statement(log, bodies=False)).app(), access_log=None, shutdown_timeout=0.1
    )

    async def start() -> int:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return int(runner.addresses[0][1])

    async def stop() -> None:
        await runner.cleanup()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    try:
        port = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
        yield Served(f"http://127.0.0.1:{port}/v1", log)
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
