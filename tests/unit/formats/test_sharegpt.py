"""ShareGPT: LLaMA-Factory's order of turns, its calls and tools, and the spellings of the wild."""

from __future__ import annotations

import pytest

from generation.files.strict_json import Fault
from generation.formats import format_named
from generation.types import Example, RowError, ToolCall, Turn

SHAREGPT, MESSAGES = format_named("sharegpt"), format_named("llama_factory_messages")
CALL = '{"name": "look", "arguments": {"at": 1.0, "who": "我"}}'


def said(*pairs, **more):
    return {"conversations": [{"from": role, "value": value} for role, value in pairs], **more}


def read(record, chosen=SHAREGPT):
    return next(row for _, row in chosen.read([(1, record)]))


def errors(record):
    return [(each.code, each.path) for each in SHAREGPT.check(record) if each.severity == "error"]


BROKEN = [
    ({}, "missing_messages_list", "conversations"),
    ({"conversations": []}, "missing_messages_list", "conversations"),
    ({"conversations": ["hi"]}, "data_type", "conversations.0"),
    ({"conversations": [{"from": "human"}]}, "message_missing_key", "conversations.0"),
    (said(("human", "a"), ("robot", "b")), "unrecognized_role", "conversations.1.from"),
    (said(("human", 5), ("gpt", "b")), "not_a_string", "conversations.0.value"),
    (said(("human", "a"), ("gpt", " ")), "blank", "conversations.1.value"),
    (said(("human", "a\u0001"), ("gpt", "b")), "control_character", "conversations.0.value"),
    (said(("gpt", "b"), ("human", "a")), "wrong_turn_order", "conversations.0.from"),
    (said(("human", "a"), ("human", "a"), ("gpt", "b")), "wrong_turn_order", "conversations.1.from"),
    (said(("human", "a"), ("system", "s"), ("gpt", "b")), "wrong_turn_order", "conversations.1.from"),
    (said(("human", "a"), ("function_call", CALL), ("gpt", "b")), "wrong_turn_order", "conversations.2.from"),
    (said(("human", "a"), ("gpt", "b"), ("human", "c")), "no_answer", "conversations"),
    (said(("system", "s")), "no_answer", "conversations"),
    (said(("human", "a"), ("function_call", "look()")), "bad_tool_call", "conversations.1.value"),
    (said(("human", "a"), ("function_call", '{"name": "look"}')), "bad_tool_call", "conversations.1.value"),
    (said(("human", "a"), ("function_call", "[]")), "bad_tool_call", "conversations.1.value"),
    (said(("human", "a"), ("gpt", "b"), tools="[{"), "bad_tools", "tools"),
    (said(("human", "a"), ("gpt", "b"), tools='{"name": "look"}'), "bad_tools", "tools"),
    (said(("human", "a"), ("gpt", "b"), tools=[{"name": "look"}]), "not_a_string", "tools"),
    (said(("human", "a"), ("gpt", "b"), system=5), "not_a_string", "system"),
    (said(("human", "<image>a"), ("gpt", "b"), images="a.png"), "not_a_list", "images"),
    (said(("human", "<image>a"), ("gpt", "b")), "media_count", "images"),
    (said(("human", "a"), ("gpt", "b"), videos=["a.mp4"]), "media_count", "videos"),
]


@pytest.mark.parametrize(("record", "code", "path"), BROKEN, ids=lambda part: part if isinstance(part, str) else "")
def test_what_llama_factory_skips_or_stops_at_is_an_error(record, code, path):
    assert (code, path) in errors(record)


def test_003_09_sharegpt_has_the_roles_system_human_gpt_and_those_of_tools():
    record = said(
        ("system", "S"), ("human", "U1 "), ("function_call", CALL), ("observation", ""), ("gpt", "A1"),
        tools='[{"name": "look"}]',
    )  # fmt: skip
    assert errors(record) == []
    row = read(record)
    assert row == Example(
        "U1 ",
        output="A1",
        system="S",
        steps=(Turn("assistant", calls=(ToolCall("look", '{"at": 1.0, "who": "我"}'),)), Turn("tool")),
        tools='[{"name": "look"}]',
    )
    assert SHAREGPT.encode(row) == record
    assert errors(said(("human", "a"), ("gpt", "b"), ("human", "c"), ("gpt", "d"))) == []
    assert errors(said(("human", "a"), ("function_call", CALL))) == []


@pytest.mark.parametrize(
    ("asks", "answers"),
    [("human", "gpt"), ("user", "assistant"), ("prompter", "chatgpt"), ("user", "bing"), ("user", "bard")],
)
@pytest.mark.parametrize("keys", [("from", "value"), ("role", "content"), ("role", "text"), ("speaker", "text")])
def test_other_names_of_roles_and_keys_are_read(asks, answers, keys):
    record = {"conversations": [{keys[0]: asks, keys[1]: "Q"}, {keys[0]: answers, keys[1]: "A"}]}
    assert read(record) == Example("Q", output="A")


def test_several_calls_are_a_list_and_a_call_written_as_text_is_read():
    two = f"[{CALL}, {CALL}]"
    row = read(said(("human", "a"), ("function_call", two)))
    assert [call.name for call in row.calls] == ["look", "look"]
    assert SHAREGPT.encode(row)["conversations"][1] == {"from": "function_call", "value": two}
    text = '{"name": "look", "arguments": "{\\"at\\":1}"}'
    assert read(said(("human", "a"), ("function_call", text))).calls == (ToolCall("look", '{"at":1}'),)


def test_ids_names_and_weights_stand_beside_the_value():
    row = Example(
        "Q", output="A", turns=(Turn("user", "u", name="eva"), Turn("assistant", "a", weight=0.0)),
        steps=(Turn("assistant", calls=(ToolCall("look", "{}", "call_7"),)), Turn("tool", "9", call_id="call_7")),
    )  # fmt: skip
    record = SHAREGPT.encode(row)
    assert record["conversations"][0] == {"from": "human", "value": "u", "name": "eva"}
    assert record["conversations"][1] == {"from": "gpt", "value": "a", "weight": 0}
    assert record["conversations"][3]["value"] == '{"name": "look", "arguments": {}, "id": "call_7"}'
    assert record["conversations"][4] == {"from": "observation", "value": "9", "call_id": "call_7"}
    assert read(record) == row
    assert [each.code for each in SHAREGPT.check(record)] == ["weight_ignored"]


def test_an_answer_that_speaks_and_calls_has_no_place():
    with pytest.raises(Fault) as caught:
        SHAREGPT.encode(Example("Q", output="A", calls=(ToolCall("look"),)))
    assert (caught.value.code, caught.value.path) == ("not_representable", "conversations.1.value")


def test_messages_of_llama_factory_keep_media_in_columns():
    record = {
        "messages": [{"role": "user", "content": "<image>Who?"}, {"role": "assistant", "content": "Kane."}],
        "images": ["a/1.jpg"],
    }
    assert read(record, MESSAGES) == Example("<image>Who?", output="Kane.", images=("a/1.jpg",))
    assert MESSAGES.encode(read(record, MESSAGES)) == record
    assert MESSAGES.check(record) == []


def test_a_broken_call_is_refused_with_its_place():
    row = read(said(("human", "a"), ("function_call", "look()"), ("gpt", "b")))
    assert isinstance(row, RowError)
    assert (row.code, row.path) == ("bad_tool_call", "conversations.1.value")
