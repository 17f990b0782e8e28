"""The scripted server as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from aiohttp import web

from tests.scripted_server.script import load
from tests.scripted_server.server import Server, Statement


async def main() -> None:
    """Serves until it is killed; prints its port first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--script", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--bodies", action="store_true", help="log whole request bodies")
    given = parser.parse_args()
    server = Server(load(given.script), Statement(given.log, bodies=given.bodies))
    runner = web.AppRunner(server.app(), access_log=None, handle_signals=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", given.port, backlog=1024)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
