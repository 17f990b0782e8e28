"""Evaluation sets: brought in from files of any kind, listed, deleted; hostile files leave nothing."""

from __future__ import annotations

import gzip
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from generation.actions.evaluation_sets import EvaluationSetError, add_evaluation_set
from generation.models import EvaluationItem, EvaluationSet
from review.quality_facts import held_out_of
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db

ALPACA = b'[{"instruction": "Name a bird.", "input": "", "output": "A wren."}]'
GSM = '{"question": "小明有三个苹果，又买了两个，一共几个？", "choices": ["4", "5"], "answer": "5"}\n'.encode()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


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
    made = add_evaluation_set(cast.seat("bob"), name="exam", source="exam.json", file=io.BytesIO(file), now=NOW)
    assert list(EvaluationItem.objects.filter(set=made).values_list("text", flat=True)) == expected
    assert [(held.name, list(held.texts)) for held in held_out_of(cast.project)] == [("exam", expected)]


@pytest.mark.parametrize(
    "file",
    [b"", b"\x00\x01\x02\xff\xfe", b'{"a": 1}\n', b"[" * 5000, b'{"instruction": "\\ud800", "output": "\\u0000"}'],
    ids=["empty", "bytes", "no text", "deep", "unstorable"],
)  # fmt: skip
def test_a_hostile_file_leaves_nothing(cast: Cast, file: bytes) -> None:
    with pytest.raises(EvaluationSetError):
        add_evaluation_set(cast.seat("bob"), name="exam", source="x", file=io.BytesIO(file), now=NOW)
    assert not EvaluationSet.objects.exists()


@pytest.mark.parametrize("row", [GSM, b'{"frage": "Wie viel?", "antwort": "Drei"}\n'], ids=["known", "columns"])
def test_a_file_that_breaks_off_becomes_no_set(cast: Cast, row: bytes) -> None:
    packed = gzip.compress(b"".join(row.replace(b'"}', b'%d"}' % n) for n in range(20_000)))
    for file in (packed[: len(packed) // 2], gzip.compress(row.replace(b'"}', b"a" * 90_000 + b'"}') * 2000)):
        with pytest.raises(EvaluationSetError, match=r"bad_gzip|too_large"):
            add_evaluation_set(cast.seat("bob"), name="exam", source="", file=io.BytesIO(file), now=NOW)
    assert not EvaluationSet.objects.exists()


def test_a_name_is_taken_once_and_viewers_bring_nothing_in(cast: Cast) -> None:
    add_evaluation_set(cast.seat("bob"), name="exam", source="", file=io.BytesIO(ALPACA), now=NOW)
    with pytest.raises(EvaluationSetError, match="name_taken"):
        add_evaluation_set(cast.seat("bob"), name="exam", source="", file=io.BytesIO(ALPACA), now=NOW)
    with pytest.raises(PermissionDenied):
        add_evaluation_set(cast.seat("carol"), name="other", source="", file=io.BytesIO(ALPACA), now=NOW)


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
