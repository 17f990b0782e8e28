"""A crowd of reviewers over HTTP: they review until nothing is left, whatever fails, and write down what they saw."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.prepared import lay_tables

ROOT = Path(__file__).resolve().parent.parent.parent
CARD = re.compile(r'data-card="(\d+)" data-version="(\d+)" data-revision="(\d+)"')
TOKEN = re.compile(r'name="csrf-token" content="(\w+)"')


@dataclass
class Event:
    """One request as its sender saw it. `outcome` is ok, conflict, or unknown (no answer came)."""

    client: int
    op: str
    sample: int
    key: str
    begun: float
    ended: float
    outcome: str
    state: str = ""
    version: int = 0


@dataclass
class Holding:
    """A sample on somebody's page: from the answer that brought it to the request that decided it."""

    client: int
    sample: int
    since: float
    until: float = field(default=float("inf"))


class Web:
    """Gunicorn over one database, a SQLite file where no other is named, which can be killed and started again."""

    def __init__(self, folder: Path, *, mutant: str = "", database_url: str = "") -> None:
        self.environment = os.environ | {"FDC_DATA_DIR": str(folder), "MUTANT": mutant, "PYTHONPATH": str(ROOT)}
        if database_url:
            self.environment["DATABASE_URL"] = database_url
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self, people: int, samples: int, *, pairs: int = 0) -> dict[int, str]:
        """Makes the database; person id -> session key."""
        lay_tables(self.environment)
        command = [sys.executable, "-m", "tests.faults.reviewers_ground", str(people), str(samples), str(pairs)]
        made = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)
        return {int(person): session for person, session in json.loads(made.stdout.splitlines()[-1]).items()}

    def start(self) -> None:
        """Starts it and returns when it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "tests.faults.mutants_wsgi:application", "-b", f"127.0.0.1:{self.port}",
             "-k", "gthread", "--threads", "8", "--log-level", "critical"],
            cwd=ROOT, env=self.environment, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("gunicorn did not answer")

    def kill(self) -> None:
        """kill -9 of master and worker: nothing is finished, nothing is flushed."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Reviewer(threading.Thread):
    """One person at one browser, working as review.js does: two cards, one request a decision, the same key again."""

    page, post = "/p/crowd/review", "/p/crowd/review/decide"

    def __init__(self, port: int, person: int, session: str, *, seed: int) -> None:
        super().__init__(daemon=True)
        self.port, self.person, self.session = port, person, session
        self.rng = random.Random(seed)
        self.events: list[Event] = []
        self.holdings: list[Holding] = []
        self.faults: list[str] = []
        self.token = ""
        self.connection: http.client.HTTPConnection | None = None
        self.stopped = threading.Event()

    def run(self) -> None:
        try:
            while not self.stopped.is_set() and (desk := self.open_page()):
                while desk and not self.stopped.is_set():
                    desk = self.decide(desk)
        except Exception as error:
            self.faults.append(f"reviewer {self.person} broke off: {error!r}")
            raise

    def open_page(self) -> dict[int, tuple[str, str]]:
        """Loads the page anew; the cards on it."""
        while not self.stopped.is_set():
            status, body = self.ask("GET", self.page, None)
            if status == 200:
                self.token = TOKEN.search(body)[1]  # type: ignore[index]
                return self.received(body, {})
            time.sleep(0.1)
        return {}

    def received(self, html: str, desk: dict[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
        """The desk with the cards in this answer on it."""
        now = time.monotonic()
        for found in CARD.finditer(html):
            pk = int(found[1])
            if pk not in desk:
                self.holdings.append(Holding(self.person, pk, now))
            desk[pk] = (found[2], found[3])
        return desk

    def decide(self, desk: dict[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
        """Says something of the first card, as often as it takes to get an answer."""
        pk, (version, revision) = next(iter(desk.items()))
        action = self.rng.choices(["approve", "reject:1", "skip", "edit_approve"], [60, 30, 4, 6])[0]
        rest = {other: seen for other, seen in desk.items() if other != pk}
        fields = {
            "sample": pk, "version": version, "revision": revision, "key": uuid.uuid4().hex,
            "action": action.removeprefix("edit_"), "have": ",".join(map(str, rest)), "seconds": "0.5",
        }  # fmt: skip
        if action.startswith("edit_"):
            fields |= {"system": "", "instruction": "Edited", "input": "", "output": f"by {self.person}"}
        for holding in self.holdings:
            if holding.sample == pk and holding.until == float("inf"):
                holding.until = time.monotonic()
        answer = self.until_answered(action, fields)
        if answer is None:
            return {}
        if answer["saved"] and self.rng.random() < 0.03:
            self.repeat(fields, answer)
        for html in answer["cards"].values():
            self.received(html, rest)
        return rest

    def until_answered(self, action: str, fields: dict[str, object]) -> dict | None:
        while not self.stopped.is_set():
            begun = time.monotonic()
            status, body = self.ask("POST", self.post, fields)
            answer = json.loads(body) if status in (200, 409) else {}
            outcome = {200: "ok", 409: "conflict"}.get(status, "unknown")
            self.events.append(Event(
                self.person, action, int(str(fields["sample"])), str(fields["key"]), begun, time.monotonic(), outcome,
                str(answer.get("state", "")), int(answer.get("version", 0)),
            ))  # fmt: skip
            if answer:
                return answer
            time.sleep(self.rng.uniform(0.05, 0.3))
        return None

    def repeat(self, fields: dict[str, object], first: dict) -> None:
        """Sends the same key once more, saying something else: the first answer must come back."""
        status, body = self.ask("POST", self.post, {**fields, "action": "reject:2", "have": "0,1"})
        again = json.loads(body) if status in (200, 409) else None
        if again and any(again[name] != first[name] for name in ("saved", "state", "version")):
            self.faults.append(f"key {fields['key']} was answered {first['state']} and then {again['state']}")

    def ask(self, method: str, path: str, fields: dict[str, object] | None) -> tuple[int, str]:
        """Status and body; status 0 when no answer came."""
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={self.token}", "Accept": "application/json"}
        if fields is not None:
            headers |= {"X-CSRFToken": self.token, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            self.connection.request(method, path, urlencode(fields or {}), headers)
            response = self.connection.getresponse()
            body = response.read().decode()
            for cookie in response.headers.get_all("Set-Cookie") or []:
                if cookie.startswith("csrftoken="):
                    self.token = cookie.split(";")[0].removeprefix("csrftoken=")
            return response.status, body
        except (OSError, http.client.HTTPException):
            if self.connection:
                self.connection.close()
            self.connection = None
            return 0, ""


def write_history(path: Path, reviewers: list[Reviewer]) -> None:
    """Every request of everybody, one JSON object a line."""
    events = sorted((event for each in reviewers for event in each.events), key=lambda event: event.begun)
    path.write_text("".join(json.dumps(asdict(event)) + "\n" for event in events), encoding="utf-8")
