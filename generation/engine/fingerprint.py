"""What makes a request the same request again: the key under which the journal knows it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from generation.types import Prompt


def encode(request: Mapping[str, Any]) -> bytes:
    """The request as canonical JSON: sorted keys, no blanks, UTF-8."""
    return orjson.dumps(request, option=orjson.OPT_SORT_KEYS)


def fingerprint(kind: str, request: bytes, prompt: Prompt) -> str:
    """SHA-256 (hex) of provider kind, request and sample index."""
    return hashlib.sha256(b"%s\n%d\n%s" % (kind.encode(), prompt.sample_index, request)).hexdigest()


def derived_seed(*parts: object) -> int:
    """A 63-bit seed from the parts, the same on every machine: chance that a replay repeats."""
    text = "\x1f".join(str(part) for part in parts).encode("utf-8")
    return int.from_bytes(hashlib.sha256(text).digest()[:8]) >> 1
