"""OpenAI messages: what is read stays, tool calls keep their text, pictures become parts and come back."""

from __future__ import annotations

import pytest

from generation import formats
from generation.files.strict_json import Fault
from generation.formats import format_named
from generation.formats.base import Options
from generation.types import Example, RowError, ToolCall, Turn
from tests.unit.formats.test_messages_rules import ASK, CALL, CALLS, RESULT, SAY, SYSTEM, chat

OPENAI, TRL, BAILIAN, AXOLOTL = (
    format_named(name)
    for name in ("openai_messages", "trl_language_modeling_chat", "bailian_sft", "axolotl_chat_template")
)


def read(record, chosen=OPENAI):
    return next(row for _, row in chosen.read([(1, record)]))


def test_003_10_messages_are_json_and_never_rendered_text():
    row = Example("U1 ", output="A1", system="S")
    record = OPENAI.encode(row)
    assert record == {
        "messages": [
            {"role": "system", "content": "S"},
            {"role": "user", "content": "U1 "},
            {"role": "assistant", "content": "A1"},
        ]
    }
    assert "<|im_start|>" not in str(record)
    assert OPENAI.title == "OpenAI messages (ChatML-style)"
    assert [fault for fault in OPENAI.check(record) if fault.severity == "error"] == []


def test_a_whole_record_comes_back_as_it_was():
    record = chat(
        SYSTEM, {**ASK, "name": "eva"}, CALLS, {**RESULT, "name": "look"}, {**SAY, "weight": 0},
        ASK, {**SAY, "weight": 1},
        tools=[{"type": "function", "function": {"name": "look", "parameters": {}}}], parallel_tool_calls=False,
    )  # fmt: skip
    row = read(record)
    assert row.system == "Be brief."
    assert row.instruction == "Why is the sky blue?"
    assert row.weight == 1.0
    assert row.turns[1].calls == (ToolCall("look", '{"at": 1}', "call_1"),)
    assert OPENAI.encode(row) == record


def test_unknown_keys_are_kept_aside_by_their_paths():
    row = read(chat({**ASK, "mood": "good"}, SAY, source="web"))
    assert row.meta == {"source": "web", "messages.0.mood": "good"}
    assert OPENAI.encode(row) == chat(ASK, SAY)


def test_arguments_stay_the_text_that_they_came_as_and_become_objects_for_trl():
    spaced = {**CALL, "function": {"name": "look", "arguments": '{ "at":1 }'}}
    row = read(chat(ASK, {**CALLS, "tool_calls": [spaced]}, RESULT, SAY))
    assert row.steps[0].calls[0].arguments == '{ "at":1 }'
    assert OPENAI.encode(row)["messages"][1]["tool_calls"] == [spaced]
    assert TRL.encode(row)["messages"][1]["tool_calls"][0]["function"] == {"name": "look", "arguments": {"at": 1}}
    broken = Example("Q", output="", calls=(ToolCall("look", "not json"),))
    with pytest.raises(Fault) as caught:
        TRL.encode(broken)
    assert (caught.value.code, caught.value.path) == ("not_representable", "messages.1.tool_calls.0")


def test_calls_without_ids_get_made_ones_that_reading_takes_off_again():
    row = Example("Q", output="A", steps=(Turn("assistant", calls=(ToolCall("look"),)), Turn("tool", "9")))
    record = OPENAI.encode(row)
    assert record["messages"][1]["tool_calls"][0]["id"] == "fdc000000"
    assert record["messages"][2]["tool_call_id"] == "fdc000000"
    assert [fault for fault in OPENAI.check(record) if fault.severity == "error"] == []
    assert read(record) == row


def test_bare_tools_are_wrapped_as_functions():
    row = Example("Q", output="A", tools='[{"name": "look", "parameters": {}}]')
    assert OPENAI.encode(row)["tools"] == [{"type": "function", "function": {"name": "look", "parameters": {}}}]


def test_the_old_function_call_and_null_contents_are_read():
    old = chat(
        ASK,
        {"role": "assistant", "content": None, "function_call": {"name": "look", "arguments": "{}"}},
        {"role": "function", "name": "look", "content": "9"},
        SAY,
        functions=[{"name": "look"}],
    )
    row = read(old)
    assert row.steps == (Turn("assistant", calls=(ToolCall("look", "{}"),)), Turn("tool", "9", name="look"))
    assert row.tools == '[{"name": "look"}]'


PICTURED = Example("<image>Who are <image> they?", output="Two people.", images=("a.jpg", "b.jpg"))


