"""What it looks like when data of a format is added to an instruction, for the operation that complicates the input."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FORMATS = ("XML", "SQL", "Python", "HTML", "shell", "JSON")


def demonstration(name: str, *, language: str) -> str:
    """An instruction before and after data of the format `name` were added; Chinese for "zh", else English."""
    return _texts()["zh" if language == "zh" else "en"][name]


@cache
def _texts() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads(
        (Path(__file__).parent / "demonstrations.json").read_text(encoding="utf-8")
    )
    return loaded
