"""The pages of imports: choose, look, change, confirm, watch, and take every fault along."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from generation.actions import row_imports, uploads
from generation.models import AuditEntry, Feedback, Job, Sample
from tests.cast import NOW, make_cast
from tests.house import ROOT
from tests.integration.test_row_imports import ALPACA, bring_in, jsonl

pytestmark = pytest.mark.django_db
DATA = Path(os.environ.get("FDC_SHARED_DATA") or ROOT.parent / "shared" / "data")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def cast(settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path / "imports"
    return make_cast()


@pytest.fixture
def as_bob(client, cast):
    client.force_login(cast.bob)
    return client


def run(job: Job) -> Job:
    row_imports.run_row_import(job.pk, owner="worker", clock=lambda: NOW, stopwatch=lambda: 0.0)
    job.refresh_from_db()
    return job


def test_upload_look_confirm_and_watch_without_scripts(cast, as_bob):
    file = SimpleUploadedFile("../../x.jsonl", jsonl(ALPACA) + b"{}\n")
    page = as_bob.post("/p/poems/imports/new", {"file": file}, follow=True)
    assert "Import 3 rows" in page.text
    assert "as found: Alpaca" in page.text
    assert Sample.objects.count() == 0
    sent = {"do": "import", "state": "approved", "tags": "mine", "source": "x", "column_0": "instruction",
            "column_1": "input", "column_2": "output", "column_3": "system", "column_4": "history",
            "mapped_for": "alpaca"}  # fmt: skip
    page = as_bob.post(page.request["PATH_INFO"], sent, follow=True)
    job = Job.objects.get(kind=row_imports.KIND)
    assert page.request["PATH_INFO"] == f"/p/poems/imports/{job.pk}"
    assert (run(job).accepted, job.rejected) == (3, 1)
    page = as_bob.get(f"/p/poems/imports/{job.pk}").text
    assert "3 samples" in page
    assert "approved on coming in" in page
    assert AuditEntry.objects.get(action="import.approved").person == cast.bob
    assert Sample.objects.first().tags == ["mine"]
    assert as_bob.get(f"/p/poems/samples?import={job.pk}").text.count("data-row>") == 3
    assert "x.jsonl" in as_bob.get(f"/p/poems/samples/{Sample.objects.first().pk}").text


def test_columns_of_other_names_are_mapped_and_the_map_can_be_changed(cast, as_bob):
    data = "问题,答案,备注\n什么是机器学习？,让计算机从数据中学习规律。,a\n".encode()
    page = as_bob.post("/p/poems/imports/new", {"file": SimpleUploadedFile("a.csv", data)}, follow=True)
    place = page.request["PATH_INFO"]
    chosen = {"format": "alpaca", "mapped_for": "alpaca", "column_0": "instruction", "column_1": "output"}
    page = as_bob.post(place, {"do": "look", **chosen, "column_2": ""})
    assert "Import 1 row " in page.text
    as_bob.post(place, {"do": "import", **chosen, "column_2": "note"})
    run(Job.objects.get(kind=row_imports.KIND))
    row = Sample.objects.get()
    assert (row.instruction, row.output, row.meta) == ("什么是机器学习？", "让计算机从数据中学习规律。", {"note": "a"})


def test_nothing_is_imported_while_the_format_is_open(cast, as_bob):
    upload = uploads.store_upload(cast.project, name="a.jsonl", chunks=[b'{"x": 1}\n'])
    place = f"/p/poems/imports/new/{upload.token}"
    assert as_bob.get(place).status_code == 200
    page = as_bob.post(place, {"do": "import"})
    assert page.status_code == 422
    assert "Choose the format" in page.text
    assert not Job.objects.exists()
    as_bob.post(place, {"do": "forget"})
    assert not upload.path.exists()


def test_every_fault_can_be_taken_along_and_no_cell_is_a_formula(cast, as_bob):
    data = b"".join(b'{"instruction": "=1+1", "output": %d}\n' % n for n in range(250))
    job = bring_in(cast, data)
    assert (job.rejected, len(job.errors)) == (250, 200)
    lines = b"".join(as_bob.get(f"/p/poems/imports/{job.pk}/faults").streaming_content).splitlines()
    assert len(lines) == 250
    assert json.loads(lines[249])["line"] == 250
    table = b"".join(as_bob.get(f"/p/poems/imports/{job.pk}/faults?as=csv").streaming_content).decode()
    assert table.count("\r\n") == 251
    assert not any(line.startswith(("=", "+", "-", "@")) for line in table.splitlines())


def test_hostile_rows_are_shown_and_never_run(cast, as_bob):
    row = {"instruction": HOSTILE, "input": HOSTILE, "output": HOSTILE, "tools": HOSTILE}
    page = as_bob.post("/p/poems/imports/new", {"pasted": json.dumps(row)}, follow=True)
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


def test_the_api_imports_lists_and_tells_every_fault(cast, as_bob):
    file = SimpleUploadedFile("a.jsonl", jsonl(ALPACA) + b"{}\n")
    answer = as_bob.post("/api/v1/projects/poems/imports", {"file": file, "language": "en"})
    assert answer.status_code == 202
    place = f"/api/v1/projects/poems/imports/{answer.json()['id']}"
    run(Job.objects.get(pk=answer.json()["id"]))
    assert (as_bob.get(place).json()["accepted"], as_bob.get(place).json()["rejected"]) == (3, 1)
    assert [(each["line"], each["code"]) for each in as_bob.get(f"{place}/faults").json()["items"]] == [
        (4, "missing_field")
    ]
    unclear = SimpleUploadedFile("b.jsonl", b'{"x": 1}\n')
    refused = as_bob.post("/api/v1/projects/poems/imports", {"file": unclear})
    assert (refused.status_code, refused.json()["code"]) == (422, "format_unclear")


def test_001_16_files_of_different_sources_become_rows_of_one_form(cast):
    dolly = {"instruction": "Name it.", "context": "A red fruit.", "response": "An apple.", "category": "open_qa"}
    chat = {"conversations": [{"from": "human", "value": "Hi."}, {"from": "gpt", "value": "Hello there."}]}
    tree = [
        {"message_id": "1", "parent_id": None, "message_tree_id": "1", "role": "prompter", "text": "Why?", "lang": "en",
         "review_result": True, "deleted": False, "rank": None, "tree_state": "ready_for_export"},
        {"message_id": "2", "parent_id": "1", "message_tree_id": "1", "role": "assistant", "text": "Because.",
         "lang": "en", "review_result": True, "deleted": False, "rank": 0, "tree_state": "ready_for_export"},
    ]  # fmt: skip
    done = [
        bring_in(cast, jsonl(rows), format=format).accepted
        for format, rows in (("dolly", [dolly]), ("sharegpt", [chat]), ("alpaca", ALPACA), ("oasst1", tree))
    ]
    assert done == [1, 1, 3, 1]
    rows = [(row.instruction, row.input, row.output) for row in Sample.objects.order_by("id")]
    assert rows[:2] == [("Name it.", "A red fruit.", "An apple."), ("Hi.", "", "Hello there.")]
    assert rows[5] == ("Why?", "", "Because.")


@pytest.mark.skipif(not DATA.exists(), reason="the public files are not beside this checkout")
@pytest.mark.parametrize(
    ("name", "read", "new", "again", "refused"),
    [("alpaca_zh_demo.json", 1000, 992, 8, 0), ("dpo_en_demo.json", 300, 294, 5, 1),
     ("glaive_toolcall_zh_demo.json", 300, 257, 43, 0), ("kto_en_demo.json", 300, 300, 0, 0),
     ("mllm_demo.json", 6, 6, 0, 0), ("self_instruct_seed_tasks.jsonl", 175, 175, 0, 0)],
)  # fmt: skip
def test_public_files_come_in_with_every_row_accounted_for(cast, as_bob, name, read, new, again, refused):
    with (DATA / name).open("rb") as file:
        answer = as_bob.post("/api/v1/projects/poems/imports", {"file": file})
    job = run(Job.objects.get(pk=answer.json()["id"]))
    assert (job.state, job.done, job.accepted, job.skipped, job.rejected) == ("done", read, new, again, refused)
    kept = Sample.objects.count() + Feedback.objects.count()
    assert kept >= new - 10
