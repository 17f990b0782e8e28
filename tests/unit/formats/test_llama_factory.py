"""LLaMA-Factory's `dataset_info.json`: the entries of its documentation, and each trap refused."""

from __future__ import annotations

import pytest

from generation.formats import format_named
from generation.formats.base import Options
from generation.formats.llama_factory import SHAPES, columns_of, entry, filled
from generation.formats.llama_factory_check import check_info
from generation.types import Candidate, Example, Feedback, Pair, Text, Turn

SHAREGPT_TAGS = {
    "role_tag": "from", "content_tag": "value", "user_tag": "human", "assistant_tag": "gpt",
    "observation_tag": "observation", "function_tag": "function_call", "system_tag": "system",
}  # fmt: skip
MESSAGE_TAGS = {
    "role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant",
    "observation_tag": "observation", "function_tag": "function_call", "system_tag": "system",
}  # fmt: skip
ENTRIES = {
    "alpaca": {
        "file_name": "f",
        "columns": {
            "prompt": "instruction", "query": "input", "response": "output", "system": "system", "history": "history",
        },
    },
    "sharegpt": {
        "file_name": "f", "formatting": "sharegpt", "columns": {"messages": "conversations"}, "tags": SHAREGPT_TAGS
    },
    "openai_messages": {
        "file_name": "f", "formatting": "openai", "columns": {"messages": "messages"},
        "tags": MESSAGE_TAGS | {"observation_tag": "tool"},
    },
    "llama_factory_messages": {
        "file_name": "f", "formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": MESSAGE_TAGS
    },
    "text": {"file_name": "f", "columns": {"prompt": "text"}},
    "llama_factory_preference": {
        "file_name": "f", "ranking": True,
        "columns": {"prompt": "instruction", "query": "input", "chosen": "chosen", "rejected": "rejected"},
    },
    "llama_factory_preference_sharegpt": {
        "file_name": "f", "formatting": "sharegpt", "ranking": True,
        "columns": {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"}, "tags": SHAREGPT_TAGS,
    },
    "llama_factory_kto": {
        "file_name": "f",
        "columns": {"prompt": "instruction", "query": "input", "response": "output", "kto_tag": "kto_tag"},
    },
    "llama_factory_kto_sharegpt": {
        "file_name": "f", "formatting": "sharegpt", "columns": {"messages": "messages", "kto_tag": "label"},
        "tags": MESSAGE_TAGS,
    },
}  # fmt: skip
ASKED = {"instruction": "Name it.", "input": ""}
TALK = [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]
ALPACA = {"columns": ENTRIES["alpaca"]["columns"], "file_name": "f"}
DPO = ENTRIES["llama_factory_preference"]
SHAREGPT = ENTRIES["sharegpt"]
KTO = ENTRIES["llama_factory_kto"]
WHOLE = ASKED | {"output": "A name.", "system": "", "history": []}
TRAPS = [
    ("lf_columns_partial", {"file_name": "f", "columns": {"system": "system"}}, "sft", [WHOLE]),
    ("lf_columns_partial", {"file_name": "f", "ranking": True, "columns": {"prompt": "p"}}, "rm", [{"p": "x"}]),
    ("lf_tags_partial", {"file_name": "f", "formatting": "sharegpt", "columns": {"messages": "conversations"},
                         "tags": {"role_tag": "from"}}, "sft", [{"conversations": TALK}]),
    ("lf_missing_column", ALPACA, "sft", [WHOLE, ASKED | {"output": "A name.", "system": ""}]),
    ("lf_ranking_types", DPO, "rm", [ASKED | {"chosen": {"from": "gpt", "value": "a"}, "rejected": "b"}]),
    ("lf_ranking_types", ENTRIES["llama_factory_preference_sharegpt"], "rm",
     [{"conversations": TALK[:1], "chosen": "a", "rejected": "b"}]),
    ("lf_stage", DPO, "sft", []),
    ("lf_stage", ALPACA, "rm", []),
    ("lf_kto_tag", KTO, "kto", [ASKED | {"output": "A", "kto_tag": "true"}]),
    ("lf_kto_tag", KTO, "kto", [ASKED | {"output": "A", "kto_tag": 1}]),
    ("one_class", KTO, "kto", [ASKED | {"output": "A", "kto_tag": True}] * 2),
    ("lf_turn_order", SHAREGPT, "sft", [{"conversations": [TALK[1], TALK[0]]}]),
    ("lf_turn_count", SHAREGPT, "sft", [{"conversations": TALK[:1]}]),
    ("lf_unknown_role", SHAREGPT, "sft", [{"conversations": [{"from": "user", "value": "Hi"}, TALK[1]]}]),
    ("lf_function_call", SHAREGPT, "sft",
     [{"conversations": [TALK[0], {"from": "function_call", "value": "look up"}]}]),
    ("lf_tools", SHAREGPT | {"columns": {"messages": "conversations", "tools": "tools"}}, "sft",
     [{"conversations": TALK, "tools": "{not json"}]),
    ("media_count", ALPACA | {"columns": ALPACA["columns"] | {"images": "images"}}, "sft",
     [WHOLE | {"instruction": "<image><image> What?", "images": ["a.png"]}]),
    ("not_a_turn", ALPACA, "sft", [WHOLE | {"history": [["only one"]]}]),
    ("lf_no_file", ALPACA | {"file_name": "other"}, "sft", [WHOLE]),
    ("lf_no_source", {"columns": ALPACA["columns"]}, "sft", [WHOLE]),
    ("lf_formatting", ALPACA | {"formatting": "chatml"}, "sft", [WHOLE]),
    ("lf_unknown_name", ALPACA | {"columns": ALPACA["columns"] | {"answer": "output"}}, "sft", [WHOLE]),
]  # fmt: skip
EXAMPLE = Example("Name it.", output="A name.", turns=(Turn("user", "Hi"), Turn("assistant", "Hello")))
PAIR = Pair(Example("Which?"), Candidate("This."), Candidate("That."))
ROWS = {
    "sft": [EXAMPLE, Example("Again.", "with input", "Done.", "Be brief.")],
    "preference": [PAIR],
    "feedback": [Feedback(Example("Which?", output="This."), True), Feedback(Example("Which?", output="That."), False)],
    "text": [Text("Once upon a time.")],
}


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_004_05_every_entry_has_its_full_columns_and_tags(name):
    assert entry(name, file_name="f", columns=()) == ENTRIES[name]
    assert set(SHAPES) == set(ENTRIES)


def test_004_08_preference_data_is_marked_as_ranking_with_all_columns():
    told = entry("llama_factory_preference", file_name="dpo.json", columns=())
    assert told["ranking"] is True
    assert told["columns"] == {
        "prompt": "instruction", "query": "input", "chosen": "chosen", "rejected": "rejected",
    }  # fmt: skip
    record = format_named("llama_factory_preference").encode(PAIR, Options())
    rows = list(filled([record], columns_of("llama_factory_preference", list(record))))
    assert rows == [{"instruction": "Which?", "input": "", "chosen": "This.", "rejected": "That."}]
    assert list(check_info({"dpo": told}, files={"dpo.json": rows}, stages={"dpo": "rm"})) == []


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_004_22_what_we_write_is_loaded_whole(name):
    chosen = format_named(name)
    records = [chosen.encode(row, Options()) for row in ROWS[chosen.kind]]
    columns = columns_of(name, list(dict.fromkeys(key for record in records for key in record)))
    told = {"ours": entry(name, file_name="data.jsonl", columns=columns)}
    files = {"data.jsonl": list(filled(records, columns))}
    assert list(check_info(told, files=files, stages={"ours": SHAPES[name].stage})) == []
    assert all(list(row) == columns or set(row) == set(columns) for row in files["data.jsonl"])


@pytest.mark.parametrize(
    ("code", "told", "stage", "rows"), TRAPS, ids=[f"{at}-{trap[0]}" for at, trap in enumerate(TRAPS)]
)
def test_each_trap_is_refused(code, told, stage, rows):
    found = [fault.code for fault in check_info({"e": told}, files={"f": rows}, stages={"e": stage})]
    assert code in found


def test_optional_columns_are_named_only_where_rows_have_them():
    told = entry("sharegpt", file_name="f", columns=["conversations", "tools", "images"])
    assert told["columns"] == {"messages": "conversations", "tools": "tools", "images": "images"}


def test_a_row_without_a_column_gets_an_empty_text_or_list_never_null():
    rows = list(filled([{"instruction": "a"}], ["instruction", "system", "history", "images"]))
    assert rows == [{"instruction": "a", "system": "", "history": [], "images": []}]


def test_what_is_no_dataset_info_is_refused():
    assert [fault.code for fault in check_info([], files={}, stages={})] == ["not_an_object"]
    assert [fault.code for fault in check_info({"a": 1}, files={}, stages={})] == ["not_an_object"]
