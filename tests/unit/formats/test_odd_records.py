"""Sound records with one part of them replaced by anything: a row or a typed refusal, never an exception.

`FDC_TRUST=1` draws fifty times as many.
"""

from __future__ import annotations

import copy
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.files.text import check_file_text
from generation.formats import FORMATS
from generation.types import Row, RowError

CALL = {"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}
CHAT = [
    {"role": "system", "content": "S"},
    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "a"}}, {"type": "text", "text": "Q"}]},
    {"role": "assistant", "content": "", "tool_calls": [CALL]},
    {"role": "tool", "content": "9", "tool_call_id": "c"},
    {"role": "assistant", "content": "A", "weight": 1},
]
TALK = [
    {"from": "human", "value": "Q"},
    {"from": "function_call", "value": '{"name": "look", "arguments": {}}'},
    {"from": "observation", "value": "9"},
    {"from": "gpt", "value": "A"},
]
PAIR = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]
SOUND: list[dict[str, Any]] = [
    {"messages": CHAT, "tools": [{"type": "function", "function": {"name": "look"}}], "images": ["a"]},
    {"conversations": TALK, "tools": "[]", "system": "S", "images": ["a"]},
    {"prompt": CHAT[:2], "completion": PAIR[1:], "chat_template_kwargs": {}},
    {"segments": [{"label": False, "text": "Q"}, {"label": True, "text": "A"}]},
    {"instruction": "I", "input": "N", "output": "O", "history": [["a", "b"]], "system": "S", "images": ["a"]},
    {"id": "1", "instruction": "I", "instances": [{"input": "", "output": "O"}], "is_classification": True},
    {"input_ids": [1], "attention_mask": [1], "labels": [1]},
    {"message_id": "q", "parent_id": None, "message_tree_id": "t", "role": "prompter", "text": "x", "rank": 0},
    {
        "message_tree_id": "t",
        "prompt": {
            "message_id": "q", "role": "prompter", "text": "x",
            "replies": [{"message_id": "a", "role": "assistant", "text": "y", "rank": 0, "replies": []}],
        },
    },
    {"chosen": "\n\nHuman: a\n\nAssistant: b", "rejected": "\n\nHuman: a\n\nAssistant: c"},
    {"instruction": "Q", "completions": [{"model": "m", "response": "A", "annotations": {"h": {"Rating": "4"}}}] * 2},
    {"prompt_id": "p", "chosen": PAIR, "rejected": [PAIR[0], {"role": "assistant", "content": "B"}],
     "score_chosen": 2, "score_rejected": 1},
    dict.fromkeys(("helpfulness", "correctness", "coherence", "complexity", "verbosity"), 4)
    | {"prompt": "Q", "response": "A"},
    {"prompt": "Q", "answers": [{"answer": "A", "model": "m", "rank": 1}, {"answer": "B", "model": "n", "rank": 2}]},
    {"history": "Q", "human_ref_A": "a", "human_ref_B": "b", "labels": 1, "score_A": 2, "score_B": 1},
    {"index": 1, "text": "T", "answer": "A", "base_prompt": "{{text}}", "question": "Q"},
    {"instruction": "I", "context": "C[1]", "response": "R", "category": "open_qa"},
]  # fmt: skip

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**20) | st.floats(allow_nan=False) | st.text(max_size=6)
    | st.sampled_from(["<image>", "role", "system", "gpt", "{}", "[]", '{"name": 1}', "\n\nHuman: x", "N/A"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["role", "content", "type", "text", "url", "name", "x"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all parts of a record."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, part in inner for found in places(part, (*path, key)))]


PLACES = [(at, path) for at, record in enumerate(SOUND) for path in places(record) if path]


@st.composite
def odd_records(draw: st.DrawFn) -> dict[str, Any]:
    """A sound record with one part replaced, taken out, or joined by another."""
    at, path = draw(st.sampled_from(PLACES))
    record = copy.deepcopy(SOUND[at])
    inner: Any = record
    for key in path[:-1]:
        inner = inner[key]
    if draw(st.booleans()):
        inner[path[-1]] = draw(anything)
    else:
        del inner[path[-1]]
    return record


@given(record=odd_records())
@settings(max_examples=5000 if os.environ.get("FDC_TRUST") else 100, deadline=None)
def test_an_odd_record_is_a_row_or_a_typed_refusal(record):
    for each in FORMATS:
        assert 0 <= each.likeness(record) <= 100
        for fault in each.check(record):
            assert fault.code, each.name
            assert check_file_text(fault.excerpt + fault.message + fault.path) is None, each.name
        for line, row in each.read([(1, record)]):
            assert line == 1
            assert isinstance(row, Row | RowError), each.name


@pytest.mark.parametrize("record", SOUND, ids=lambda record: next(iter(record)))
def test_the_sound_records_are_rows_of_some_format(record):
    best = max(FORMATS, key=lambda each: each.likeness(record))
    found = [row for _, row in best.read([(1, record)])]
    assert best.name == "axolotl_tokenised" or any(
        not isinstance(row, RowError) or row.severity == "warning" for row in found
    )
