"""What follows from the texts of a sample: the hash that names them, the words that find them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from generation.quality.text import search_tokens

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def content_hash(
    *,
    instruction: str,
    input: str = "",
    output: str = "",
    system: str = "",
    turns: Sequence[Mapping[str, Any]] = (),
    **rest: Any,
) -> str:
    """The SHA-256, in hex, of all texts of a sample or revision, byte for byte as they are.

    `rest` is whatever else of its content is not empty (steps, calls, tools, media), as plain JSON.
    """
    if not turns and not any(rest.values()):  # most rows; the bytes are the same, only sooner there
        return hashlib.sha256(plain_bytes(system, instruction, input, output)).hexdigest()
    parts: list[Any] = [system, list(turns), instruction, input, output]
    if said := {name: value for name, value in sorted(rest.items()) if value}:
        parts.append(said)
    return hashlib.sha256(_as_json(parts).encode()).hexdigest()


def plain_bytes(system: str, instruction: str, input: str, output: str) -> bytes:
    """What the hash of a sample of texts alone is taken of. `TypeError` for half a character."""
    return orjson.dumps([system, [], instruction, input, output])


def search_words(*texts: str) -> str:
    """The value of a `search` column for these texts: each token once, with blanks between."""
    return " ".join(search_tokens("\n".join(texts)))


def unedited(sample: Any) -> dict[str, Any]:
    """What no edit of a sample touches and its hash speaks of: steps, calls, tools and media."""
    return {name: getattr(sample, name) for name in ("steps", "calls", "tools", "media")}
