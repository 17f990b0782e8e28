"""Public files go in and come out again in their own format with equal content; skipped where they are not at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from generation.formats import format_named
from generation.formats.base import Options
from generation.formats.contract import Contract
from tests.house import ROOT

DATA = Path(os.environ.get("FDC_SHARED_DATA") or ROOT.parent / "shared" / "data")
FILES = [
    ("alpaca_zh_demo.json", "alpaca", 1000),
    ("dpo_en_demo.json", "llama_factory_preference_sharegpt", 300),
    ("glaive_toolcall_zh_demo.json", "sharegpt", 300),
    ("kto_en_demo.json", "llama_factory_kto_sharegpt", 300),
    ("mllm_demo.json", "llama_factory_messages", 6),
]


@pytest.mark.skipif(not DATA.exists(), reason="the public files are not at hand")
@pytest.mark.parametrize(("name", "format_name", "count"), FILES)
def test_a_public_file_goes_out_as_it_came_in_and_passes_its_loaders_rules(name, format_name, count):
    records = json.loads((DATA / name).read_bytes())
    chosen, contract = format_named(format_name), Contract(format_named(format_name), loaded=True)
    rows = [row for _, row in chosen.read(enumerate(records, 1))]
    written = [chosen.encode(row, Options()) for row in rows]
    assert len(written) == count
    assert [same(record) for record in written] == [same(record) for record in records]
    refused = [line for line, record in enumerate(written, 1) if not contract.take(record, line=line)]
    assert refused == [], contract.findings.listed[:5]


def same(value):
    """The value with JSON texts of calls and tools read, so that blanks between their signs do not count."""
    if isinstance(value, dict):
        return {key: same(part) for key, part in value.items()}
    if isinstance(value, list):
        return [same(part) for part in value]
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
