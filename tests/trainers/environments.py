"""Throw-away environments with the trainers, made once for each list of pins and kept under `.verify/`."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
KEPT = ROOT / ".verify"
PATIENCE = 1200
"""Seconds that one probe may take with all its files."""


@dataclass(frozen=True, slots=True)
class Trainer:
    """A trainer in its pinned version. `alone` are packages that are installed without what they ask for."""

    name: str
    title: str
    alone: tuple[str, ...] = ()

    @property
    def pins(self) -> Path:
        """The list of what its environment holds."""
        return HERE / f"{self.name}.txt"

    @property
    def probe(self) -> Path:
        """The script that runs in it."""
        return HERE / f"{self.name}_probe.py"


TRL = Trainer("trl", "TRL 1.16.0, datasets 5.2.0")
LLAMA_FACTORY = Trainer("llama_factory", "LLaMA-Factory 0.9.5", alone=("llamafactory==0.9.5",))


class NoEnvironmentError(Exception):
    """The packages could not be installed; the message ends with what the installer said."""


def python_of(trainer: Trainer) -> Path:
    """The interpreter of the trainer's environment, which is made when its pins changed. Minutes, the first time."""
    home = KEPT / trainer.name
    python, stamp = home / "bin" / "python", home / "installed"
    mark = hashlib.sha256(trainer.pins.read_bytes() + repr(trainer.alone).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == mark:
        return python
    print(f"Installing {trainer.title} into {home.relative_to(ROOT)} ...", flush=True)
    _run([sys.executable, "-m", "venv", "--clear", str(home)])
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # Torch first and by itself: asked for by another package, an index may answer with its newest build for CUDA.
    [torch] = [line for line in trainer.pins.read_text().splitlines() if line.startswith("torch==")]
    _run([*pip, torch])
    _run([*pip, "-r", str(trainer.pins)])
    if trainer.alone:
        _run([*pip, "--no-deps", *trainer.alone])
    stamp.write_text(mark)
    return python


def probe(trainer: Trainer, folder: Path, jobs: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the trainer said of each job, by its name. A job that it says nothing of has an "error"."""
    (folder / "jobs.json").write_text(json.dumps(list(jobs)), encoding="utf-8")
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "FDC"))}
    done = subprocess.run(
        [str(python_of(trainer)), str(trainer.probe), str(folder)],
        cwd=folder, env=surroundings, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    lines = [json.loads(line[6:]) for line in done.stdout.splitlines() if line.startswith("PROBE ")]
    said = {line["name"]: line for line in lines}
    silent = {"error": f"the probe ended with {done.returncode}: {done.stderr[-300:]}", "crashed": True}
    return {job["name"]: said.get(job["name"], silent) for job in jobs}


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoEnvironmentError(done.stderr[-2000:])
