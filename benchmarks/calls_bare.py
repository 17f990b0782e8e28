"""The floor beside which `benchmarks.calls` sets FDC: aiohttp alone, nothing written down."""

from __future__ import annotations

import asyncio
import json
import sys

import aiohttp

from benchmarks.stopwatch import Stopwatch

TEXT = "Explain in two sentences why the tide comes twice a day, case {number}. " * 4


async def work(port: int, calls: int, in_flight: int) -> dict[str, float]:
    """So many calls, so many at once."""
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    numbers = iter(range(calls))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def one_by_one() -> None:
            for number in numbers:
                body = {"model": "m", "messages": [{"role": "user", "content": TEXT.format(number=number)}]}
                async with session.post(url, json=body) as response:
                    json.loads(await response.read())

        watch = Stopwatch()
        await asyncio.gather(*[one_by_one() for _ in range(in_flight)])
        return watch.figures(calls, written=0)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(work(*[int(number) for number in sys.argv[1:]]))))
