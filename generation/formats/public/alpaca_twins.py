"""Code Alpaca and MedInstruct: Alpaca's three columns, so what they add is where the rows come from.

Sources: sahil2801/CodeAlpaca-20k; XZhang97666/AlpaCare `data/MedInstruct-52k.json`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from generation.files.records import Record
from generation.formats import alpaca
from generation.formats.base import RecordFormat
from generation.formats.public.reading import read_only
from generation.types import N_, Example


def decode(record: Record, *, source: str) -> Example:
    """The Alpaca row with its source in the meta; line ends in code stay as they are."""
    example = alpaca.decode(record)
    return replace(example, meta={**example.meta, "source": example.meta.get("source", source)})


def likeness(record: Record) -> int:
    """Nothing tells them from Alpaca: somebody has to say so."""
    return min(alpaca.likeness(record), 40)


def _twin(name: str, title: str) -> RecordFormat:
    to_row: Callable[[Record], Example] = partial(decode, source=name)
    return read_only(name, title=title, kind="sft", is_like=likeness, to_row=to_row)


CODE_ALPACA = _twin("code_alpaca", N_("Code Alpaca 20k"))
MEDINSTRUCT = _twin("medinstruct", N_("MedInstruct 52k"))
