"""Exports byte for byte: what these files hold today, a trainer reads tomorrow.

To change a golden file on purpose, delete it and run this test once: it writes the file and fails, so that the new
bytes are looked at before they are committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from generation.actions.jobs import work_on
from generation.formats.layouts import layout_named
from generation.formats.turns import from_exchanges, turn_as_json
from generation.models import Revision, Sample
from review.actions.exports import build_export, file_path, start_export
from tests.cast import NOW, make_cast, make_samples

HERE = Path(__file__).parent
EARLIER = [turn_as_json(turn) for turn in from_exchanges([("First?", "One."), ("第二？", "二。")])]
ROWS = [
    {"instruction": "Name the capital.", "input": "France", "output": "Paris"},
    {"instruction": "把下面的句子翻译成英文。", "input": "今天下雨。", "output": "It is raining today."},
    {"instruction": 'Quote "it" \\ and / as it is', "input": "", "output": "a\ttab, a\nline, \u2028 and \x7f"},
    {"instruction": "Keep e\u0301, \u00e9 apart", "input": "\ufeffmark", "output": "\U0001f469\u200d\U0001f680\u202e!"},
    {"instruction": "{{ not a variable }}", "input": "<b>&amp;</b>", "output": "[]{}", "system": "Be exact."},
    {"instruction": "And then?", "output": "Then this.", "turns": EARLIER},
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "layout"), [("alpaca", "json"), ("alpaca", "jsonl")])
def test_an_export_has_the_bytes_that_it_always_had(name, layout, settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path
    cast = make_cast()
    for row in ROWS:
        sample = make_samples(cast.project, [(row["instruction"], row["output"])], state=Sample.State.APPROVED)[0]
        Revision.objects.filter(sample=sample).update(**row)
    export = start_export(cast.project, format_name=name, layout=layout, by=cast.alice, now=NOW)
    work_on(export.job_id, owner="w", clock=lambda: NOW, work=lambda job: build_export(job, clock=lambda: NOW))
    written, golden = file_path(export).read_bytes(), HERE / f"{name}_{layout}.{layout_named(layout).extension}"
    if not golden.exists():
        golden.write_bytes(written)
        pytest.fail(f"{golden.name} was missing and has been written; look at it before you commit it")
    assert written == golden.read_bytes()
