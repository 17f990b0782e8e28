"""The server itself, over aiohttp. It honours max_tokens, and logs what came in and what went out, line by line."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.scripted_server.script import Script

BYTES_PER_TOKEN = 4


class Statement:
    """The log: one JSON line per request received and per answer given, appended in one write each."""

    def __init__(self, path: Path, *, bodies: bool) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self.bodies = bodies

    def write(self, **line: Any) -> None:
        """One line, with the time."""
        os.write(self._file, json.dumps({"t": round(time.time(), 4), **line}).encode() + b"\n")


class Server:
    """One script and one log."""

    def __init__(self, script: Script, statement: Statement) -> None:
        self.script = script
        self.statement = statement
        self.numbers = itertools.count(1)

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """POST /v1/chat/completions."""
        body = await request.json()
        fingerprint, rule, arrival, attempt = self.script.answer(body)
        number = next(self.numbers)
        fault = rule.fault(arrival, attempt, fingerprint)
        kept = {"body": body} if self.statement.bodies else {}
        self.statement.write(
            event="received", n=number, request=fingerprint, rule=rule.name, arrival=arrival, attempt=attempt, **kept
        )
        outcome, billed = "cut", [0, 0]
        try:
            if fault is None or fault["kind"] in LATE:
                await asyncio.sleep(self.script.latency)
            answer = _answer(body, rule.reply(arrival))
            billed = [answer["usage"]["prompt_tokens"], answer["usage"]["completion_tokens"]]
            if fault is not None:
                outcome = fault["kind"]
                return await FAULTS[fault["kind"]](request, fault, answer)
            outcome = "answered"
            return web.json_response(answer, headers={"x-request-id": f"req-{number}"})
        finally:
            self.statement.write(event="ended", n=number, request=fingerprint, outcome=outcome, billed=billed)

    async def models(self, request: web.Request) -> web.StreamResponse:
        """GET /v1/models."""
        return web.json_response({"data": [{"id": "scripted-1"}]})

    def app(self) -> web.Application:
        """The application."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self.complete)
        app.router.add_get("/v1/models", self.models)
        return app


def _answer(body: dict[str, Any], reply: dict[str, Any]) -> dict[str, Any]:
    """The reply as a chat completion, cut off at max_tokens."""
    most = body.get("max_tokens") or body.get("max_completion_tokens") or 10**9
    raw = reply["text"].encode()
    cut = len(raw) > most * BYTES_PER_TOKEN
    text = raw[: most * BYTES_PER_TOKEN].decode("utf-8", "ignore")
    prompt = sum(len(message["content"].encode()) for message in body["messages"])
    read, written = prompt // BYTES_PER_TOKEN + 1, min(most, len(raw) // BYTES_PER_TOKEN + 1)
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": reply.get("model", body["model"]),
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "finish_reason": reply.get("finish_reason", "length" if cut else "stop"),
            }
        ],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }


async def _rate_limited(request: web.Request, fault: dict[str, Any], answer: dict[str, Any]) -> web.StreamResponse:
    wait = fault.get("retry_after")
    if wait == "date":
        wait = formatdate(time.time() + 1, usegmt=True)
    headers = {"Retry-After": str(wait)} if wait is not None else {}
    return web.json_response(
        {"error": {"code": "rate_limit_exceeded", "message": "slow down"}}, status=429, headers=headers
    )


async def _status(request: web.Request, fault: dict[str, Any], answer: dict[str, Any]) -> web.StreamResponse:
    return web.json_response({"error": fault.get("error", {"message": "scripted"})}, status=fault["status"])


async def _slow_drip(request: web.Request, fault: dict[str, Any], answer: dict[str, Any]) -> web.StreamResponse:
    """Headers at once, then a byte now and then: every read timeout is content, only a deadline ends it."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    with contextlib.suppress(ConnectionResetError):
        for byte in json.dumps(answer).encode():
            await response.write(bytes([byte]))
            await asyncio.sleep(fault.get("pause", 0.2))
    return response


async def _truncated(request: web.Request, fault: dict[str, Any], answer: dict[str, Any]) -> web.StreamResponse:
    """Half of the body, and the line drops."""
    data = json.dumps(answer).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(data))})
    await response.prepare(request)
    await response.write(data[: len(data) // 2])
    _abort(request)
    return response


async def _malformed(request: web.Request, fault: dict[str, Any], answer: dict[str, Any]) -> web.StreamResponse:
    return web.Response(text=fault.get("text", '{"choices": [{"message": '), content_type="application/json")


async def _body(request: web.Request, fault: dict[str, Any], answer: dict[str, Any]) -> web.StreamResponse:
    """The answer with some of its fields replaced: empty choices, null content, no usage, an error in a 200."""
    if fault.get("only"):
        answer = {}
    return web.json_response(answer | fault["body"])


async def _reset(request: web.Request, fault: dict[str, Any], answer: dict[str, Any]) -> web.StreamResponse:
    _abort(request)
    return web.Response()


async def _hang(request: web.Request, fault: dict[str, Any], answer: dict[str, Any]) -> web.StreamResponse:
    await asyncio.sleep(3600)
    return web.Response()


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        with contextlib.suppress(OSError):
            request.transport.abort()


FAULTS = {
    "rate_limited": _rate_limited,
    "status": _status,
    "slow_drip": _slow_drip,
    "truncated": _truncated,
    "malformed": _malformed,
    "body": _body,
    "reset": _reset,
    "hang": _hang,
}
LATE = frozenset({"truncated", "malformed", "body", "reset"})
"""Faults that come when the answer was already made, after the usual latency."""
