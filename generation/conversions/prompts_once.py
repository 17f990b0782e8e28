"""Prompts met in a stream, each let through once."""

from __future__ import annotations

import hashlib

from generation.types import Example, Row, RowError


class Once:
    """Remembers a prompt by 64 bits of its hash: a million of them take some 60 MB."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def first(self, line: int, row: Row | RowError) -> tuple[int, Row | RowError]:
        """The row, or a warning "repeated_prompt" where a prompt of the same words came before."""
        if not isinstance(row, Example):
            return line, row
        said = repr([getattr(row, name) for name in Example.__slots__ if name != "meta"])
        key = int.from_bytes(hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=8).digest(), "big")
        if key in self._seen:
            return line, RowError(line, "repeated_prompt", severity="warning")
        self._seen.add(key)
        return line, row