def test_pictures_become_parts_of_each_target_and_come_back():
    openai = OPENAI.encode(PICTURED)["messages"][0]["content"]
    assert openai == [
        {"type": "image_url", "image_url": {"url": "a.jpg"}},
        {"type": "text", "text": "Who are "},
        {"type": "image_url", "image_url": {"url": "b.jpg"}},
        {"type": "text", "text": " they?"},
    ]
    assert OPENAI.encode(PICTURED)["messages"][1]["content"] == "Two people."
    bailian = BAILIAN.encode(PICTURED)["messages"]
    assert bailian[0]["content"] == [{"image": "a.jpg"}, {"text": "Who are "}, {"image": "b.jpg"}, {"text": " they?"}]
    assert bailian[1]["content"] == [{"text": "Two people."}]
    trl = TRL.encode(PICTURED)
    assert trl["images"] == ["a.jpg", "b.jpg"]
    assert trl["messages"][0]["content"][0] == {"type": "image"}
    for chosen in (OPENAI, BAILIAN, TRL):
        assert read(chosen.encode(PICTURED), chosen) == PICTURED
        assert [fault for fault in chosen.check(chosen.encode(PICTURED)) if fault.severity == "error"] == []


@pytest.mark.parametrize("images", [(), ("a.jpg",), ("a.jpg", "b.jpg", "c.jpg")])
def test_pictures_and_placeholders_must_be_as_many(images):
    row = Example("<image>Who are <image> they?", output="Two.", images=images)
    if not images:
        assert OPENAI.encode(row)["messages"][0]["content"] == "<image>Who are <image> they?"
        return
    with pytest.raises(Fault) as caught:
        OPENAI.encode(row)
    assert caught.value.code == "media_count"


def test_details_of_parts_are_kept_aside():
    part = {"type": "image_url", "image_url": {"url": "a.jpg", "detail": "low"}}
    row = read(chat({"role": "user", "content": [part, {"type": "text", "text": "?"}]}, SAY))
    assert row.images == ("a.jpg",)
    assert row.meta == {"messages.0.content.0.image_url.detail": "low"}
    sized = read(chat({"role": "user", "content": [{"image": "a.jpg", "resized_width": 64}]}, SAY), BAILIAN)
    assert sized.meta == {"messages.0.content.0.resized_width": 64}


def test_axolotl_says_train_instead_of_a_weight():
    row = Example("Q", output="A", weight=0.0)
    assert AXOLOTL.encode(row)["messages"][1] == {"role": "assistant", "content": "A", "train": False}
    assert read(AXOLOTL.encode(row), AXOLOTL) == row
    with pytest.raises(Fault):
        AXOLOTL.encode(Example("Q", output="A", weight=0.5))


def test_a_default_system_text_is_written_on_request_alone():
    row = Example("Q", output="A")
    assert OPENAI.encode(row)["messages"][0]["role"] == "user"
    told = OPENAI.encode(row, Options(default_system="Be kind."))["messages"]
    assert told[0] == {"role": "system", "content": "Be kind."}
    developer = Example("Q", output="A", turns=(Turn("developer", "Be brief."),))
    assert len(OPENAI.encode(developer, Options(default_system="Be kind."))["messages"]) == 3


@pytest.mark.parametrize(
    ("record", "code", "path"),
    [
        (chat(ASK), "no_answer", "messages"),
        (chat(ASK, {"role": "bot", "content": "x"}), "unrecognized_role", "messages.1.role"),
        (chat(ASK, {**SAY, "weight": "1"}), "bad_weight", "messages.1.weight"),
        (chat(ASK, {**SAY, "content": [{"type": "smell"}]}), "unknown_part", "messages.1.content.0"),
        (chat(ASK, {**CALLS, "tool_calls": "look"}), "not_a_list", "messages.1.tool_calls"),
        (chat({"role": "user", "content": [{"type": "image"}]}, SAY), "media_count", ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(record, code, path):
    row = read(record)
    assert isinstance(row, RowError)
    assert (row.code, row.path) == (code, path)


def test_a_record_is_likeliest_of_the_format_that_means_it():
    likeliest = {
        "openai_messages": chat(SYSTEM, ASK, SAY),
        "llama_factory_messages": chat(ASK, SAY, images=["a.jpg"]),
        "sharegpt": {"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]},
        "unsloth": {"conversations": [ASK, SAY]},
        "bailian_sft": chat({"role": "user", "content": [{"text": "Who?"}, {"image": "a.jpg"}]}, SAY),
        "axolotl_input_output": {"segments": [{"label": True, "text": "a"}]},
        "axolotl_tokenised": {"input_ids": [1], "attention_mask": [1], "labels": [1]},
        "self_instruct_seeds": {"instruction": "a", "instances": [{"input": "", "output": "b"}]},
        "alpaca": {"instruction": "a", "input": "", "output": "b"},
        "text": {"text": "a"},
        "trl_prompt_completion": {"prompt": "a", "completion": "b"},
        "trl_prompt_only": {"prompt": "a"},
        "trl_prompt_completion_chat": {"prompt": [ASK], "completion": [SAY]},
    }
    assert {name: formats.likely(record)[0][0].name for name, record in likeliest.items()} == {
        name: name for name in likeliest
    }
