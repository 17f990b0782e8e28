"""Every shape of preferences, ratings and rankings by name: sound records stay, broken ones are errors."""

from __future__ import annotations

import pytest

from generation.formats import format_named
from generation.types import RowError
from tests.unit.formats import pair_shapes, rating_shapes
from tests.unit.formats.pair_shapes import GONE

SHAPES = pair_shapes.SHAPES | rating_shapes.SHAPES


@pytest.mark.parametrize("name", SHAPES)
def test_a_sound_record_is_likely_read_and_written_as_it_was(name):
    each, record = format_named(name), SHAPES[name][0]
    assert each.likeness(record) > 0
    assert [fault for fault in each.check(record) if fault.severity == "error"] == []
    [(line, row)] = each.read([(7, record)])
    assert line == 7
    assert not isinstance(row, RowError)
    assert each.encode(row) == record


@pytest.mark.parametrize(
    ("name", "change", "code", "path"),
    [(name, *broken) for name, (_, table) in SHAPES.items() for broken in table],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_record_is_an_error_with_its_place(name, change, code, path):
    record = {key: value for key, value in (SHAPES[name][0] | change).items() if value is not GONE}
    errors = [(fault.code, fault.path) for fault in format_named(name).check(record) if fault.severity == "error"]
    assert (code, path) in errors
