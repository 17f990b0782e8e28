"""A stage for faults: a scripted server, a database of its own, and workers that may be killed at any moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.prepared import lay_tables

ROOT = Path(__file__).resolve().parents[2]
OVER = ("completed", "completed_with_errors", "cancelled", "failed")


class Scene:
    """Everything in one folder; entered, it is ready to start runs; left, nothing of it is alive."""

    def __init__(self, folder: Path, script: Path, *, variables: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.script = script
        self.log = folder / "statement.jsonl"
        self.variables = dict(variables or {})
        self.workers: list[subprocess.Popen[bytes]] = []
        self.started = 0

    @property
    def environment(self) -> dict[str, str]:
        """The surroundings of every process of the scene."""
        return {
            **os.environ,
            "FDC_DATA_DIR": str(self.folder / "var"),
            "FDC_PROVIDER_ALLOW": "127.0.0.1:*",
            "DJANGO_SETTINGS_MODULE": "fdc_project.settings",
            **self.variables,
        }

    def __enter__(self) -> Scene:
        (self.folder / "var").mkdir()
        lay_tables(self.environment)
        command = [sys.executable, "-m", "tests.scripted_server", "--script", str(self.script), "--log", str(self.log)]
        self.server = subprocess.Popen([*command, "--bodies"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.driver = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.driver"], cwd=ROOT, env=self.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.server.stdout is not None
        self.port = int(self.server.stdout.readline())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (*self.workers, self.driver, self.server):
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def ask(self, name: str, **arguments: Any) -> Any:
        """What the driver answers."""
        assert self.driver.stdin is not None
        assert self.driver.stdout is not None
        self.driver.stdin.write(json.dumps([name, arguments]) + "\n")
        self.driver.stdin.flush()
        return json.loads(self.driver.stdout.readline())

    def prepare(self, seeds: Path | None, *, max_in_flight: int = 16, timeout: int = 30, price: str = "") -> None:
        """Rows and an endpoint; the seeds come in through a worker, as they do for people."""
        self.job = self.ask(
            "prepare", seeds=str(seeds or ""), base_url=f"http://127.0.0.1:{self.port}/v1", max_in_flight=max_in_flight,
            timeout_seconds=timeout, price=price,
        )["job"]  # fmt: skip

    def work(self, *, kill_at: str = "") -> subprocess.Popen[bytes]:
        """One more worker, with all queues; `kill_at` is a place and a time for FDC_KILL."""
        self.started += 1
        command = [
            sys.executable, "-m", "celery", "-A", "fdc_project.celery", "worker", "-P", "threads", "-c", "8",
            "-Q", "gen,jobs", "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "warning",
            "-n", f"w{self.started}@%h",
        ]  # fmt: skip
        with open(self.folder / f"worker-{self.started}.log", "wb") as log:
            worker = subprocess.Popen(
                command, cwd=ROOT, env=self.environment | ({"FDC_KILL": kill_at} if kill_at else {}),
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """kill -9."""
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.workers.remove(worker)

    def until(self, fact: Callable[[], Any], *, patience: float, pause: float = 0.2) -> Any:
        """Waits for `fact` to be true and returns it."""
        end = time.monotonic() + patience
        while not (found := fact()):
            if time.monotonic() > end:
                raise AssertionError(f"waited {patience} s in vain; logs are in {self.folder}: {self.tail()}")
            time.sleep(pause)
        return found

    def until_over(self, run: int, *, patience: float = 120.0) -> dict[str, Any]:
        """How the run looks at its end."""
        self.until(lambda: self.ask("look", run=run)["state"] in OVER, patience=patience)
        found: dict[str, Any] = self.ask("look", run=run)
        return found

    def tail(self) -> str:
        """The ends of the workers' logs."""
        return "\n".join(
            path.read_text("utf-8", "replace")[-1500:] for path in sorted(self.folder.glob("worker-*.log"))
        )

    def statement(self) -> list[dict[str, Any]]:
        """What the server wrote down."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def answered(self) -> Counter[str]:
        """How often each request was answered in full."""
        ended = [line for line in self.statement() if line["event"] == "ended"]
        return Counter(line["request"] for line in ended if line["outcome"] == "answered")

    def received(self) -> Counter[str]:
        """How often each request came in."""
        return Counter(line["request"] for line in self.statement() if line["event"] == "received")
