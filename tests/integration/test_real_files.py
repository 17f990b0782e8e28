"""Public files go in and come out again in their own format with equal content; skipped where they are not at hand."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from generation.actions import row_imports, uploads
from generation.actions.jobs import work_on
from generation.actions.row_imports import Choices
from generation.actions.row_reading import Reading
from generation.formats import format_named
from generation.formats.base import Options
from generation.formats.contract import Contract
from review.actions.exports import build_export, file_path, start_export
from review.exporting.options import ExportOptions
from review.selection import Selection
from tests.cast import NOW, make_cast
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


KEPT = {
    "alpaca_zh_demo.json": (992, 8, 0),
    "dpo_en_demo.json": (294, 5, 1),
    "glaive_toolcall_zh_demo.json": (257, 43, 0),
    "kto_en_demo.json": (300, 0, 0),
    "mllm_demo.json": (6, 0, 0),
}
"""New rows, rows that stand in the file twice, and rows that are refused: one has a control character in its text."""


@pytest.mark.django_db
@pytest.mark.skipif(not DATA.exists(), reason="the public files are not at hand")
@pytest.mark.parametrize(("name", "format_name", "count"), FILES)
def test_a_public_file_goes_through_the_database_and_comes_out_equal(name, format_name, count, settings, tmp_path):
    settings.IMPORT_ROOT, settings.EXPORT_ROOT = tmp_path / "imports", tmp_path / "exports"
    cast = make_cast()
    upload = uploads.store_upload(cast.project, name=name, chunks=[(DATA / name).read_bytes()])
    choices = Choices(Reading(format_name), approved=True)
    job = row_imports.start_row_import(cast.project, upload=upload, choices=choices, by=cast.alice, now=NOW)
    row_imports.run_row_import(job.pk, owner="w", clock=lambda: NOW, stopwatch=time.monotonic)
    job.refresh_from_db()
    assert (job.accepted, job.skipped, job.rejected) == KEPT[name]
    export = start_export(
        cast.project, format_name=format_name, by=cast.alice, now=NOW,
        selection=Selection(kind=format_named(format_name).kind), options=ExportOptions(layout="jsonl"),
    )  # fmt: skip
    work_on(export.job_id, owner="w", clock=lambda: NOW, work=lambda job: build_export(job, clock=lambda: NOW))
    written = [json.loads(line) for line in file_path(export).read_bytes().splitlines()]
    refused = {each["line"] for each in job.errors}
    records = json.loads((DATA / name).read_bytes())
    lines = _lines_of((DATA / name).read_bytes(), len(records))
    wanted = {_key(record) for record, line in zip(records, lines, strict=True) if line not in refused}
    assert len(written) == KEPT[name][0]
    assert {_key(record) for record in written} == wanted


def _lines_of(data, count):
    """The lines on which the records of an indented JSON array begin."""
    found = [at for at, line in enumerate(data.split(b"\n"), 1) if line in (b"  {", b"  {\r")]
    return found if len(found) == count else range(1, count + 1)


def _key(record):
    """One text for equal contents: empty columns, which a file may leave out or not, do not count."""
    return json.dumps(
        {name: value for name, value in same(record).items() if value not in ("", [], None)}, sort_keys=True
    )


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
