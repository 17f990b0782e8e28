"""One broken record for each rule of the checkers of conversations, and what they only warn of."""

from __future__ import annotations

import copy

import pytest

from generation.formats import format_named

ASK, SAY = {"role": "user", "content": "Why is the sky blue?"}, {"role": "assistant", "content": "Light scatters."}
SYSTEM = {"role": "system", "content": "Be brief."}
CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": '{"at": 1}'}}
CALLS, RESULT = (
    {"role": "assistant", "content": "", "tool_calls": [CALL]},
    {"role": "tool", "content": "9 degrees", "tool_call_id": "call_1"},
)


def chat(*messages, **more):
    return {"messages": list(messages), **more}


def changed(message, **changes):
    return {**copy.deepcopy(message), **changes}


def errors(name, record):
    return [(each.code, each.path) for each in format_named(name).check(record) if each.severity == "error"]


def warnings(name, record):
    return {each.code for each in format_named(name).check(record) if each.severity == "warning"}


SOUND = chat(SYSTEM, ASK, CALLS, RESULT, SAY, tools=[{"type": "function", "function": {"name": "look"}}])

OPENAI = [
    ({}, "missing_messages_list", "messages"),
    (chat(), "missing_messages_list", "messages"),
    ({"messages": "user: hi"}, "missing_messages_list", "messages"),
    (chat(ASK, "hello", SAY), "data_type", "messages.1"),
    (chat({"role": "user"}, SAY), "message_missing_key", "messages.0"),
    (chat({"content": "hi"}, SAY), "message_missing_key", "messages.0"),
    (chat(changed(ASK, mood="good"), SAY), "message_unrecognized_key", "messages.0.mood"),
    (chat({"role": "human", "content": "hi"}, SAY), "unrecognized_role", "messages.0.role"),
    (chat(ASK, {"role": "assistant", "content": ""}), "missing_content", "messages.1.content"),
    (chat(ASK, {"role": "assistant", "content": 5}), "missing_content", "messages.1.content"),
    (chat(SYSTEM, ASK), "example_missing_assistant_message", "messages"),
    (chat(ASK, changed(SAY, weight=0.5)), "bad_weight", "messages.1.weight"),
    (chat(changed(ASK, weight=1), SAY), "bad_weight", "messages.0.weight"),
    (chat(ASK, changed(SAY, weight=True)), "bad_weight", "messages.1.weight"),
    (chat(ASK, CALLS, changed(RESULT, tool_call_id="x"), SAY), "unanswerable_tool_message", "messages.2.tool_call_id"),
    (chat(ASK, changed(CALLS, tool_calls=[{**CALL, "id": None}]), SAY), "missing_call_id", "messages.1.tool_calls"),
    (chat(ASK, changed(CALLS, tool_calls=[])), "bad_tool_call", "messages.1.tool_calls"),
    (chat(ASK, changed(CALLS, tool_calls=[{"id": "a", "function": {}}])), "bad_tool_call", "messages.1.tool_calls.0"),
    (
        chat(ASK, changed(CALLS, tool_calls=[{"id": "a", "function": {"name": "look", "arguments": "{"}}])),
        "bad_arguments",
        "messages.1.tool_calls.0",
    ),
    (chat(changed(ASK, tool_calls=[CALL]), SAY), "calls_outside_assistant", "messages.0"),
    (chat(ASK, SAY, tools='[{"name"'), "bad_tools", "tools"),
    (chat(ASK, SAY, tools={"name": "look"}), "bad_tools", "tools"),
    (chat(changed(ASK, content=[{"type": "smell"}]), SAY), "unknown_part", "messages.0.content.0"),
    (
        chat(changed(ASK, content=[{"type": "video_url", "video_url": {"url": "v"}}]), SAY),
        "unknown_part",
        "messages.0.content.0",
    ),
    (
        chat(
            ASK, changed(SAY, content=[{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "a"}}])
        ),
        "media_outside_user",
        "messages.1.content.1",
    ),
    (chat(changed(ASK, content="a\u0000b"), SAY), "nul_character", "messages.0.content"),
]


