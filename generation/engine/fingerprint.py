"""What makes a request the same request again: the key under which the journal knows it.

It is made of what was asked and of the run's own source, never of how it went on the wire: the rung of the JSON ladder,
a field that a server refused and the source in force may change between two tries, and a replay must still find them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson

from generation.types import Prompt


def encode(request: Mapping[str, Any]) -> bytes:
    """The request as canonical JSON: sorted keys, no blanks, UTF-8."""
    return orjson.dumps(request, option=orjson.OPT_SORT_KEYS)


def fingerprint(source: str, prompt: Prompt) -> str:
    """SHA-256 (hex) of the source's name and of all that the prompt asks."""
    asked = [
        source, prompt.sample_index, [[message.role, message.content] for message in prompt.messages],
        asdict(prompt.sampling), prompt.json_schema and dict(prompt.json_schema),
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS, default=dict)).hexdigest()


def derived_seed(*parts: object) -> int:
    """A 63-bit seed from the parts, the same on every machine: chance that a replay repeats."""
    text = "\x1f".join(str(part) for part in parts).encode("utf-8")
    return int.from_bytes(hashlib.sha256(text).digest()[:8]) >> 1
