"""Servers of bad will: what they say in batches, refusals and headers is data, and brings nobody down."""

from __future__ import annotations

import json

import pytest

from generation.providers import batch_files
from generation.providers.addresses import Policy
from generation.providers.base import EndpointView, ProviderError
from generation.providers.batch_files import BatchDesk
from generation.providers.exchange import Exchanged
from generation.providers.failures import error_words, limits_in, retry_after
from tests.cast import NOW

KEY = "sk-a-key-that-must-not-be-seen"
DESK = BatchDesk(EndpointView("openai_compatible", "http://127.0.0.1:9/v1", KEY), Policy(loopback=True))
BATCH = {"id": "batch-1", "status": "completed"}
DEEP = b"[" * 200_000 + b"]" * 200_000


@pytest.fixture
def says(monkeypatch):
    """Has the server answer everything with these bytes; what it was asked is listed."""
    asked: list[str] = []

    def answering(raw):
        body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()

        def exchange(_base, path, **_more):
            asked.append(path)
            return Exchanged(200, {}, body)

        monkeypatch.setattr(batch_files, "exchange", exchange)
        return asked

    return answering


@pytest.mark.parametrize("name", ["../../evil", "a/b", "..", "a b", "a?b=c", "a\r\nX: y", "x" * 201, "\u00e9", ["a"]])
def test_a_name_that_leads_elsewhere_is_refused_for_good(says, name):
    for field in ("id", "output_file_id", "error_file_id"):
        says(BATCH | {field: name})
        with pytest.raises(ProviderError) as caught:
            DESK.look("batch-1")
        assert (caught.value.kind, caught.value.permanent) == ("malformed_reply", True)
    says({"id": name})
    with pytest.raises(ProviderError):
        DESK.upload([("1", {})])


@pytest.mark.parametrize("listed", [None, 1, "x", {"a": 1}, [None, 1, "x", []], [{"metadata": [1]}, {"metadata": "x"}]])
def test_a_list_of_batches_may_hold_anything(says, listed):
    says({"data": listed})
    assert DESK.find(token="t", file_id="f") is None


@pytest.mark.parametrize("raw", [DEEP, b"\xff", b"", b"[]", b"9" * 5000, b"null"])
def test_an_answer_that_is_no_object_is_refused(says, raw):
    says(raw)
    with pytest.raises(ProviderError) as caught:
        DESK.look("batch-1")
    assert caught.value.permanent


def test_words_and_states_are_cut_and_hold_no_key(says):
    told = {"data": [{"message": f"bad key {KEY}"}, "odd", {"code": "x" * 5000}]}
    for errors in (told, told["data"], "x", {"data": 1}):
        says(BATCH | {"errors": errors, "status": "y" * 500})
        remote = DESK.look("batch-1")
        assert KEY not in remote.words
        assert len(remote.words) <= 1000
        assert len(remote.status) <= 40


def test_lines_of_answers_may_hold_anything(says):
    sound = {"custom_id": "7", "response": {"status_code": 200, "request_id": KEY * 9, "body": {"said": KEY}}}
    odd = [b"[", DEEP, b"null", b'{"custom_id": 1e999, "response": {"status_code": 1e999}}', b"9" * 5000,
           b'{"custom_id": "1", "response": {"status_code": 99999999999}}',
           b'{"custom_id": "1", "response": [1]}', b'{"custom_id": "\\ud800", "response": null}']  # fmt: skip
    says(b"\n".join([*odd, json.dumps(sound).encode()]))
    lines = list(DESK.lines("file-1"))
    assert len(lines) == len(odd) + 1
    assert [line.status for line in lines] == [0] * len(odd) + [200]
    assert KEY.encode() not in lines[-1].raw
    assert len(lines[-1].request_id) <= 120


def test_refusals_hold_nothing_that_a_database_cannot():
    for body in (b'{"error": {"message": "a\\u0000b"}}', b"a\0b", b'["\\u0000"]', b'{"error": "\\u0000"}', DEEP):
        assert "\0" not in error_words(body)


def test_headers_of_any_length_and_date_are_borne():
    assert limits_in({"x-ratelimit-limit-requests": "9" * 8000, "x-ratelimit-limit-tokens": "60"}) == {
        "tokens_per_minute": 60
    }
    for odd in ("Mon, 1 Jan 99999999999999999999 00:00:00 GMT", "9" * 8000, "1e999", "Fri, 31 Dec 9999 23:59:59 GMT"):
        assert (retry_after({"retry-after": odd}, now=NOW) or 0) <= 86_400
