"""Our own sample data in English and Chinese: demo seeds, tables, and a file of every kind of training row."""

from __future__ import annotations

from pathlib import Path

TRAINING_ROWS = (
    "alpaca_demo.jsonl",
    "fewshot_sentiment.jsonl",
    "sample_conversation_data.json",
    "sample_instruction_data.json",
    "sample_kto_data.json",
    "sample_preference_data.json",
    "self_instruct.jsonl",
)
"""Files that can be imported, validated and converted as they are."""
DOCUMENTS = ("demo_document.en.md", "demo_document.zh.md")
SAMPLES = ("demo_seeds.en.jsonl", "demo_seeds.zh.jsonl", "sentiment_demo.json", *DOCUMENTS, *TRAINING_ROWS)

_FOLDER = Path(__file__).parent


class UnknownSample(LookupError):  # noqa: N818 - the name says what is the matter
    """No sample file has that name."""


def sample_path(name: str) -> Path:
    """Where the sample file called `name` lies; `UnknownSample` when we ship none."""
    if name not in SAMPLES:
        raise UnknownSample(name)
    return _FOLDER / name