@pytest.mark.parametrize(("record", "code", "path"), OPENAI, ids=lambda part: part if isinstance(part, str) else "")
def test_openai_refuses_by_the_codes_of_its_own_checker(record, code, path):
    assert (code, path) in errors("openai_messages", record)


def test_a_sound_conversation_with_tools_has_no_error():
    assert errors("openai_messages", SOUND) == []
    assert errors("openai_messages", chat(ASK, SAY)) == []
    assert errors("openai_messages", chat({"role": "developer", "content": "Be brief."}, ASK, SAY)) == []


def test_openai_warns_of_what_is_unusual():
    assert warnings("openai_messages", chat(ASK, SAY)) == {"no_system_message"}
    assert warnings("openai_messages", chat(SYSTEM, SAY)) == {"no_user_message"}
    long = changed(SAY, content="word " * 20_000)
    assert "too_many_tokens" in warnings("openai_messages", chat(SYSTEM, ASK, long))


def test_the_token_estimate_is_three_a_message_one_a_name_and_three_for_the_head():
    # 3 + (3 + 1 + 0) + (3 + n): the bound of 16,385 tokens is reached with n = 16,375 and passed with one more.
    asked = {"role": "user", "content": "", "name": "eva"}
    for tokens, found in ((16_375, False), (16_376, True)):
        answer = {"role": "assistant", "content": "abcd" * tokens}
        assert ("too_many_tokens" in warnings("openai_messages", chat(asked, answer))) is found


BAILIAN = [
    (chat(changed(ASK, name="eva"), SAY), "message_unrecognized_key", "messages.0.name"),
    (chat(ASK, changed(SAY, weight=1)), "message_unrecognized_key", "messages.1.weight"),
    (chat(ASK, changed(SAY, loss_weight=2)), "bad_weight", "messages.1.loss_weight"),
    (chat(ASK, CALLS, RESULT, SAY), "unrecognized_role", "messages.2.role"),
    (chat(ASK, ASK, SAY), "wrong_turn_order", "messages.1.role"),
    (chat(ASK, SAY, ASK), "no_answer", "messages"),
    (chat(ASK, changed(SAY, content="<think>hm</think>So.")), "thoughts_not_apart", "messages.1.content"),
    (chat(ASK, changed(SAY, content="<think>\nhm\n</think>\n\n")), "thoughts_not_apart", "messages.1.content"),
    (chat(changed(ASK, content=[{"audio": "a.mp3"}]), SAY), "unknown_part", "messages.0.content.0"),
]


@pytest.mark.parametrize(("record", "code", "path"), BAILIAN, ids=lambda part: part if isinstance(part, str) else "")
def test_bailian_refuses_what_its_pages_rule_out(record, code, path):
    assert (code, path) in errors("bailian_sft", record)


def test_bailian_takes_thoughts_that_stand_apart_and_pictures_as_parts():
    assert errors("bailian_sft", chat(SYSTEM, ASK, changed(SAY, content="<think>\nhm\n</think>\n\nSo."))) == []
    assert errors("bailian_sft", chat(changed(ASK, content=[{"image": "a.jpg"}, {"text": "Who?"}]), SAY)) == []
    assert warnings("bailian_sft", chat(ASK, changed(SAY, loss_weight=0.5))) == {"needs_invitation"}


UNSLOTH = [
    ({}, "missing_messages_list", "conversations"),
    ({"conversations": ["x"]}, "data_type", "conversations.0"),
    ({"conversations": [{"role": "user", "content": "x", "name": "e"}]}, "not_two_keys", "conversations.0"),
    ({"conversations": [{"role": "tool", "content": "x"}]}, "unrecognized_role", "conversations.0"),
    ({"conversations": [{"role": "user", "content": 5}]}, "not_a_string", "conversations.0.content"),
    ({"conversations": [{"role": "user", "content": " "}]}, "blank", "conversations.0.content"),
    ({"conversations": [ASK]}, "example_missing_assistant_message", "conversations"),
    ({"conversations": [ASK, {"from": "gpt", "value": "x"}]}, "not_two_keys", "conversations"),
]


