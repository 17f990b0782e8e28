"""What FDC is installed from."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.house import ROOT

_PIN = re.compile(r"^([A-Za-z0-9_-]+)(?:\[[a-z,]+\])?==([0-9][\w.]*)$")
FILES = ("requirements.txt", "requirements-dev.txt")
TRAINERS = {"torch", "peft", "transformers", "trl", "accelerate", "bitsandbytes", "unsloth", "deepspeed"}


def lines_of(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r "))]


@pytest.mark.parametrize("name", FILES)
def test_000_25_every_requirement_is_pinned_and_is_what_runs_here(name: str) -> None:
    for line in lines_of(name):
        pin = _PIN.match(line)
        assert pin, line
        assert version(pin[1]) == pin[2]


def test_000_25_what_is_installed_is_not_installed_again(tmp_path: Path) -> None:
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    for name in ("boot.py", *FILES):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    mark = "import boot; print(boot.mark_of([boot.ROOT / 'requirements.txt']), end='')"
    stamp = subprocess.run(
        [sys.executable, "-c", mark], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    (tmp_path / ".venv/.installed").write_text(stamp)
    again = subprocess.run(
        [sys.executable, "boot.py"], cwd=tmp_path, capture_output=True, text=True, timeout=20, check=True
    )
    assert again.stdout == ""


def test_000_20_nothing_that_trains_is_required() -> None:
    names = {pin[1].lower() for line in lines_of("requirements.txt") if (pin := _PIN.match(line))}
    assert names & TRAINERS == set()
