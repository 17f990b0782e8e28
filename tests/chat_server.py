"""An OpenAI-compatible server in a thread that answers by rule and remembers every request."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Said:
    """What the server answers to one request: a body as it stands, or a text in a completion."""

    text: str = ""
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    message: dict[str, Any] = field(default_factory=dict)
    finish: str = "stop"
    usage: dict[str, Any] | None = None
    wait: float = 0.0
    drip: float = 0.0


Rule = Callable[[dict[str, Any], int], Said]


@dataclass
class ChatServer:
    """`bodies` are the chat requests in the order they came, `headers` theirs, `paths` all that was asked for."""

    rule: Rule
    models: list[str] | None = field(default_factory=lambda: ["m-1"])
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/v1"


def refusal(status: int, code: str, message: str = "", **headers: str) -> Said:
    """An error as OpenAI words it."""
    return Said(status=status, body={"error": {"code": code, "message": message or code}}, headers=headers)


@contextmanager
def chat_server(rule: Rule, *, models: list[str] | None = None) -> Iterator[ChatServer]:
    """The server, listening until the block ends."""
    server = ChatServer(rule, ["m-1"] if models is None else models)
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    httpd.daemon_threads = True
    httpd.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.port = httpd.server_port
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()


def _handler(server: ChatServer) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.paths.append(self.path)
            self._send(Said(body={"data": [{"id": name} for name in server.models or []]}), {})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                server.paths.append(self.path)
                server.bodies.append(body)
                server.headers.append(dict(self.headers))
                number = len(server.bodies)
            self._send(server.rule(body, number), body)

        def _send(self, said: Said, body: dict[str, Any]) -> None:
            time.sleep(said.wait)
            payload = said.body if said.body is not None else completion(said, body)
            raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
            self.send_response(said.status)
            if said.drip:
                self.flush_headers()
                for number in range(200):
                    self.wfile.write(f"X-Drip-{number}: x\r\n".encode())
                    self.wfile.flush()
                    time.sleep(said.drip)
            for name, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    return Handler


def completion(said: Said, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request in the form that OpenAI gives it."""
    read = sum(len(each["content"] or "") for each in body.get("messages", []))
    usage = {"prompt_tokens": read, "completion_tokens": len(said.text) + 1} if said.usage is None else said.usage
    message = {"role": "assistant", "content": said.text} | said.message
    return {
        "id": "c", "model": body.get("model"), "usage": usage,
        "choices": [{"index": 0, "message": message, "finish_reason": said.finish}],
    }  # fmt: skip