@pytest.mark.parametrize(("record", "code", "path"), UNSLOTH, ids=lambda part: part if isinstance(part, str) else "")
def test_unsloth_refuses_what_its_standardising_raises_on(record, code, path):
    assert (code, path) in errors("unsloth", record)


def test_001_22_rows_for_unsloth_have_two_text_keys_and_roles_that_it_maps():
    shared = format_named("sharegpt")
    told = {
        "conversations": [
            {"from": "system", "value": "S"},
            {"from": "human", "value": "U1 "},
            {"from": "gpt", "value": "A1"},
        ]
    }
    [(_, row)] = shared.read([(1, told)])
    record = format_named("unsloth").encode(row)
    assert record == {
        "conversations": [
            {"role": "system", "content": "S"},
            {"role": "user", "content": "U1 "},
            {"role": "assistant", "content": "A1"},
        ]
    }
    assert format_named("unsloth").check(record) == []


@pytest.mark.parametrize("said", ["system", "user", "human", "input", "assistant", "gpt", "output"])
def test_unsloth_maps_these_roles(said):
    record = {"conversations": [{"role": said, "content": "x"}, {"role": "assistant", "content": "y"}]}
    assert errors("unsloth", record) == []


TRL = [
    ("trl_language_modeling_chat", chat(ASK, SAY, ASK), "no_answer", "messages"),
    ("trl_language_modeling_chat", chat(changed(ASK, mood="x"), SAY), "message_unrecognized_key", "messages.0.mood"),
    ("trl_prompt_completion", {"prompt": "a"}, "missing_field", "completion"),
    ("trl_prompt_completion", {"prompt": 1, "completion": " b"}, "not_a_string", "prompt"),
    ("trl_prompt_completion", {"prompt": "a\n", "completion": " "}, "blank", "completion"),
    ("trl_prompt_completion", {"prompt": "a", "completion": [SAY]}, "mixed_texts_and_messages", "completion"),
    ("trl_prompt_completion_chat", {"prompt": "a", "completion": [SAY]}, "mixed_texts_and_messages", "completion"),
    ("trl_prompt_completion_chat", {"prompt": [ASK], "completion": []}, "missing_messages_list", "completion"),
    ("trl_prompt_only", {"prompt": ""}, "blank", "prompt"),
    ("trl_prompt_only_chat", {"prompt": [{"role": "bot", "content": "x"}]}, "unrecognized_role", "prompt.0.role"),
    (
        "trl_language_modeling_chat",
        chat(changed(ASK, content=[{"type": "image"}, {"type": "text", "text": "Who?"}]), SAY, images=[]),
        "media_count",
        "images",
    ),
    ("trl_language_modeling", {"text": ""}, "blank", "text"),
    ("bailian_cpt", {"text": 5}, "not_a_string", "text"),
    ("axolotl_completion", {"content": "x"}, "missing_field", "text"),
]


@pytest.mark.parametrize(
    ("name", "record", "code", "path"), TRL, ids=lambda part: part if isinstance(part, str) else ""
)
def test_trl_and_plain_texts_refuse_what_cannot_be_trained_on(name, record, code, path):
    assert (code, path) in errors(name, record)


def test_trl_adds_nothing_between_prompt_and_completion_so_a_row_without_a_blank_is_warned_of():
    assert warnings("trl_prompt_completion", {"prompt": "2+2=", "completion": "4"}) == {"nothing_between"}
    assert warnings("trl_prompt_completion", {"prompt": "2+2=", "completion": " 4"}) == set()
    assert warnings("trl_prompt_completion", {"prompt": "2+2=\n", "completion": "4"}) == set()
