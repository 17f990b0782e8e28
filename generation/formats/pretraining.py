"""Pretraining text: {text}, which LLaMA-Factory, Bailian (CPT), TRL and Axolotl all take under the same name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.files.text import check_file_text, excerpt
from generation.formats.base import TABLE_LAYOUTS, Options, RecordFormat, wanted
from generation.types import N_, RowError, Text


def likeness(record: Record, *, best: int) -> int:
    """A column `text`; alone it is surer than among others."""
    if not isinstance(record.get("text"), str):
        return 0
    return best if record.keys() == {"text"} else max(best - 40, 0) if len(record) > 3 else best - 10


def decode(record: Record) -> Text:
    """The text in a record; other columns are kept aside."""
    if "text" not in record:
        raise Fault("missing_field", path="text")
    if not isinstance(record["text"], str):
        raise Fault("not_a_string", path="text")
    return Text(record["text"], {name: value for name, value in record.items() if name != "text"})


def encode(row: Text, _options: Options) -> Record:
    """The text alone."""
    return {"text": wanted(row, Text).text}


def faults(record: Record) -> Iterator[RowError]:
    """A text that is none, or blank, or holds what no training text needs."""
    text = record.get("text")
    if not isinstance(text, str):
        yield RowError(0, "not_a_string" if "text" in record else "missing_field", "text")
    elif not text.strip():
        yield RowError(0, "blank", "text")
    elif code := check_file_text(text):
        yield RowError(0, code, "text", excerpt=excerpt(text))


def _format(name: str, title: str, best: int) -> RecordFormat:
    return RecordFormat(
        name=name,
        title=title,
        kind="text",
        layouts=TABLE_LAYOUTS,
        is_like=partial(likeness, best=best),
        to_row=decode,
        to_record=encode,
        faults=faults,
    )


FORMAT = _format("text", N_("Pretraining text"), 90)
BAILIAN_CPT = _format("bailian_cpt", N_("Bailian CPT"), 60)
TRL_LANGUAGE_MODELING = _format("trl_language_modeling", N_("TRL language modeling"), 60)
AXOLOTL_COMPLETION = _format("axolotl_completion", N_("Axolotl completion"), 60)
