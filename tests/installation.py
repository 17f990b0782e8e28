"""A whole FDC as a person has it: `manage.py start` in a folder of its own, on a free port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
OWN_KEYS = ("FDC_SECRET_KEY", "FDC_ENCRYPTION_KEY")


class Installation:
    """Started on entry, ended by Ctrl-C on exit. `url` and `welcome_link` are what it printed."""

    def __init__(self, folder: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.arguments = arguments
        self.variables = dict(variables or {})
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    @property
    def output(self) -> str:
        """Everything that it has printed so far."""
        return "".join(self.lines)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return self._printed(r"FDC answers at (\S+?)/?$")

    @property
    def welcome_link(self) -> str:
        """The link that lets the first person in."""
        return self._printed(r"(http\S+/welcome/\S+)")

    @property
    def environment(self) -> dict[str, str]:
        """The variables that it runs with; keys are those of its folder."""
        kept = {name: value for name, value in os.environ.items() if name not in OWN_KEYS}
        return kept | {"FDC_DATA_DIR": str(self.folder), "FDC_PORT": "0", "PYTHONUNBUFFERED": "1"} | self.variables

    def prepare(self) -> None:
        """Makes the folder ready without starting anything."""
        subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=self.environment, check=True)

    def start(self) -> None:
        """Starts it and returns when a page answers."""
        self.lines = []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "start", *self.arguments],
            cwd=ROOT, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()
        if "--only" not in self.arguments or "web" in self.arguments:
            self.wait_until_it_answers()

    def wait_until_it_answers(self, *, patience: float = 60.0) -> float:
        """Seconds until the sign-in page came."""
        begun = time.monotonic()
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/sign-in", timeout=patience) as answer:
                    assert answer.status == 200
                    return time.monotonic() - begun
            except OSError:
                if time.monotonic() - begun > patience:
                    raise
                time.sleep(0.05)

    def stop(self, number: int = signal.SIGINT, *, patience: float = 30.0) -> int:
        """Sends the signal to the supervisor; its exit code."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(patience)

    def children(self) -> dict[str, int]:
        """Process numbers by name ("fdc-web", "fdc-gen", ...), grandchildren included."""
        assert self.process
        found: dict[str, int] = {}
        parents = {self.process.pid}
        for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
            try:
                stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
            except OSError:
                continue
            name, rest = stat.partition("(")[2].rpartition(")")[::2]
            if int(rest.split()[1]) in parents and rest.split()[0] != "Z":
                parents.add(pid)
                found[name] = pid
        return found

    def __enter__(self) -> Installation:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self.process
        if self.process.poll() is None:
            self.stop()
        if kind:
            print(self.output)

    def _read(self) -> None:
        assert self.process
        assert self.process.stdout
        self.lines.extend(iter(self.process.stdout.readline, ""))

    def _printed(self, pattern: str, *, patience: float = 60.0) -> str:
        assert self.process
        deadline = time.monotonic() + patience
        while not (found := re.search(pattern, self.output, re.MULTILINE)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"FDC did not start:\n{self.output}")
            time.sleep(0.02)
        return found[1]
