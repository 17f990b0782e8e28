"""A server that speaks DashScope's own protocol: one address, errors as status, code and message, usage as it counts.

It answers by rule, keeps every request that came in, and can drop the line as a load balancer does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

PATH = "/api/v1/services/aigc/text-generation/generation"
Rule = Callable[[dict[str, Any], int], "Told"]


@dataclass(frozen=True)
class Told:
    """What the server answers: a text with thinking, or an error code, or nothing because the line drops."""

    text: str = ""
    thinking: str = ""
    finish: str = "stop"
    status: int = 200
    code: str = ""
    message: str = ""
    drop: bool = False
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


class DashScopeServer:
    """Use it with `async with`; `base_url` is where it listens."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []

    async def __aenter__(self) -> DashScopeServer:
        app = web.Application()
        app.router.add_post(PATH, self._generate)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _generate(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        number = len(self.bodies)
        told = self.rule(body, number)
        if told.drop:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if told.raw is not None:
            return web.Response(body=told.raw, content_type="application/json")
        if told.status != 200:
            error = {"code": told.code, "message": told.message, "request_id": f"r-{number}"}
            return web.json_response(error, status=told.status, headers=told.headers)
        return web.Response(
            text=json.dumps(answer(body, told, number)), content_type="application/json", headers=told.headers
        )


def answer(body: dict[str, Any], told: Told, number: int) -> dict[str, Any]:
    """The body of a 200."""
    message = {"role": "assistant", "content": told.text}
    if told.thinking:
        message["reasoning_content"] = told.thinking
    read = sum(len(each["content"]) for each in body["input"]["messages"])
    thought = len(told.thinking)
    usage: dict[str, Any] = {
        "input_tokens": read, "output_tokens": len(told.text) + thought, "total_tokens": read + len(told.text) + thought
    }  # fmt: skip
    if thought:
        usage["output_tokens_details"] = {"reasoning_tokens": thought}
    choice = {"finish_reason": told.finish, "message": message}
    return {"output": {"choices": [choice]}, "usage": usage, "request_id": f"r-{number}"}
