"""What the files of training data mean. One format is one file; `FORMATS` is the list that everything else walks.

Bytes become records in `files.tabular` and records bytes in `files.layouts`; `formats.seed_tasks` reads seeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from generation.files.layouts import layout_named
from generation.files.records import Line, Record
from generation.files.tabular import read_records
from generation.formats import (
    alpaca,
    axolotl_instruct,
    axolotl_kto,
    axolotl_preference,
    axolotl_sft,
    bailian_dpo,
    bailian_sft,
    kto,
    llama_factory_kto,
    llama_factory_preference,
    openai_messages,
    openai_preference,
    preference,
    pretraining,
    ranking_formats,
    rendered,
    self_instruct_seeds,
    sharegpt,
    sharegpt_pairs,
    trl_preference,
    trl_sft,
    trl_stepwise,
    trl_unpaired,
    unsloth,
)
from generation.formats.base import Format, Options
from generation.formats.public import READERS
from generation.types import Row, RowError

FORMATS: tuple[Format, ...] = (
    alpaca.FORMAT,
    sharegpt.FORMAT,
    openai_messages.FORMAT,
    sharegpt.LLAMA_FACTORY_MESSAGES,
    unsloth.FORMAT,
    bailian_sft.FORMAT,
    *trl_sft.FORMATS,
    *axolotl_sft.FORMATS,
    *axolotl_instruct.FORMATS,
    self_instruct_seeds.FORMAT,
    pretraining.FORMAT,
    pretraining.BAILIAN_CPT,
    pretraining.TRL_LANGUAGE_MODELING,
    pretraining.AXOLOTL_COMPLETION,
    preference.FORMAT,
    openai_preference.FORMAT,
    sharegpt_pairs.FORMAT,
    bailian_dpo.FORMAT,
    *llama_factory_preference.FORMATS,
    *trl_preference.FORMATS,
    *axolotl_preference.FORMATS,
    kto.FORMAT,
    kto.LOG,
    *llama_factory_kto.FORMATS,
    *trl_unpaired.FORMATS,
    *axolotl_kto.FORMATS,
    *ranking_formats.FORMATS,
    trl_stepwise.FORMAT,
    rendered.FORMAT,
    *READERS,
)

_BY_NAME = {each.name: each for each in FORMATS}


class UnknownFormat(LookupError):  # noqa: N818 - the name says what is the matter
    """No format has that name."""


def format_named(name: str) -> Format:
    """The format called `name`; `UnknownFormat` when there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownFormat(name) from None


def read(file: BinaryIO, *, chosen: Format) -> Iterator[tuple[int, Row | RowError]]:
    """The rows of a file of any layout, a row in memory at a time; a faulty row never stops the rest."""
    return chosen.read(read_records(file))


def write(
    rows: Iterable[Row],
    file: BinaryIO,
    *,
    chosen: Format,
    layout: str = "jsonl",
    options: Options = Options(),  # noqa: B008 - frozen
) -> int:
    """Writes the rows and returns how many. `Fault` for a row that the format cannot hold, `UnknownLayout`."""
    return layout_named(layout).write((chosen.encode(row, options) for row in rows), file)


def check_records(records: Iterable[Line], *, chosen: Format) -> Iterator[RowError]:
    """Every fault of a file in the eyes of the format's trainer, each with its line."""
    for line, record in records:
        if isinstance(record, RowError):
            yield record
            continue
        for fault in chosen.check(record):
            yield RowError(line, fault.code, fault.path, fault.message, fault.excerpt, fault.severity)


def likely(record: Record) -> list[tuple[Format, int]]:
    """The formats that a record may be of, the likeliest first."""
    found = [(each, each.likeness(record)) for each in FORMATS]
    return sorted(((each, score) for each, score in found if score), key=lambda one: -one[1])
