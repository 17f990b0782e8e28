"""Evaluation sets: brought in from files of any kind, listed, deleted; hostile files leave nothing."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from generation.actions import evaluation_files
from generation.actions.evaluation_files import KIND, SMALL, add_evaluation_file, read_evaluation_file
from generation.actions.evaluation_sets import EvaluationSetError, remove_evaluation_set
from generation.actions.jobs import retry_job
from generation.models import EvaluationItem, EvaluationSet, Job, JobFault
from review.quality_facts import held_out_of
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db

ALPACA = b'[{"instruction": "Name a bird.", "input": "", "output": "A wren."}]'
GSM = '{"question": "小明有三个苹果，又买了两个，一共几个？", "choices": ["4", "5"], "answer": "5"}\n'.encode()


MIXED = b"""{"instruction": "Name a bird.", "output": "A wren."}
{"instruction": "broken
{"instruction": "Nul", "output": "\\u0000"}
{"instruction": "Name a fish.", "output": "A carp."}
"""


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> None:
    settings.IMPORT_ROOT = tmp_path / "uploads"


def add(cast: Cast, file: bytes, *, name: str = "exam", who: str = "bob", source: str = "exam.json") -> EvaluationSet:
    return add_evaluation_file(
        cast.seat(who), name=name, source=source, chunks=[file], clock=lambda: NOW, owner="test"
    )  # fmt: skip


def work(made: EvaluationSet) -> None:
    read_evaluation_file(job_of(made).pk, owner="worker", clock=lambda: NOW)


def job_of(made: EvaluationSet) -> Job:
    assert made.job_id is not None
    return Job.objects.get(pk=made.job_id)


def large() -> bytes:
    """Four lines of which two cannot be read, then 3,000 that can: more bytes than are read at once."""
    more = "".join(f'{{"instruction": "Question {n}? {"x" * 800}", "output": "{n}"}}\n' for n in range(3000))
    assert len(more) > SMALL
    return MIXED + more.encode()


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (ALPACA, ["Name a bird.\nA wren."]),
        (GSM, ["小明有三个苹果，又买了两个，一共几个？\n5"]),
        (b"frage,antwort\nWie viel?,Drei\n", ["Wie viel?\nDrei"]),
    ],
    ids=["alpaca", "columns", "csv"],
)
def test_a_file_of_any_kind_becomes_a_set_of_texts(cast: Cast, file: bytes, expected: list[str]) -> None:
    made = add(cast, file)
    assert made.state == "whole"
    assert list(EvaluationItem.objects.filter(set=made).values_list("text", flat=True)) == expected
    assert [(held.name, list(held.texts)) for held in held_out_of(cast.project)] == [("exam", expected)]


@pytest.mark.parametrize(
    "file",
    [b"", b"\x00\x01\x02\xff\xfe", b'{"a": 1}\n', b"[" * 5000, b'{"instruction": "\\ud800", "output": "\\u0000"}'],
    ids=["empty", "bytes", "no text", "deep", "unstorable"],
)  # fmt: skip
def test_a_hostile_file_leaves_nothing(cast: Cast, file: bytes, settings: Any) -> None:
    with pytest.raises(EvaluationSetError):
        add(cast, file)
    assert not EvaluationSet.objects.exists()
    assert not Job.objects.exists()
    assert list(uploads_left(settings)) == []


@pytest.mark.parametrize("row", [GSM, b'{"frage": "Wie viel?", "antwort": "Drei"}\n'], ids=["known", "columns"])
def test_a_file_that_breaks_off_becomes_no_set(cast: Cast, row: bytes) -> None:
    packed = gzip.compress(b"".join(row.replace(b'"}', b'%d"}' % n) for n in range(20_000)))
    for file in (packed[: len(packed) // 2], gzip.compress(row.replace(b'"}', b"a" * 90_000 + b'"}') * 2000)):
        with pytest.raises(EvaluationSetError, match=r"bad_gzip|too_large"):
            add(cast, file)
    assert not EvaluationSet.objects.exists()


def test_a_name_is_taken_once_and_viewers_bring_nothing_in(cast: Cast, settings: Any) -> None:
    add(cast, ALPACA)
    with pytest.raises(EvaluationSetError, match="name_taken"):
        add(cast, ALPACA)
    with pytest.raises(PermissionDenied):
        add(cast, ALPACA, name="other", who="carol")
    assert list(uploads_left(settings)) == []


def test_rows_that_cannot_be_read_are_told_with_line_and_reason_and_the_others_are_kept(cast: Cast) -> None:
    made = add(cast, MIXED)
    assert [item.text for item in made.items.order_by("number")] == ["Name a bird.\nA wren.", "Name a fish.\nA carp."]
    faults = JobFault.objects.filter(job=job_of(made)).order_by("line").values_list("line", "code")
    assert (job_of(made).rejected, [line for line, _code in faults]) == (2, [2, 3])
    assert all(code for _line, code in faults)


def test_a_large_file_is_read_by_a_job_and_is_held_against_nothing_before_it_is_whole(cast: Cast) -> None:
    made = add(cast, large())
    assert (made.state, made.size, list(held_out_of(cast.project))) == ("reading", 0, [])
    work(made)
    made = EvaluationSet.objects.get(pk=made.pk)
    assert (made.state, made.size) == ("whole", 3002)
    job = job_of(made)
    assert (job.done, job.accepted, job.rejected, job.total) == (3004, 3002, 2, 0)
    ((name, texts),) = [(held.name, held.texts) for held in held_out_of(cast.project)]
    assert (name, texts[2].startswith("Question 0?"), texts[-1].endswith("\n2999")) == ("exam", True, True)
    assert list(made.items.order_by("number").values_list("number", flat=True)) == list(range(3002))


def test_a_worker_that_dies_half_way_loses_no_row_and_reads_none_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = add(cast, large())
    seen: list[int] = []

    def dies(*args: Any, **options: Any) -> int:
        seen.append(1)
        if len(seen) == 3:
            raise RuntimeError("killed")
        return real(*args, **options)

    real = evaluation_files.add_items
    monkeypatch.setattr(evaluation_files, "add_items", dies)
    with pytest.raises(RuntimeError):
        work(made)
    made.refresh_from_db()
    assert (made.size, made.items.count()) == (1998, 1998)
    monkeypatch.undo()
    retry_job(job_of(made), now=NOW)
    work(made)
    assert list(made.items.order_by("number").values_list("number", flat=True)) == list(range(3002))


def test_a_large_file_that_breaks_off_leaves_no_item_and_says_why(cast: Cast, client: Client) -> None:
    rows = [
        f'{{"instruction": "Question {n}? {random.Random(n).randbytes(400).hex()}", "output": "{n}"}}\n'
        for n in range(9000)
    ]
    packed = gzip.compress("".join(rows).encode())
    assert len(packed) * 0.7 > SMALL
    made = add(cast, packed[: int(len(packed) * 0.7)])
    work(made)
    made = EvaluationSet.objects.get(pk=made.pk)
    assert (made.state, made.size, made.items.count(), job_of(made).message) == ("broken", 0, 0, "bad_gzip")
    assert list(held_out_of(cast.project)) == []
    client.force_login(cast.bob)
    assert b"not usable" in client.get(f"/p/poems/evaluation-sets/{made.pk}").content


def test_too_many_texts_are_no_set(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generation.actions.evaluation_sets.MOST_ITEMS", 1)
    with pytest.raises(EvaluationSetError, match="too_many_items"):
        add(cast, MIXED)
    assert not EvaluationSet.objects.exists()


def test_a_set_that_is_deleted_while_it_is_read_stays_deleted(cast: Cast) -> None:
    made = add(cast, large())
    remove_evaluation_set(cast.seat("bob"), found=made, now=NOW)
    work(made)
    assert not EvaluationSet.objects.exists()
    assert Job.objects.get(kind=KIND).state == Job.State.CANCELLED


def test_the_page_shows_what_could_not_be_read_and_gives_all_of_it_as_a_file(cast: Cast, client: Client) -> None:
    made = add(cast, MIXED)
    client.force_login(cast.bob)
    page = client.get(f"/p/poems/evaluation-sets/{made.pk}").content.decode()
    assert "2 rows could not be read" in page
    assert "No report has held rows against it yet." in page
    file: Any = client.get(f"/p/poems/evaluation-sets/{made.pk}?faults=jsonl")
    lines = b"".join(file.streaming_content).splitlines()
    assert [json.loads(line)["line"] for line in lines] == [2, 3]
    assert "2 unreadable" in client.get("/p/poems/evaluation-sets").content.decode()


def uploads_left(settings: Any) -> Any:
    return settings.IMPORT_ROOT.iterdir() if settings.IMPORT_ROOT.is_dir() else ()


def test_the_pages_bring_a_set_in_show_it_and_delete_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob)
    assert b"No evaluation set yet" in client.get("/p/poems/evaluation-sets").content
    client.post("/p/poems/evaluation-sets", {"file": SimpleUploadedFile("birds.json", ALPACA)})
    made = EvaluationSet.objects.get(name="birds")
    assert b"birds" in client.get("/p/poems/evaluation-sets").content
    assert b"A wren." in client.get(f"/p/poems/evaluation-sets/{made.pk}").content
    refused = client.post("/p/poems/evaluation-sets", {"file": SimpleUploadedFile("birds.json", ALPACA)})
    assert refused.status_code == 422
    client.post(f"/p/poems/evaluation-sets/{made.pk}", {"do": "remove"})
    assert not EvaluationSet.objects.exists()


def test_a_question_without_its_answer_is_a_text_all_the_same(cast: Cast) -> None:
    made = add(cast, b'{"question": "Who pays the rent?", "answer": "The tenant."}\n{"question": "Who moves in?"}\n')
    assert list(made.items.order_by("number").values_list("text", flat=True)) == [
        "Who pays the rent?\nThe tenant.", "Who moves in?",
    ]  # fmt: skip
    assert job_of(made).rejected == 0
