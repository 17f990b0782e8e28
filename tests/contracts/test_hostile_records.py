"""No record, however wrong, makes a format raise: a row, or a fault that says what is the matter and where."""

from __future__ import annotations

import pytest

from generation.files.strict_json import Fault
from generation.formats import FORMATS
from generation.row_words import ROW_FAULTS
from generation.types import Row, RowError
from tests.contracts.rows_of import FEATURES, plain, row_of, written
from tests.hostile.foreign import SOUND
from tests.hostile.records import mutated

KNOWN = frozenset(ROW_FAULTS) | {"instruction_size", "output_size"}
NOT_OURS = frozenset({"no_answer", "only_written", "tokenised", "tree_left_out", "unknown_parent", "no_pair"})
"""What a trainer takes and we do not (turns in the middle, numbers for words), or what only whole groups show."""


def examined(each, record):
    """What a format makes of a record: the rows and faults of reading it, and those of checking it."""
    assert 0 <= each.likeness(record) <= 100
    read = [row for _, row in each.read([(1, record)])]
    assert all(isinstance(row, Row | RowError) for row in read)
    found = [*each.check(record), *(row for row in read if isinstance(row, RowError))]
    for fault in found:
        assert fault.code in KNOWN, fault
        assert isinstance(fault.path + fault.message + fault.excerpt, str)
    return read, found


def records_of(each):
    """A plain record of the format and one with the last feature that it holds; what is only read has a sample."""
    if each.name in SOUND:
        return [SOUND[each.name]]
    rows = [row_of(each.kind, features, plain) for features in ((), *((name,) for name in FEATURES[each.kind]))]
    found = [record for row in rows if not isinstance(record := written(each, row), Fault)]
    return found[:1] + found[-1:]


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_a_record_that_is_almost_sound_is_a_row_or_a_fault_in_words(each):
    for record in records_of(each):
        for wrong in mutated(record):
            examined(each, wrong)


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_a_record_of_another_format_is_a_row_or_a_fault_in_words(each):
    for other in FORMATS:
        for record in records_of(other)[:1]:
            examined(each, record)


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_what_a_check_lets_through_is_read(each):
    for record in records_of(each):
        for wrong in mutated(record):
            if any(fault.severity == "error" for fault in each.check(wrong)):
                continue
            faults = [row.code for _, row in each.read([(1, wrong)]) if isinstance(row, RowError)]
            assert set(faults) <= NOT_OURS, (wrong, faults)


def test_every_format_is_attacked_with_a_record_of_its_own():
    assert [each.name for each in FORMATS if not records_of(each)] == []
