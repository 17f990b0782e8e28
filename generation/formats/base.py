"""The seam that every format is written against. Pure: open binary files in, `Example`s and `RowError`s out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Protocol

from generation.types import Example, RowError


class Format(Protocol):
    """One file layout: how it is read, written and validated. Nothing is ever held whole in memory."""

    name: str
    title: str
    extension: str
    media_type: str

    def read(self, file: BinaryIO) -> Iterator[tuple[int, Example | RowError]]:
        """Each row with its line number (from 1); a faulty row comes as a `RowError` and never stops the rest."""
        ...

    def write(self, examples: Iterable[Example], file: BinaryIO) -> int:
        """Writes the rows and returns how many; the bytes depend on the rows alone."""
        ...

    def validate(self, example: Example) -> list[RowError]:
        """What a trainer would stumble over in this row."""
        ...
