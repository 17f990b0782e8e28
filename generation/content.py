"""What follows from the texts of a sample: the hash that names them, the words that find them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from generation.quality.text import search_tokens


def content_hash(
    *, instruction: str, input: str = "", output: str = "", system: str = "", turns: Sequence[Sequence[str]] = ()
) -> str:
    """The SHA-256, in hex, of all texts of a sample or revision, byte for byte as they are."""
    parts = [system, [list(turn) for turn in turns], instruction, input, output]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def search_words(*texts: str) -> str:
    """The value of a `search` column for these texts: each token once, with blanks between."""
    return " ".join(search_tokens("\n".join(texts)))
