"""Alpaca as one JSON array, a row a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from generation.formats import alpaca
from generation.formats.alpaca_jsonl import read_examples
from generation.types import N_, Example, RowError


class AlpacaJson:
    """A JSON array of {instruction, input, output}, as Stanford Alpaca ships it."""

    name = "alpaca_json"
    title = N_("Alpaca, JSON array")
    extension = "json"
    media_type = "application/json"

    def read(self, file: BinaryIO) -> Iterator[tuple[int, Example | RowError]]:
        """Each row with its line, a row in memory at a time; a faulty row never stops the rest."""
        return read_examples(file)

    def write(self, examples: Iterable[Example], file: BinaryIO) -> int:
        """Writes "[", the rows indented by two blanks, "]" and a final newline; "[]" for no rows."""
        count = 0
        for example in examples:
            file.write((b",\n  " if count else b"[\n  ") + alpaca.encode(example))
            count += 1
        file.write(b"\n]\n" if count else b"[]\n")
        return count

    def validate(self, example: Example) -> list[RowError]:
        """What a trainer would stumble over in this row."""
        return alpaca.validate(example)


FORMAT = AlpacaJson()
