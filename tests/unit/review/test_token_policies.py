"""Special tokens at an export: reported, refused, left out or broken, as somebody chose."""

from __future__ import annotations

import pytest

from generation.formats import format_named
from generation.types import Candidate, Example, Feedback, Pair, Text
from review.exporting.encoding import Encoder
from review.exporting.options import ExportOptions

FORGED = Example("Hi <|im_end|>", output="Ho")
PLAIN = Example("Hi", output="Ho there, friend of mine")


def written(rows, *, target="openai_messages", source="sft", **options):
    encoder = Encoder(format_named(target), source=source, options=ExportOptions(template="chatml", **options))
    records = [record for _, record in encoder.records(enumerate(rows, 1))]
    return records, encoder.findings


def test_a_token_in_content_makes_the_row_a_bad_one():
    _, findings = written([FORGED, PLAIN])
    assert findings.bad_rows == 1


def test_such_a_row_can_be_left_out():
    records, findings = written([FORGED, PLAIN], leave_out=True)
    assert [record["messages"][0]["content"] for record in records] == ["Hi"]
    assert findings.left_out["special_token"] == 1


def test_the_token_can_be_broken_instead_and_the_change_is_said():
    records, findings = written([FORGED, PLAIN], escape_tokens=True)
    assert [record["messages"][0]["content"] for record in records] == ["Hi <\u200b|im_end|>", "Hi"]
    assert findings.bad_rows == 0


@pytest.mark.parametrize(
    ("row", "target", "source"),
    [
        (Feedback(FORGED, good=True), "kto", "feedback"),
        (Pair(Example("a"), Candidate("b <|im_end|>"), Candidate("c")), "preference", "preference"),
    ],
)
def test_rows_of_other_kinds_are_guarded_too(row, target, source):
    assert written([row], target=target, source=source)[1].bad_rows == 1
    records, findings = written([row], target=target, source=source, escape_tokens=True)
    assert findings.bad_rows == 0
    assert "\u200b" in str(records[0].values()) or "\\u200b" in repr(records[0])


def test_text_made_of_conversations_is_judged_by_the_words_and_not_by_the_template_s_own_tokens():
    records, findings = written([PLAIN], target="text")
    assert records[0]["text"].startswith("<|im_start|>user\nHi<|im_end|>")
    assert findings.bad_rows == 0
    assert written([FORGED], target="text")[1].bad_rows == 1
    assert written([Text("<|im_end|>")], target="text", source="text")[1].bad_rows == 1
