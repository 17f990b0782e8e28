"""Scores that were measured elsewhere: the file, what of it is refused with line and reason, and what goes by them."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.models import Job, Sample
from review.actions.score_files import KIND, read_scores
from review.actions.selection_work import fill_selection
from review.models import RankedRow, RowSelection
from tests.cast import edit, make_cast, make_samples

pytestmark = pytest.mark.django_db
TOPICS = ["bees", "rivers", "clocks", "bread", "玻璃", "飞蛾", "ferns", "trams", "ink", "salt"]


@pytest.fixture
def cast(settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path / "imports"
    return make_cast()


@pytest.fixture
def rows(cast, client):
    client.force_login(cast.bob)
    texts = [(f"Tell me about {topic}.", f"{topic.title()} 值得 a book.") for topic in TOPICS]
    return make_samples(cast.project, texts, state=Sample.State.APPROVED)


def send(client, text, *, aspect="ifd_loss_ratio", name="scores.csv", **more):
    file = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
    fields = {"aspect": aspect, **more}
    answer = client.post(reverse("selection_scores", args=["poems"]), {"file": file, **fields})
    if answer.status_code != 302:
        return answer
    job = Job.objects.filter(kind=KIND).latest("pk")
    work_on(job.pk, owner="w", clock=timezone.now, work=lambda job: read_scores(job, clock=timezone.now))
    job.refresh_from_db()
    return job


def faults(job):
    return [(each["line"], each["code"], each["path"]) for each in job.errors]


def test_scores_by_number_and_by_hash_are_kept_with_their_scale(cast, client, rows):
    text = f"id,content_hash,score\n{rows[0].pk},,0.83\n,{rows[1].content_hash.upper()},0.5\n{rows[2].pk}.0,,1.25\n"
    job = send(client, text)
    assert (job.state, job.accepted, job.rejected) == ("done", 3, 0)
    found = [row.scores.get("ifd_loss_ratio", {}) for row in Sample.objects.order_by("pk")]
    assert [each.get("value") for each in found[:4]] == [0.83, 0.5, 1.25, None]
    assert found[0] == {"value": 0.83, "low": 0.0, "high": None, "revision": 1, "run": None, "job": job.pk}
    page = client.get(reverse("selection_scores", args=["poems"])).content.decode()
    assert "3 rows scored" in page


def test_each_line_that_gives_no_score_is_named_with_its_reason_and_the_others_are_kept(cast, client, rows):
    other = make_samples(cast.other_project, 1)[0]
    lines = [
        {"id": rows[0].pk, "score": 0.9},
        {"id": rows[0].pk, "score": 0.8},
        {"id": other.pk, "score": 0.8},
        {"id": "first", "score": 0.8},
        {"id": rows[1].pk, "score": "many"},
        {"id": rows[1].pk, "score": True},
        {"id": rows[1].pk, "score": -0.1},
        {"id": rows[1].pk},
        {"score": 0.4},
        {"content_hash": "abc", "score": 0.4},
        {"id": rows[2].pk, "content_hash": rows[3].content_hash, "score": 0.4},
        {"id": rows[1].pk, "score": 0.4, "variant": "perplexity_ratio"},
        {"id": rows[1].pk, "loss_given": 1.5, "loss_alone": 0},
        {"id": 10**30, "score": 0.4},
        {"id": rows[1].pk, "score": 10**400},
    ]
    text = (
        "\n".join(json.dumps(line) for line in lines) + "\nnot json\n[1]\n" + json.dumps({"id": rows[4].pk, "ifd": 1})
    )
    job = send(client, text, name="scores.jsonl")
    assert (job.state, job.accepted) == ("done", 2)
    assert faults(job)[:13] == [
        (2, "row_twice", ""), (3, "unknown_row", ""), (4, "not_an_id", "id"), (5, "not_a_score", "score"),
        (6, "not_a_score", "score"), (7, "score_off_scale", "score"), (8, "no_score", "loss_given"),
        (9, "no_row_named", ""), (10, "not_a_hash", "content_hash"), (11, "changed_since", ""),
        (12, "other_variant", "variant"), (13, "no_figure", ""), (14, "not_an_id", "id"),
    ]  # fmt: skip
    assert [line for line, _, _ in faults(job)[13:]] == [15, 16, 17]
    page = client.get(reverse("selection_scores", args=["poems"])).content.decode()
    assert "16 refused" in page
    assert "the two are never mixed" in page


def test_two_losses_become_the_figure_of_the_chosen_variant(cast, client, rows):
    text = f"sample_id\tloss_given\tloss_alone\n{rows[0].pk}\t1.5\t2.0\n{rows[1].pk}\t2.5\t2.0\n"
    send(client, text, name="losses.tsv")
    send(client, text, name="losses.tsv", aspect="ifd_perplexity_ratio")
    row = Sample.objects.get(pk=rows[0].pk)
    assert row.scores["ifd_loss_ratio"]["value"] == 0.75
    assert row.scores["ifd_perplexity_ratio"]["value"] == pytest.approx(0.6065, abs=1e-4)


def test_what_was_edited_since_it_was_scored_takes_no_score(cast, client, rows):
    before = rows[0].content_hash
    edit(rows[0], "Bees are worth two books.")
    job = send(client, f"id,revision,score\n{rows[0].pk},1,0.8\n{rows[1].pk},1,0.8\n")
    assert faults(job) == [(2, "changed_since", "")]
    job = send(client, f"content_hash,score\n{before},0.8\n")
    assert faults(job) == [(2, "unknown_row", "")]


@pytest.mark.parametrize("text", ["", "id\n", b"\xff\xfe\x00\x01garbage", b"PK\x03\x04 no zip", b"\x1f\x8b broken"])
def test_a_file_that_holds_no_scores_writes_none(cast, client, rows, text):
    job = send(client, text)
    assert job.state in ("done", "failed")
    assert job.accepted == 0
    assert not any(row.scores for row in Sample.objects.all())


def test_a_name_of_ones_own_is_a_word_and_what_is_wrong_is_said_at_the_form(cast, client, rows):
    job = send(client, f"id,score\n{rows[0].pk},17\n", aspect="own", own="reward_model")
    assert (job.accepted, job.params["aspect"]) == (1, "reward_model")
    for own in ("", "Two words", "x" * 41, "output_length"):
        assert send(client, "id,score\n", aspect="own", own=own).status_code == 422
    assert client.post(reverse("selection_scores", args=["poems"]), {"aspect": "quality"}).status_code == 422


def test_the_hardest_tenth_is_chosen_and_what_is_over_one_is_left_out(cast, client, rows):
    figures = [0.9, 1.2, 0.7, 0.95, 0.4, 0.3, 1.01, 0.2, 0.1, None]
    lines = [f"{row.pk},{figure}" for row, figure in zip(rows, figures, strict=True) if figure is not None]
    send(client, "id,ifd\n" + "\n".join(lines))
    page = client.get(reverse("selections", args=["poems"]), {"preset": "ifd"}).context["form"]
    assert (page.initial["quality"], page.initial["ceiling"], page.initial["share"]) == ("ifd_loss_ratio", 1.0, 10)
    values = {
        "quality": "ifd_loss_ratio", "w_quality": "1", "w_complexity": "0", "w_novelty": "0", "limit": "",
        "ceiling": "1", "many": "percent", "share": "20", "budget": "1000", "shares": "100",
    }  # fmt: skip
    assert client.post(reverse("selections", args=["poems"]), values).status_code == 302
    made = RowSelection.objects.get()
    work_on(made.job_id, owner="w", clock=timezone.now, work=lambda job: fill_selection(job, clock=timezone.now))
    ranked = list(RankedRow.objects.filter(selection=made).order_by("place").values_list("sample_id", "reason"))
    # Nine rows are scored: a fifth of them, rounded up, is two.
    assert ranked[:2] == [(rows[3].pk, ""), (rows[0].pk, "")]
    assert [pk for pk, reason in ranked if reason == "misaligned"] == [rows[1].pk, rows[6].pk]
    assert [pk for pk, reason in ranked if reason == "no_score"] == [rows[9].pk]
    page = client.get(reverse("selection", args=["poems", made.pk]), {"part": "misaligned"})
    assert [row.sample_id for row in page.context["rows"]] == [rows[1].pk, rows[6].pk]


def test_programs_bring_scores_in_and_reviewers_cannot(cast, client, rows):
    url = "/api/v1/projects/poems/scores"
    file = SimpleUploadedFile("s.csv", f"id,score\n{rows[0].pk},4.5\n".encode())
    answer = client.post(url, {"file": file, "aspect": "quality"})
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    file.seek(0)
    assert client.post(url, {"file": file, "aspect": "No name"}).status_code == 422
    client.force_login(cast.dave)
    file.seek(0)
    assert client.post(url, {"file": file, "aspect": "quality"}).status_code == 403
