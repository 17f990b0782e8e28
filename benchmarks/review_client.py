"""People who review as fast as they can over HTTP, for `benchmarks.review`."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
import uuid
from collections.abc import Sequence
from urllib.parse import urlencode

CARD = re.compile(r'data-card="(\d+)" data-version="(\d+)" data-revision="(\d+)"')
TOKEN = re.compile(r'name="csrf-token" content="(\w+)"')


class Client:
    """One person at one browser that keeps its connection."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.session, self.token = port, session, ""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(
        self, method: str, path: str, fields: dict[str, object] | None = None, *, again: bool = False
    ) -> tuple[int, str]:
        """Status and text; status 0 when there is no answer."""
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={self.token}", "Accept": "application/json"}
        if fields is not None:
            headers |= {"X-CSRFToken": self.token, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            self.connection.request(method, path, urlencode(fields or {}), headers)
            response = self.connection.getresponse()
            body = response.read().decode()
        except OSError:  # the server ended a connection that rested; a question may be asked again
            self.connection.close()
            return (0, "") if again else self.ask(method, path, fields, again=True)
        for cookie in response.headers.get_all("Set-Cookie") or []:
            if cookie.startswith("csrftoken="):
                self.token = cookie.split(";")[0].removeprefix("csrftoken=")
        return response.status, body

    def timed(self, method: str, path: str) -> float:
        """Milliseconds that the answer took."""
        begun = time.perf_counter()
        status, _ = self.ask(method, path)
        assert status == 200, (status, path)
        return (time.perf_counter() - begun) * 1000

    def review(self, count: int) -> list[float]:
        """Milliseconds of each of `count` decisions."""
        status, page = self.ask("GET", "/p/bench/review")
        assert status == 200, status
        self.token = (TOKEN.search(page) or ["", ""])[1]
        desk = {int(pk): (version, revision) for pk, version, revision in CARD.findall(page)}
        times = []
        for _ in range(count):
            pk, (version, revision) = next(iter(desk.items()))
            del desk[pk]
            fields: dict[str, object] = {
                "sample": pk, "version": version, "revision": revision, "key": uuid.uuid4().hex, "action": "approve",
                "have": ",".join(map(str, desk)), "seconds": "1.5",
            }  # fmt: skip
            begun = time.perf_counter()
            status, body = self.ask("POST", "/p/bench/review/decide", fields)
            times.append((time.perf_counter() - begun) * 1000)
            assert status == 200, body
            for html in json.loads(body)["cards"].values():
                desk |= {int(pk): (version, revision) for pk, version, revision in CARD.findall(html)}
        return times


def crowd(port: int, sessions: Sequence[str], count: int) -> tuple[float, int]:
    """Decisions a second of all these people at once, `count` decisions each, and how many that were."""
    people = [threading.Thread(target=Client(port, session).review, args=[count]) for session in sessions]
    begun = time.perf_counter()
    for person in people:
        person.start()
    for person in people:
        person.join()
    total = count * len(people)
    return total / (time.perf_counter() - begun), total


def quantile(times: Sequence[float], share: float) -> float:
    """The value below which `share` of the times lie."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
