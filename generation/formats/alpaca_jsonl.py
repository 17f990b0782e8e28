"""Alpaca as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from generation.formats import alpaca
from generation.formats.strict_json import Fault
from generation.formats.tabular import read_rows
from generation.formats.text import excerpt
from generation.types import N_, Example, RowError


class AlpacaJsonl:
    """One {instruction, input, output} object a line."""

    name = "alpaca_jsonl"
    title = N_("Alpaca, JSON lines")
    extension = "jsonl"
    media_type = "application/x-ndjson"

    def read(self, file: BinaryIO) -> Iterator[tuple[int, Example | RowError]]:
        """Each row with its line; a faulty row never stops the rest."""
        return read_examples(file)

    def write(self, examples: Iterable[Example], file: BinaryIO) -> int:
        """Writes a row and a line feed for each example."""
        count = 0
        for example in examples:
            file.write(alpaca.encode(example) + b"\n")
            count += 1
        return count

    def validate(self, example: Example) -> list[RowError]:
        """What a trainer would stumble over in this row."""
        return alpaca.validate(example)


def read_examples(file: BinaryIO) -> Iterator[tuple[int, Example | RowError]]:
    """Alpaca rows out of any layout of rows: array, lines, CSV or TSV."""
    for line, row in read_rows(file):
        if isinstance(row, RowError):
            yield line, row
            continue
        try:
            yield line, alpaca.decode(row)
        except Fault as fault:
            yield line, RowError(line, fault.code, fault.path, fault.message, excerpt(repr(row)))


FORMAT = AlpacaJsonl()
