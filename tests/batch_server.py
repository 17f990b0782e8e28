"""A provider's batch desk in a thread: files go up, batches are made over them, and a test says how each ends."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.chat_server import Said, completion

Rule = Callable[[dict[str, Any], int], Said | None]
"""What a request is answered, by its body and its place in the file; None: it never ran."""


@dataclass
class BatchServer:
    """`billed` counts requests that were worked, whatever became of their answers."""

    rule: Rule
    status: str = "completed"
    looks: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    batches: list[dict[str, Any]] = field(default_factory=list)
    billed: int = 0
    refuse: int = 0
    port: int = 0

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/v1"

    def take(self, raw: bytes) -> dict[str, Any]:
        """A file from a multipart body."""
        found = re.search(rb'filename="[^"]*"\r\n[^\r]*\r\n\r\n(.*)\r\n--', raw, re.DOTALL)
        assert found is not None
        name = f"file-{len(self.files) + 1}"
        self.files[name] = found[1]
        return {"id": name, "purpose": "batch"}

    def make(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A batch, still at work."""
        batch = {"id": f"batch-{len(self.batches) + 1}", "status": "in_progress", **asked}
        self.batches.append(batch)
        return batch

    def look(self, name: str) -> dict[str, Any]:
        """The batch; it ends after `looks` looks."""
        batch = next(each for each in self.batches if each["id"] == name)
        if batch["status"] == "in_progress":
            if self.looks > 0:
                self.looks -= 1
            else:
                self._end(batch)
        return batch

    def _end(self, batch: dict[str, Any]) -> None:
        batch["status"] = self.status
        if self.status == "failed":
            batch["errors"] = {"data": [{"message": "Enqueued token limit reached"}]}
            return
        good, bad = [], []
        for place, line in enumerate(self.files[batch["input_file_id"]].splitlines()):
            request = json.loads(line)
            said = self.rule(request["body"], place)
            if said is None:
                bad.append({"custom_id": request["custom_id"], "response": None, "error": {"code": "batch_expired"}})
                continue
            self.billed += said.status == 200
            body = said.body if said.body is not None else completion(said, request["body"])
            response = {"status_code": said.status, "request_id": f"r-{place}", "body": body}
            (good if said.status == 200 else bad).append({"custom_id": request["custom_id"], "response": response})
        for field_name, lines in (("output_file_id", good), ("error_file_id", bad)):
            if lines:
                batch[field_name] = f"{batch['id']}-{field_name}"
                self.files[batch[field_name]] = "\n".join(json.dumps(each) for each in reversed(lines)).encode()


@contextmanager
def batch_server(rule: Rule, **more: Any) -> Iterator[BatchServer]:
    """The desk, open until the block ends."""
    server = BatchServer(rule, **more)
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    httpd.daemon_threads = True
    server.port = httpd.server_port
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()


def _handler(server: BatchServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix("/v1").partition("?")[0]
            if path == "/batches":
                self._send({"data": server.batches})
            elif path.endswith("/content"):
                self._send(server.files[path.split("/")[2]])
            else:
                self._send(server.look(path.split("/")[2]))

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            if server.refuse:
                self._send({"error": {"code": "no"}}, status=server.refuse)
            elif self.path == "/v1/files":
                self._send(server.take(raw))
            elif self.path == "/v1/batches":
                self._send(server.make(json.loads(raw)))
            else:
                self._send({"id": self.path.split("/")[3], "status": "cancelling"})

        def _send(self, payload: Any, *, status: int = 200) -> None:
            raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    return Handler
