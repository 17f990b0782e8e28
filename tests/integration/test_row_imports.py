"""Files of training data: every kind of row comes in, none twice, and no bad one stops the others."""

from __future__ import annotations

import json

import pytest

from generation.actions import row_imports, uploads
from generation.actions.row_imports import Choices
from generation.actions.row_reading import Reading
from generation.actions.row_values import Said
from generation.actions.tallies import counts
from generation.models import Job, JobFault, Revision, Sample
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db

ALPACA = [
    {"instruction": "Name a colour.", "input": "", "output": "Red is a colour."},
    {"instruction": "用一句话介绍大海。", "input": "要押韵", "output": "大海蓝又宽，浪花拍岸边。"},
    {"instruction": "Add.", "output": "4", "input": "2+2", "system": "Be exact.", "history": [["1+1?", "2"]]},
]


@pytest.fixture
def cast(settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path / "imports"
    return make_cast()


def jsonl(rows) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def bring_in(cast, data: bytes, *, format="alpaca", name="rows.jsonl", said=Said(), **options) -> Job:  # noqa: B008
    upload = uploads.store_upload(cast.project, name=name, chunks=[data])
    reading = Reading(format, options.pop("fields", {}))
    choices = Choices(reading, said, **options)
    job = row_imports.start_row_import(cast.project, upload=upload, choices=choices, by=cast.bob, now=NOW)
    row_imports.run_row_import(job.pk, owner="worker", clock=lambda: NOW, stopwatch=lambda: 0.0)
    job.refresh_from_db()
    return job


def test_a_file_comes_in_and_the_same_file_again_adds_nothing(cast):
    first, second = bring_in(cast, jsonl(ALPACA)), bring_in(cast, jsonl(ALPACA))
    assert (first.state, first.accepted, first.rejected, first.skipped, first.done) == ("done", 3, 0, 0, 3)
    assert (second.state, second.accepted, second.rejected, second.skipped, second.done) == ("done", 0, 0, 3, 3)
    assert counts(cast.project.pk, kind="sample") == {"needs_review": 3}
    rows = list(Sample.objects.order_by("id"))
    assert [(row.source_line, row.language, row.origin, row.job_id) for row in rows] == [
        (1, "en", "import", first.pk),
        (2, "zh", "import", first.pk),
        (3, "en", "import", first.pk),
    ]
    assert rows[2].turns == [{"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "2"}]
    assert Revision.objects.count() == 0


def test_bad_rows_are_listed_with_line_path_and_code_and_the_others_come_in(cast):
    data = jsonl(ALPACA[:1]) + b'{"instruction": 7, "output": "x"}\n{"instruction": "x", \n' + jsonl(ALPACA[1:2])
    data += b'{"instruction": "Say it.", "output": " "}\n{"instruction": "a\\u0000b", "output": "c"}\n'
    job = bring_in(cast, data)
    assert (job.accepted, job.rejected, job.skipped, job.done) == (2, 4, 0, 6)
    faults = [(2, "instruction", "not_a_string"), (3, "", "bad_json"), (5, "output", "blank"),
              (6, "instruction", "nul_character")]  # fmt: skip
    assert [(each["line"], each["path"], each["code"]) for each in job.errors] == faults
    assert list(JobFault.objects.order_by("id").values_list("line", "path", "code")) == faults


def test_rows_can_come_in_approved_by_the_importer(cast):
    bring_in(cast, jsonl(ALPACA[:1]), approved=True)
    row = Sample.objects.get()
    assert (row.state, row.decided_by, row.decided_at) == ("approved", cast.bob, NOW)
    assert counts(cast.project.pk, kind="sample") == {"approved": 1}
