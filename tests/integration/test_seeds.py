"""Seeds: they come in by file and by hand, are found by any word, and none comes in twice."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from generation.actions import imports, jobs, uploads
from generation.actions.seeds import DuplicateSeedError, retire_seed, save_seed
from generation.actions.tallies import counts
from generation.formats.seed_tasks import SeedRow
from generation.models import Job, Seed
from generation.types import Instance
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db

ROWS = [
    {
        "id": "a",
        "instruction": "Name a drug for fever in children.",
        "instances": [{"input": "", "output": "Ibuprofen."}],
    },
    {
        "id": "b",
        "instruction": "孩子发热时可以用药吗？",
        "instances": [{"input": "", "output": "体温超过 38.5 ℃ 可用退热药。"}],
    },
    {
        "id": "c",
        "instruction": "Is this spam?",
        "instances": [{"input": "Win!", "output": "yes"}],
        "is_classification": True,
    },
]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3)) \u202e {{ 7*7 }}"


@pytest.fixture
def cast(settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path / "imports"
    return make_cast()


@pytest.fixture
def as_bob(client, cast):
    client.force_login(cast.bob)
    return client


def jsonl(rows) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def bring_in(cast, data: bytes, *, name: str = "seeds.jsonl", **options) -> Job:
    upload = uploads.store_upload(cast.project, name=name, chunks=[data])
    job = imports.start_import(cast.project, upload=upload, by=cast.bob, now=NOW, **options)
    imports.run_import(job.pk, owner="worker", clock=lambda: NOW)
    job.refresh_from_db()
    return job


def test_a_file_comes_in_and_the_same_file_again_adds_nothing(cast):
    first, second = bring_in(cast, jsonl(ROWS)), bring_in(cast, jsonl(ROWS))
    assert (first.accepted, first.rejected, first.skipped, first.done) == (3, 0, 0, 3)
    assert (second.accepted, second.rejected, second.skipped, second.done) == (0, 0, 3, 3)
    assert counts(cast.project.pk, kind="seed") == {"active": 3}
    assert Seed.objects.get(source_id="b").language == "zh"


def test_faulty_rows_are_refused_with_their_line_and_the_others_come_in(cast):
    data = (
        jsonl(ROWS[:1])
        + b'{"instruction": 7}\n{"instruction": "x", \n'
        + jsonl(ROWS[1:2])
        + b'{"instruction": "a\\u0000b"}\n'
    )
    job = bring_in(cast, data)
    assert (job.accepted, job.rejected, job.skipped, job.done) == (2, 3, 0, 5)
    assert [(each["line"], each["code"]) for each in job.errors] == [
        (2, "not_a_string"),
        (3, "bad_json"),
        (5, "nul_character"),
    ]


def test_what_the_person_said_fills_the_gaps_of_the_file(cast):
    bring_in(
        cast,
        b"sentence,label\nGood,1\n\xe5\xa5\xbd\xe5\x90\x83,1\n",
        name="x.csv",
        task_type="sentiment",
        tags=("demo",),
    )
    assert list(Seed.objects.order_by("id").values_list("task_type", "tags", "language", "fields")) == [
        ("sentiment", ["demo"], "en", {"sentence": "Good", "label": "1"}),
        ("sentiment", ["demo"], "zh", {"sentence": "好吃", "label": "1"}),
    ]


def test_a_worker_that_dies_is_followed_by_one_that_goes_on_behind_the_last_batch(cast, monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 10)
    rows = [{"instruction": f"Write number {number}."} for number in range(35)]
    upload = uploads.store_upload(cast.project, name="many.jsonl", chunks=[jsonl(rows)])
    job = imports.start_import(cast.project, upload=upload, by=cast.bob, now=NOW)
    real, calls = imports._write, []

    def dies_at_the_third_batch(*args, **options):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(*args, **options)

    monkeypatch.setattr(imports, "_write", dies_at_the_third_batch)
    with pytest.raises(KeyboardInterrupt):
        imports.run_import(job.pk, owner="first", clock=lambda: NOW)
    assert Seed.objects.count() == 20
    monkeypatch.setattr(imports, "_write", real)
    imports.run_import(job.pk, owner="second", clock=lambda: NOW + 2 * jobs.LEASE)
    job.refresh_from_db()
    assert (job.state, job.done, job.accepted, job.skipped) == (Job.State.DONE, 35, 35, 0)
    assert Seed.objects.count() == 35


def test_a_cancelled_import_writes_nothing_more(cast):
    upload = uploads.store_upload(cast.project, name="x.jsonl", chunks=[jsonl(ROWS)])
    job = imports.start_import(cast.project, upload=upload, by=cast.bob, now=NOW)
    jobs.cancel_job(job, now=NOW)
    imports.run_import(job.pk, owner="worker", clock=lambda: NOW)
    assert Seed.objects.count() == 0


def test_a_file_that_is_gone_fails_the_import_with_its_reason(cast):
    upload = uploads.store_upload(cast.project, name="x.jsonl", chunks=[jsonl(ROWS)])
    job = imports.start_import(cast.project, upload=upload, by=cast.bob, now=NOW)
    upload.path.unlink()
    imports.run_import(job.pk, owner="worker", clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.FAILED, "file_missing")


def test_an_upload_that_is_too_large_leaves_nothing_behind(cast, settings, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 10)
    with pytest.raises(uploads.UploadTooLargeError):
        uploads.store_upload(cast.project, name="x", chunks=[b"123456", b"789012"])
    assert list(settings.IMPORT_ROOT.iterdir()) == []


def test_a_preview_counts_what_an_import_would_do(cast):
    bring_in(cast, jsonl(ROWS[:1]))
    preview = imports.preview_seeds(cast.project, file=io.BytesIO(jsonl(ROWS) + b"{}\n"))
    assert (preview.read, preview.accepted, preview.duplicates, preview.rejected, preview.whole) == (4, 2, 1, 1, True)
    assert Seed.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [("fever", ["a"]), ("FEVER children", ["a"]), ("用药", ["b"]), ("发热 用药", ["b"]), ("药用", []), ("热", ["b"]),
     ("spam win", ["c"]), ("", ["a", "b", "c"]), ('"; drop', []), ("!!!", [])],
)  # fmt: skip
def test_words_of_two_chinese_characters_are_found(cast, query, found):
    bring_in(cast, jsonl(ROWS))
    rows = Seed.objects.in_project(cast.project).matching(query)
    assert sorted(rows.values_list("source_id", flat=True)) == found


def test_search_follows_an_edit_and_the_index_has_its_triggers(cast):
    seed = save_seed(cast.project, row=SeedRow(instruction="Count the ducks."), now=NOW)
    save_seed(cast.project, row=SeedRow(instruction="Count the geese."), seed=seed, now=NOW)
    assert not Seed.objects.matching("ducks").exists()
    assert Seed.objects.matching("geese").get() == seed
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'generation_%_words_%'"
            )
            assert cursor.fetchone() == (6,)


def test_a_twin_is_refused_and_a_retired_twin_comes_back(cast):
    row = SeedRow(instruction="Sing.", instances=(Instance("", "La."),))
    seed = save_seed(cast.project, row=row, now=NOW)
    with pytest.raises(DuplicateSeedError):
        save_seed(cast.project, row=row, now=NOW)
    retire_seed(seed, now=NOW)
    assert counts(cast.project.pk, kind="seed") == {}
    assert save_seed(cast.project, row=row, now=NOW).pk == seed.pk
    assert counts(cast.project.pk, kind="seed") == {"active": 1}


def test_upload_preview_confirm_progress_in_the_browser_without_scripts(cast, as_bob):
    file = SimpleUploadedFile("../../etc/x.jsonl", jsonl(ROWS))
    response = as_bob.post("/p/poems/seeds/import", {"file": file}, follow=True)
    assert "Import 3 seeds" in response.text
    assert Seed.objects.count() == 0
    response = as_bob.post(
        response.request["PATH_INFO"], {"do": "import", "tags": "fever, 用药", "source": "x"}, follow=True
    )
    job = Job.objects.get()
    assert response.request["PATH_INFO"] == f"/p/poems/seeds/imports/{job.pk}"
    imports.run_import(job.pk, owner="worker", clock=lambda: NOW)
    assert "hx-trigger" not in as_bob.get(f"/p/poems/seeds/imports/{job.pk}").text
    assert "用药" in as_bob.get("/p/poems/seeds?tag=用药").text


def test_pasted_rows_are_a_file_too_and_a_faulty_one_shows_its_line(cast, as_bob):
    response = as_bob.post(
        "/p/poems/seeds/import", {"pasted": '{"instruction": "Hum."}\n{"instruction": 3}'}, follow=True
    )
    assert "Import 1 seed " in response.text
    assert "not_a_string" in response.text


def test_nothing_chosen_is_said_so(as_bob):
    response = as_bob.post("/p/poems/seeds/import", {})
    assert response.status_code == 422
    assert "Choose a file or paste some rows." in response.text


def test_an_upload_of_another_project_cannot_be_looked_at(cast, as_bob):
    upload = uploads.store_upload(cast.other_project, name="x.jsonl", chunks=[jsonl(ROWS)])
    assert as_bob.get(f"/p/poems/seeds/import/{upload.token}").status_code == 404
    assert as_bob.get("/p/poems/seeds/import/..%2f..%2fetc").status_code == 404


def test_a_seed_is_written_edited_tagged_and_retired_by_hand(cast, as_bob):
    as_bob.post(
        "/p/poems/seeds/new", {"instruction": "Sing.\r\nLoud.", "input_0": "", "output_0": "La.", "tags": "music"}
    )
    seed = Seed.objects.get()
    assert (seed.instruction, seed.instances, seed.tags) == (
        "Sing.\nLoud.",
        [{"input": "", "output": "La."}],
        ["music"],
    )
    as_bob.post(
        f"/p/poems/seeds/{seed.pk}", {"instruction": "Hum.", "input_0": "", "output_0": "Mm.", "output_1": "Hm."}
    )
    seed.refresh_from_db()
    assert (seed.instruction, len(seed.instances)) == ("Hum.", 2)
    as_bob.post("/p/poems/seeds", {"seed": seed.pk, "do": "tag", "tag": "quiet"})
    as_bob.post("/p/poems/seeds", {"seed": [seed.pk, "x"], "do": "retire"})
    seed.refresh_from_db()
    assert seed.tags == ["quiet"]
    assert seed.retired_at is not None


def test_a_seed_without_words_is_refused_where_it_stands(as_bob):
    response = as_bob.post("/p/poems/seeds/new", {"instruction": " ", "input_0": "x", "output_0": ""})
    assert response.status_code == 422
    assert "A seed needs an instruction." in response.text
    assert "An input needs its output." in response.text


def test_filters_live_in_the_url_and_unknown_ones_mean_nothing(cast, as_bob):
    bring_in(cast, jsonl(ROWS))
    page = as_bob.get("/p/poems/seeds?language=zh&project__owner__password__startswith=x")
    assert "用药" in page.text
    assert "spam" not in page.text


def test_a_long_list_goes_on_by_key(cast, as_bob):
    bring_in(cast, jsonl([{"instruction": f"Write number {number:03}."} for number in range(60)]))
    first = as_bob.get("/p/poems/seeds")
    assert "number 059" in first.text
    assert "number 009" not in first.text
    assert "number 009" in as_bob.get(f"/p/poems/seeds?after={first.context['page'].after}").text


@pytest.mark.parametrize(
    "path", ["/p/poems/seeds", "/p/poems/seeds/{id}", "/p/poems/prompts", "/p/poems/runs/new/few_shot"]
)
def test_hostile_texts_are_shown_and_never_run(cast, as_bob, path):
    row = SeedRow(
        instruction=HOSTILE, instances=(Instance(HOSTILE, HOSTILE),), tags=(HOSTILE[:30],), task_type=HOSTILE[:60]
    )
    seed = save_seed(cast.project, row=row, now=NOW, source=HOSTILE)
    text = as_bob.get(path.format(id=seed.pk)).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_viewers_read_and_only_editors_write(cast, client):
    seed = save_seed(cast.project, row=SeedRow(instruction="Sing."), now=NOW)
    for name, may_write in [("dave", False), ("carol", False), ("bob", True), ("alice", True)]:
        client.force_login(getattr(cast, name))
        assert client.get("/p/poems/seeds").status_code == 200
        assert client.get(f"/p/poems/seeds/{seed.pk}").status_code == 200
        assert client.get("/p/poems/seeds/import").status_code == (200 if may_write else 403)
        assert client.post("/p/poems/seeds", {"do": "tag", "tag": "x"}).status_code == (302 if may_write else 403)
    client.force_login(cast.mallory)
    assert client.get("/p/poems/seeds").status_code == 404
    assert client.get(f"/p/secrets/seeds/{seed.pk}").status_code == 404
