"""Batches as OpenAI has them, and DashScope after it: a file of requests goes up, and within a day two files come back.

Only the standard library. Every verb is one exchange, and none of them is repeated here: what may be repeated safely is
for the caller to know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from generation.providers import failures
from generation.providers.addresses import Policy
from generation.providers.base import EndpointView, ProviderError
from generation.providers.exchange import NoAnswerError, exchange
from generation.providers.keys import bearer, headers_for, redacted, without_keys

MOST_REQUESTS = 10_000
MOST_BYTES = 50 * 1024 * 1024
LARGEST_FILE = 400 * 1024 * 1024
SECONDS = 300.0
TOKEN = "fdc_batch"
NAME = re.compile(r"[A-Za-z0-9._:-]{1,200}")
OVER = frozenset({"completed", "failed", "expired", "cancelled"})


@dataclass(frozen=True, slots=True)
class Remote:
    """A batch as the provider shows it."""

    id: str
    status: str
    output_file: str = ""
    error_file: str = ""
    words: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in OVER


@dataclass(frozen=True, slots=True)
class Line:
    """What came back for one request: `raw` are the bytes of its own answer; status 0 means that it never ran."""

    custom_id: str
    status: int
    raw: bytes
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class BatchDesk:
    """One endpoint's batches. `ProviderError` for whatever the provider refuses, and for silence."""

    endpoint: EndpointView
    policy: Policy

    def upload(self, requests: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
        """The id of a new file of these requests (custom id, body). Costs nothing by itself."""
        lines = [
            json.dumps(
                {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body}, ensure_ascii=False
            )
            for name, body in requests
        ]
        edge = uuid4().hex
        content = "\n".join(lines).encode("utf-8") + b"\n"
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="requests.jsonl"\r\n'
            "Content-Type: application/jsonl\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        return _name(self._json("/files", body=body, kind=kind).get("id"))

    def create(self, file_id: str, *, token: str) -> Remote:
        """A new batch over the file. Whoever is not sure that an earlier try failed asks `find` first."""
        asked = {
            "input_file_id": file_id, "endpoint": "/v1/chat/completions", "completion_window": "24h",
            "metadata": {TOKEN: token},
        }  # fmt: skip
        return self._remote(self._json("/batches", body=json.dumps(asked).encode()))

    def find(self, *, token: str, file_id: str) -> Remote | None:
        """The batch that was made with this token or over this file, if there is one among the newest."""
        listed = self._json("/batches?limit=100").get("data")
        for each in listed if isinstance(listed, list) else ():
            if not isinstance(each, dict):
                continue
            metadata = each.get("metadata")
            told = metadata.get(TOKEN) if isinstance(metadata, dict) else None
            if told == token or (file_id and each.get("input_file_id") == file_id):
                return self._remote(each)
        return None

    def look(self, batch_id: str) -> Remote:
        """How the batch stands."""
        return self._remote(self._json(f"/batches/{batch_id}"))

    def cancel(self, batch_id: str) -> Remote:
        """Asks the provider to do no more of it; what was done is billed."""
        return self._remote(self._json(f"/batches/{batch_id}/cancel", body=b"{}"))

    def lines(self, file_id: str) -> Iterator[Line]:
        """The lines of a file of answers or errors."""
        if not file_id:
            return
        for line in self._bytes(f"/files/{file_id}/content").splitlines():
            if line.strip():
                yield _line(line, self.endpoint)

    def _json(self, path: str, *, body: bytes | None = None, kind: str = "application/json") -> dict[str, Any]:
        raw = self._bytes(path, body=body, kind=kind)
        try:
            payload = json.loads(raw)
        except (ValueError, RecursionError):
            payload = None
        if not isinstance(payload, dict):
            raise ProviderError("malformed_reply", "no JSON object", permanent=True, raw=raw[:2000])
        return payload

    def _remote(self, payload: dict[str, Any]) -> Remote:
        names = ("id", "output_file_id", "error_file_id")
        known, output, faults = (_name(payload.get(name)) for name in names)
        words = without_keys(_words(payload).encode("utf-8", "replace"), self.endpoint).decode("utf-8", "replace")
        return Remote(known, str(payload.get("status") or "")[:40], output, faults, words[:1000])

    def _bytes(self, path: str, *, body: bytes | None = None, kind: str = "application/json") -> bytes:
        headers = {"Accept": "application/json", "User-Agent": "FDC", **headers_for(self.endpoint)}
        if key := bearer(self.endpoint):
            headers["Authorization"] = f"Bearer {key}"
        if body is not None:
            headers["Content-Type"] = kind
        try:
            came = exchange(
                self.endpoint.base_url, path, policy=self.policy, headers=headers, body=body, seconds=SECONDS,
                largest=LARGEST_FILE,
            )  # fmt: skip
        except NoAnswerError as error:
            kind = "timeout" if error.code == "timeout" else "connection"
            raise ProviderError(kind, error.code, permanent=error.code == "not_allowed") from None
        if came.status not in (200, 201):
            raise redacted(failures.refused(came.status, came.body, came.headers), self.endpoint)
        return came.body


def _name(value: Any) -> str:
    """A name that the provider gave, which becomes part of an address: `ProviderError` for one that leads elsewhere."""
    name = str(value or "")
    if name and (not NAME.fullmatch(name) or set(name) == {"."}):
        raise ProviderError("malformed_reply", "not the name of a file or batch", permanent=True)
    return name


def _words(payload: dict[str, Any]) -> str:
    """What the provider says went wrong."""
    errors = payload.get("errors")
    listed = errors.get("data") if isinstance(errors, dict) else errors
    told = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return "; ".join(str(each.get("message") or each.get("code") or "") for each in told)


def _line(line: bytes, endpoint: EndpointView) -> Line:
    """A line that cannot be read names no request, so its request counts as one that never ran."""
    try:
        payload = json.loads(without_keys(line, endpoint))
        response = payload.get("response") or {}
        body = response.get("body") or {"error": payload.get("error") or {}}
        status = int(response.get("status_code") or 0)
        status = status if 100 <= status < 600 else 0
        raw = without_keys(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), endpoint)
        return Line(str(payload["custom_id"]), status, raw, str(response.get("request_id") or "")[:120])
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return Line("", 0, b"")
