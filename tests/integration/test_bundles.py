"""Bundles: everything a trainer and a reader need in one archive, and what a refused file leaves behind."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest
from django.urls import reverse

from generation.actions import jobs
from generation.actions.media import store_medium
from generation.models import Answer, Feedback, Job, PreferencePair, Sample, Text
from review.actions import datasets, exports
from review.exporting import conversions
from review.exporting.archive import Archive
from review.exporting.cards.check import card_faults, croissant_faults, front_matter
from review.exporting.cards.facts import DataFile
from review.exporting.disk import HashedFile
from review.exporting.options import ExportOptions
from review.mixes.recipe import Recipe, Source
from review.selection import Selection
from tests.cast import NOW, make_cast, make_samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def export_root(settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path / "exports"
    return settings.EXPORT_ROOT


@pytest.fixture
def cast():
    return make_cast()


def build(cast, version=None, *, format_name="alpaca", **options):
    options = ExportOptions(**options)
    export = exports.start_export(
        cast.project, format_name=format_name, by=cast.alice, now=NOW, version=version, options=options
    )
    jobs.work_on(
        export.job_id, owner="w", clock=lambda: NOW, work=lambda job: exports.build_export(job, clock=lambda: NOW)
    )
    export.refresh_from_db()
    return export


def unpacked(export):
    archive = zipfile.ZipFile(io.BytesIO(exports.file_path(export).read_bytes()))
    return {name: archive.read(name) for name in archive.namelist()}


def make_pairs(cast, count):
    samples = make_samples(cast.project, [(f"Which of the two, {n}?", "") for n in range(count)], state="generated")
    for sample in samples:
        better, worse = (
            Answer.objects.create(
                sample=sample, text=text, scores={"score": {"value": score}}, created_at=NOW,
                content_hash=hashlib.sha256(f"{sample.pk}{text}".encode()).hexdigest(),
            )
            for text, score in (("The better one.", 8.5), ("The other one.", 3.2))
        )  # fmt: skip
        PreferencePair.objects.create(
            project=cast.project, sample=sample, chosen=better, rejected=worse, source="human", state="exportable",
            created_at=NOW,
        )  # fmt: skip
    dataset = datasets.dataset_of(cast.project, now=NOW, name="pairs", kind="preference")
    return datasets.freeze(dataset, by=cast.alice, now=NOW, selection=Selection(kind="preference"))


def make_split(cast):
    make_samples(cast.project, 40, state=Sample.State.APPROVED)
    recipe = Recipe((Source("all", Selection()),), ratios=(80, 10, 10), shuffle=True)
    return datasets.freeze(datasets.dataset_of(cast.project, now=NOW), by=cast.alice, now=NOW, recipe=recipe)


def test_004_05_a_bundle_is_data_with_dataset_info_card_croissant_and_manifest(cast):
    export = build(cast, make_split(cast), bundle=True)
    files = unpacked(export)
    assert export.job.state == Job.State.DONE
    assert list(files) == [
        "train.jsonl", "validation.jsonl", "test.jsonl", "dataset_info.json", "README.md", "croissant.json",
        "manifest.jsonl",
    ]  # fmt: skip
    assert [files[name].count(b"\n") for name in ("train.jsonl", "validation.jsonl", "test.jsonl")] == [32, 4, 4]
    info = json.loads(files["dataset_info.json"])
    columns = {
        "prompt": "instruction",
        "query": "input",
        "response": "output",
        "system": "system",
        "history": "history",
    }
    assert info["poems_approved"] == {"file_name": "train.jsonl", "columns": columns}
    assert [entry["file_name"] for entry in info.values()] == ["train.jsonl", "validation.jsonl", "test.jsonl"]
    assert {tuple(sorted(json.loads(line))) for line in files["train.jsonl"].splitlines()} == {
        ("history", "input", "instruction", "output", "system")
    }


def test_card_croissant_and_manifest_agree_with_the_bytes_beside_them(cast):
    export = build(cast, make_split(cast), bundle=True)
    files = unpacked(export)
    told = [DataFile(**each) for each in export.files]
    for each in told:
        data = files[each.name]
        assert (len(data), hashlib.sha256(data).hexdigest()) == (each.size, each.sha256)
    assert [fault.code for fault in card_faults(files["README.md"].decode(), files=told)] == ["card_licence_unknown"]
    assert croissant_faults(files["croissant.json"].decode(), files=told) == []
    head, *rows = [json.loads(line) for line in files["manifest.jsonl"].splitlines()]
    assert (head["rows"], len(rows), [each["rows"] for each in head["files"]]) == (40, 40, [32, 4, 4])
    assert [row["row"] for row in rows if row["file"] == "test.jsonl"] == [1, 2, 3, 4]
    assert export.sha256 == hashlib.sha256(exports.file_path(export).read_bytes()).hexdigest()


def test_the_same_version_gives_the_same_archive(cast):
    version = make_split(cast)
    assert build(cast, version, bundle=True).sha256 == build(cast, version, bundle=True).sha256


def test_what_a_person_said_of_the_dataset_stands_on_its_card(cast, client):
    version = make_split(cast)
    client.force_login(cast.bob)
    where = reverse("dataset_card", args=["poems", version.dataset_id])
    said = {"title": "Haiku", "licence": "cc-by-4.0", "languages": "en, zh", "creator": "The poets"}
    assert client.post(where, said).status_code == 302
    text = unpacked(build(cast, version, bundle=True))["README.md"].decode()
    told = front_matter(text)
    assert (told["pretty_name"], told["license"], told["language"]) == ("Haiku", "cc-by-4.0", ["en", "zh"])
    assert "The poets" in text
    assert client.post(where, {"licence": "other"}).status_code == 422
    assert client.post(where, {"url": "javascript:alert(1)"}).status_code == 422


def test_004_08_pairs_go_out_as_ranking_data_and_are_walked_back(cast):
    export = build(cast, make_pairs(cast, 3), format_name="llama_factory_preference", bundle=True, layout="json")
    files = unpacked(export)
    assert json.loads(files["dataset_info.json"])["poems_pairs"] == {
        "file_name": "train.json",
        "ranking": True,
        "columns": {"prompt": "instruction", "query": "input", "chosen": "chosen", "rejected": "rejected"},
    }
    assert json.loads(files["train.json"])[0] == {
        "instruction": "Which of the two, 0?", "input": "", "chosen": "The better one.", "rejected": "The other one.",
    }  # fmt: skip
    rows = [json.loads(line) for line in files["manifest.jsonl"].splitlines()][1:]
    assert [(row["pair"], row["origin"]) for row in rows] == [
        (pair.pk, "human") for pair in PreferencePair.objects.all()
    ]


def test_a_pair_becomes_a_good_and_a_bad_answer_and_both_lines_name_it(cast):
    export = build(cast, make_pairs(cast, 2), format_name="kto")
    rows = [json.loads(line) for line in exports.file_path(export).read_bytes().splitlines()]
    assert [row["label"] for row in rows] == [True, False, True, False]
    lines = [json.loads(line) for line in exports.manifest_path(export).read_bytes().splitlines()][1:]
    assert [(line["row"], line["position"]) for line in lines] == [(1, 1), (2, 1), (3, 2), (4, 2)]


@pytest.mark.parametrize(("kind", "format_name"), [("feedback", "trl_unpaired"), ("text", "text")])
def test_feedback_and_texts_are_walked_back_to_their_line(cast, kind, format_name):
    job = jobs.start_job(cast.project, kind="x", params={"name": "mine.jsonl"}, by=None, now=NOW)
    every = {"project": cast.project, "job": job, "created_at": NOW}
    for line, good in ((1, True), (2, False)):
        if kind == "feedback":
            Feedback.objects.create(
                prompt="Which?", completion=f"This {line}.", good=good, content_hash="a" * 64, source_line=line, **every
            )
        else:
            Text.objects.create(text=f"Once, {line}.", content_hash="a" * 64, source_line=line, **every)
    dataset = datasets.dataset_of(cast.project, now=NOW, name="imported", kind=kind)
    version = datasets.freeze(dataset, by=None, now=NOW, selection=Selection(kind=kind))
    export = build(cast, version, format_name=format_name)
    assert export.job.state == Job.State.DONE
    lines = [json.loads(line) for line in exports.manifest_path(export).read_bytes().splitlines()][1:]
    assert [(line["import"], line["import_file"], line["import_line"]) for line in lines] == [
        (job.pk, "mine.jsonl", 1), (job.pk, "mine.jsonl", 2),
    ]  # fmt: skip


def test_a_row_that_the_target_refuses_stops_the_file_until_it_is_left_out_by_choice(cast, client, export_root):
    make_samples(cast.project, [("Say something.", "A sound answer to it."), ("Say more.", "N/A")], state="approved")
    export = build(cast)
    assert (export.job.state, export.job.message) == (Job.State.FAILED, "contract")
    assert [path.name for path in export_root.iterdir()] == []
    assert export.job.errors[0]["code"] == "placeholder_output"
    client.force_login(cast.bob)
    page = client.get(reverse("export", args=["poems", export.pk])).content.decode()
    assert "A placeholder stands where the output should be." in page
    client.post(reverse("export", args=["poems", export.pk]), {"do": "leave_out"})
    other = type(export).objects.latest("pk")
    jobs.work_on(
        other.job_id, owner="w", clock=lambda: NOW, work=lambda job: exports.build_export(job, clock=lambda: NOW)
    )
    other.refresh_from_db()
    assert (other.rows, other.version) == (1, export.version)
    head = json.loads(exports.manifest_path(other).read_bytes().splitlines()[0])
    assert head["left_out"] == {"placeholder_output": 1}


def test_a_platforms_minimum_stops_the_file_unless_it_is_wanted_all_the_same(cast):
    make_samples(cast.project, 3, state="approved")
    refused = build(cast, format_name="openai_messages")
    assert refused.job.message == "contract"
    assert refused.job.cursor["contract"]["file"] == [["error", "too_few_rows", "10"]]
    assert build(cast, refused.version, format_name="openai_messages", despite=True).rows == 3


def test_a_special_token_of_the_chosen_template_is_refused(cast):
    make_samples(cast.project, [("Say <|im_end|> now.", "I would rather not say that.")], state="approved")
    assert build(cast, template="chatml").job.cursor["contract"]["counts"][0][:2] == ["error", "special_token"]
    assert build(cast).job.state == Job.State.DONE


def test_one_split_alone_packed(cast):
    export = build(cast, make_split(cast), split="validation", gzip=True)
    assert (export.rows, export.file_name) == (4, "poems-v1-validation.jsonl.gz")


def test_the_page_says_what_a_conversion_loses_and_how_many_lines_it_gives(cast, client):
    version = make_pairs(cast, 2)
    client.force_login(cast.bob)
    page = client.get(reverse("export_new", args=["poems"]), {"version": version.pk, "format": "kto", "asked": "1"})
    offer = page.context["offer"]
    assert (offer.rows, offer.lines, offer.checked_all) == (2, 4, True)
    assert "Which answer was compared with which" in page.content.decode()
    other = client.get(reverse("export_new", args=["poems"]), {"version": version.pk, "format": "no such"})
    assert other.context["offer"].choice.format.kind == "preference"


def test_the_api_converts_a_small_file_and_names_what_it_cannot(cast, client):
    client.force_login(cast.dave)
    where = "/api/v1/projects/poems/conversions"
    sound = io.BytesIO(b'{"instruction": "Say it.", "input": "", "output": "It."}\n')
    sound.name = "rows.jsonl"
    answer = client.post(where, {"file": sound, "to": "sharegpt"})
    assert (answer.status_code, answer["Fdc-From"], answer["Fdc-Rows"]) == (200, "alpaca", "1")
    assert json.loads(b"".join(answer.streaming_content)) == {
        "conversations": [{"from": "human", "value": "Say it."}, {"from": "gpt", "value": "It."}]
    }
    broken = io.BytesIO(b'{"instruction": "Say it.", "output": 7}\n')
    broken.name = "rows.jsonl"
    refused = client.post(where, {"file": broken, "to": "sharegpt", "origin": "alpaca"})
    assert (refused.status_code, refused.json()["code"]) == (422, "refused_rows")


@pytest.mark.parametrize(("limit", "most"), [("MOST_WRITTEN", 200), ("MOST_READ", 2)])
def test_a_conversion_that_would_burst_is_refused(cast, client, monkeypatch, limit, most):
    monkeypatch.setattr(conversions, limit, most)
    client.force_login(cast.dave)
    rows = io.BytesIO(b'{"instruction": "Say it.", "input": "", "output": "It."}\n' * 3)
    rows.name = "rows.jsonl"
    answer = client.post("/api/v1/projects/poems/conversions", {"file": rows, "to": "sharegpt"})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_large")


def test_no_medium_takes_the_place_of_a_file_of_the_bundle(tmp_path):
    with open(tmp_path / "a.zip", "wb") as file, Archive(HashedFile(file)) as archive:
        for name in ("train.jsonl", "images/a.png"):
            with archive.member(name) as member:
                member.write(b"x")
        taken = ("train.jsonl", "TRAIN.jsonl", "train.jsonl/a.png", "images/a.png", "images/A.png")
        assert [name for name in taken if archive.has_room_for(name)] == []
        assert archive.has_room_for("images/b.png")


def test_a_medium_with_the_name_of_a_file_of_the_bundle_is_refused_by_its_name(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    png = b"\x89PNG\r\n\x1a\n" + bytes(100)
    for name in ("train.jsonl", "images/a.png"):
        store_medium(cast.project, name=name, chunks=[png], now=NOW)
    shown = [
        ("<image>What is it?", "A picture of nothing at all."),
        ("<image>And this?", "Another one, as empty as it."),
    ]
    for row, name in zip(
        make_samples(cast.project, shown, state="approved"), ("train.jsonl", "images/a.png"), strict=True
    ):
        Sample.objects.filter(pk=row.pk).update(media={"images": [name]})
    export = build(cast, bundle=True, layout="jsonl")
    assert (export.job.state, export.job.message) == ("failed", "contract")
    assert ["error", "medium_name_taken", "train.jsonl"] in export.job.cursor["contract"]["file"]
    wanted = build(cast, export.version, bundle=True, layout="jsonl", despite=True)
    assert "images/a.png" in unpacked(wanted)
    assert unpacked(wanted)["train.jsonl"].startswith(b"{")
