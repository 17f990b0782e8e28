"""Servers of other people in throw-away environments, answering from our scripts.

The HTTP, the checks of requests and the form of answers are theirs; only the words come from `tests/scripted_server`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
KEPT = ROOT / ".verify"
PATIENCE = 180.0
KEY = "sk-verify-0123456789"
"""LiteLLM's proxy asks for it; MockLLM takes any."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A server: what to install, in order, and the script beside this file that starts it: `python script PORT SCRIPT`.

    `cuts` says that it can tell an answer that was cut off from one that ended; `hears` are the fields of a
    request that it lets our script know besides the messages.
    """

    name: str
    title: str
    pins: tuple[str, ...]
    cuts: bool = True
    hears: frozenset[str] = frozenset()

    @property
    def launcher(self) -> Path:
        """The script that runs in its environment."""
        return HERE / f"{self.name}_server.py"


_WARMTH = frozenset({"temperature"})
SERVERS = (
    Foreign("litellm", "LiteLLM proxy 1.106.2 with a custom model", ("litellm[proxy]==1.106.2",), hears=_WARMTH),
    Foreign("mockllm", "MockLLM 0.0.8", ("mockllm==0.0.8",), cuts=False),
    Foreign(
        "transformers", "transformers serve 5.23.0", ("torch==2.13.0", "transformers[serving]==5.23.0"), hears=_WARMTH
    ),
)


class NotInstalledError(Exception):
    """The packages could not be installed; the message ends with what the installer said."""


def python_of(server: Foreign) -> Path:
    """The interpreter of the server's environment, which is made when its pins changed."""
    home = KEPT / server.name
    python, stamp = home / "bin" / "python", home / "installed"
    mark = "\n".join(server.pins)
    if stamp.exists() and stamp.read_text() == mark:
        return python
    print(f"Installing {server.title} into {home.relative_to(ROOT)} ...", flush=True)
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(home)],
        *([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", pin] for pin in server.pins),
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotInstalledError(done.stderr[-1500:])
    stamp.write_text(mark)
    return python


@contextmanager
def serving(server: Foreign, script: Path, folder: Path) -> Iterator[str]:
    """The server answering from the script, as a base URL; ended with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "FDC"))}
    surroundings |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MASTER_KEY": KEY, "PYTHONPATH": str(ROOT)}
    command = [str(python_of(server)), str(server.launcher), str(port), str(script)]
    with open(folder / f"{server.name}-{script.stem}.log", "wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=surroundings, stdout=log, stderr=log)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until it answers anything at all, a refusal included."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/models", timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server on port {port} did not come up")
