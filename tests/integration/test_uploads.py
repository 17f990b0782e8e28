"""Uploads: what they leave in the database, and that nothing of them stays on the disk for ever."""

from __future__ import annotations

import json
import os

import pytest
from django.utils import timezone

from generation.actions import imports, uploads
from generation.actions.seeds import save_seed
from generation.formats.seed_tasks import SeedRow
from generation.models import Seed
from generation.types import Instance
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path / "imports"
    return make_cast()


def test_what_nobody_came_back_for_is_swept_after_a_day(cast, settings):
    left, awaited, fresh = (uploads.store_upload(cast.project, name=name, chunks=[b"{}"]) for name in "abc")
    imports.start_import(cast.project, upload=awaited, by=cast.bob, now=NOW)
    stranger = settings.IMPORT_ROOT / "README"
    stranger.write_text("not an upload")
    for path in (left.path, left.path.with_suffix(".json"), awaited.path, stranger):
        os.utime(path, (0, 0))
    assert uploads.sweep_uploads(now=timezone.now()) == 1
    kept = {path.name for path in settings.IMPORT_ROOT.iterdir()}
    assert kept == {awaited.token, fresh.token, f"{fresh.token}.json", "README"}


def test_no_folder_yet_is_nothing_to_sweep(cast):
    assert uploads.sweep_uploads(now=NOW) == 0


def test_an_import_writes_what_a_form_would(cast):
    """The statement that writes many goes round the model, so both are held side by side."""
    row = {
        "instruction": "Say 海 twice.",
        "input": "海",
        "output": "海海",
        "tags": ["a", "b"],
        "is_classification": True,
    }
    upload = uploads.store_upload(cast.project, name="a.jsonl", chunks=[json.dumps(row).encode()])
    job = imports.start_import(cast.project, upload=upload, by=cast.bob, now=NOW, language="zh")
    imports.run_import(job.pk, owner="worker", clock=lambda: NOW)
    imported = Seed.objects.values().get()
    assert imported["source_line"] == 1
    Seed.objects.all().delete()
    same = SeedRow(
        row["instruction"], (Instance("海", "海海"),), is_classification=True, language="zh", tags=("a", "b")
    )
    save_seed(cast.project, row=same, source="a.jsonl", now=NOW)
    written = Seed.objects.values().get()
    assert imported | {"id": 0, "source_line": None} == written | {"id": 0}
