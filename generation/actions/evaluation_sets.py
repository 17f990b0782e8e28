"""Evaluation sets: brought in whole from a file of any kind that is read, and taken away. Nothing else changes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from generation.access import Seat
from generation.actions.audit import audit
from generation.actions.held_out import OWN
from generation.actions.row_reading import Reading, rows_in
from generation.files.text import check_text
from generation.formats.detecting import detect, read_records
from generation.models import EvaluationItem, EvaluationSet, Role
from generation.quality.rows import draft_of
from generation.types import RowError

LARGEST = 32 * 1024 * 1024
MOST_ITEMS = 100_000
LONGEST_NAME, LONGEST_ITEM = 120, 100_000
CUT_OFF = ("too_large", "bad_gzip", "child_died", "took_too_long")
"""Faults after which the rest of a file is not read: part of a set lets through what the rest would have caught."""
COLUMNS = "columns"
"""The format of a file whose rows are of none of ours: all texts of a row are the item."""


class EvaluationSetError(Exception):
    """The set cannot be brought in; `code` says why, `line` where where that is known."""

    def __init__(self, code: str, *, line: int = 0) -> None:
        super().__init__(code)
        self.code, self.line = code, line


def add_evaluation_set(seat: Seat, *, name: str, source: str, file: BinaryIO, now: datetime) -> EvaluationSet:
    """Reads a file in as one set; of each row what is asked and what is answered. Editors and owners only.

    `EvaluationSetError` "name_missing", "name_taken", "too_many_items", "no_items", or what is wrong with the file;
    nothing of it is kept then. Rows that cannot be read are left out as long as one can, but a file is read to its end.
    """
    _check_may_edit(seat)
    name = name.strip()[:LONGEST_NAME]
    if not name or check_text(name):
        raise EvaluationSetError("name_missing")
    if name == OWN or EvaluationSet.objects.filter(project=seat.project, name=name).exists():
        raise EvaluationSetError("name_taken")
    format_name, texts = _read(file)
    try:
        with transaction.atomic():
            made = EvaluationSet.objects.create(
                project=seat.project, name=name, source=source[:200] if not check_text(source) else "",
                format=format_name, size=len(texts), made_by=seat.person, created_at=now,
            )  # fmt: skip
            EvaluationItem.objects.bulk_create(
                (EvaluationItem(set=made, number=number, text=text) for number, text in enumerate(texts)),
                batch_size=500,
            )
            audit("evaluation_set.added", by=seat.person, now=now, project=seat.project, subject=name, items=len(texts))
    except IntegrityError:
        raise EvaluationSetError("name_taken") from None
    return made


def remove_evaluation_set(seat: Seat, *, found: EvaluationSet, now: datetime) -> None:
    """Takes a set away; what was dropped for it stays dropped. Editors and owners only."""
    _check_may_edit(seat)
    with transaction.atomic():
        audit(
            "evaluation_set.removed", by=seat.person, now=now, project=seat.project, subject=found.name,
            items=found.size,
        )  # fmt: skip
        EvaluationSet.objects.filter(project=seat.project, pk=found.pk).delete()


def _check_may_edit(seat: Seat) -> None:
    if not seat.may(Role.EDITOR):
        raise PermissionDenied


def _read(file: BinaryIO) -> tuple[str, list[str]]:
    """The format's name and every item's text."""
    looked = detect(file)
    if looked.layout in ("empty", "unknown"):
        fault = next((each for _line, each in looked.records if isinstance(each, RowError)), None)
        raise EvaluationSetError(fault.code if fault else "no_items", line=fault.line if fault else 0)
    chosen = looked.clear or (looked.candidates[0] if looked.candidates else None)
    start = file.tell()
    if chosen is not None:
        texts = _sound(_asked_and_answered(file, Reading(chosen.format, chosen.fields)))
        if texts:
            return chosen.format, texts
        file.seek(start)
    texts = _sound(_of_columns(file))
    if not texts:
        raise EvaluationSetError("no_items")
    return COLUMNS, texts


def _asked_and_answered(file: BinaryIO, reading: Reading) -> Iterator[str]:
    for _line, row in rows_in(file, reading=reading):
        if isinstance(row, RowError):
            _check_goes_on(row)
        else:
            draft = draft_of(row)
            yield "\n".join(filter(None, (draft.instruction, draft.input, draft.output)))


def _of_columns(file: BinaryIO) -> Iterator[str]:
    for _line, record in read_records(file):
        if isinstance(record, RowError):
            _check_goes_on(record)
        elif isinstance(record, dict):
            yield _joined(record)


def _check_goes_on(fault: RowError) -> None:
    if fault.code in CUT_OFF:
        raise EvaluationSetError(fault.code, line=fault.line)


def _joined(record: Mapping[str, Any]) -> str:
    return "\n".join(value for value in record.values() if isinstance(value, str) and value.strip())


def _sound(texts: Iterator[str]) -> list[str]:
    """Those that say something and can be stored; `EvaluationSetError` when there are too many."""
    sound = (text[:LONGEST_ITEM] for text in texts if text.strip() and check_text(text[:LONGEST_ITEM]) is None)
    found = list(islice(sound, MOST_ITEMS + 1))
    if len(found) > MOST_ITEMS:
        raise EvaluationSetError("too_many_items")
    return found
