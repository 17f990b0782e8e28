"""Our own sample data: demo seeds in English and Chinese, and rows for few-shot construction."""

from __future__ import annotations

from pathlib import Path

SAMPLES = ("demo_seeds.en.jsonl", "demo_seeds.zh.jsonl", "sentiment_demo.json")

_FOLDER = Path(__file__).parent


class UnknownSample(LookupError):  # noqa: N818 - the name says what is the matter
    """No sample file has that name."""


def sample_path(name: str) -> Path:
    """Where the sample file called `name` lies; `UnknownSample` when we ship none."""
    if name not in SAMPLES:
        raise UnknownSample(name)
    return _FOLDER / name
