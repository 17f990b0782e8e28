"""Pairs in conversations that exist: an edited last turn, two alternatives; the turns before are the prompt."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from generation import formats
from generation.formats import format_named, likely
from generation.types import Pair, RowError, Turn

TALK = [{"from": "human", "value": "Hello"}, {"from": "gpt", "value": "Hi!"}, {"from": "human", "value": "And now?"}]
LAST = {"from": "gpt", "value": "Dunno."}


def read(record: Any) -> Any:
    file = io.BytesIO(json.dumps(record).encode() + b"\n")
    [(_, row)] = formats.read(file, chosen=format_named("sharegpt_pairs"))
    return row


@pytest.mark.parametrize(
    "record",
    [
        {"conversations": [*TALK, LAST | {"edited": "Now we eat."}]},
        {"conversations": [*TALK, {"from": "gpt", "value": "Now we eat.", "original": "Dunno."}]},
        {"conversations": TALK, "alternatives": [{"value": "Dunno."}, {"value": "Now we eat.", "chosen": True}]},
        {"conversations": TALK, "alternatives": [LAST | {"rank": 2}, {"value": "Now we eat.", "rank": 1}]},
        {"conversations": TALK, "alternatives": [{"value": "Now we eat.", "score": 8.5}, LAST | {"score": 3.2}]},
    ],
)
def test_002_03_two_last_turns_of_a_conversation_are_a_pair_with_all_turns_before_as_prompt(record: Any) -> None:
    pair = read({"system": "Be kind.", **record})
    assert isinstance(pair, Pair)
    assert (pair.chosen.text, pair.rejected.text) == ("Now we eat.", "Dunno.")
    assert (pair.prompt.system, pair.prompt.instruction) == ("Be kind.", "And now?")
    assert pair.prompt.turns == (Turn("user", "Hello"), Turn("assistant", "Hi!"))
    assert likely({"system": "Be kind.", **record})[0][0].name == "sharegpt_pairs"


def test_scores_of_alternatives_come_along() -> None:
    pair = read({"conversations": TALK, "alternatives": [{"value": "a", "score": 8.5}, {"value": "b", "score": 3.2}]})
    assert (pair.chosen.score, pair.rejected.score) == (8.5, 3.2)


@pytest.mark.parametrize(
    ("record", "code", "path"),
    [
        ({"conversations": TALK, "alternatives": ["a", "b"]}, "no_order", "alternatives"),
        ({"conversations": TALK, "alternatives": [{"value": "a"}, {"value": "b"}]}, "no_order", "alternatives"),
        ({"conversations": TALK, "alternatives": [{"value": "a"}]}, "no_answer", "alternatives"),
        ({"conversations": [*TALK, LAST]}, "no_answer", "conversations.3"),
        ({"conversations": [*TALK, LAST | {"edited": "a", "original": "b"}]}, "two_fields", "conversations.3"),
        ({"conversations": [*TALK, LAST | {"edited": 3}]}, "not_a_string", "conversations.3.edited"),
    ],
)
def test_what_tells_no_preference_is_a_fault_and_never_a_guess(record: Any, code: str, path: str) -> None:
    row = read(record)
    assert isinstance(row, RowError)
    assert (row.code, row.path) == (code, path)
