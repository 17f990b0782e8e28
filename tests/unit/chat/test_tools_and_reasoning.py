"""Tools, calls, results and reasoning in the templates that know them, checked against the models' own templates."""

from __future__ import annotations

import json

import pytest

from generation.chat.base import Settings, UnrenderableError
from generation.chat.rendering import render, render_pair, render_turns
from generation.types import Candidate, Example, Pair, ToolCall, Turn

TOOL = '{"type": "function", "function": {"name": "get", "parameters": {"type": "object"}}}'
CALLS = (ToolCall("get", '{"city":"Köln"}', "abcdefgh1"), ToolCall("get", "{}", "abcdefgh2"))
TALK = Example(
    "Weather?",
    output="Rain.",
    tools=f"[{TOOL}]",
    steps=(
        Turn("assistant", "Let me see.", calls=CALLS),
        Turn("tool", "rain", call_id="abcdefgh1"),
        Turn("tool", "sun", call_id="abcdefgh2"),
    ),
)
QWEN_TOOLS = (
    "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
    "You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n" + TOOL + "\n</tools>\n\n"
    "For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML "
    'tags:\n<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call><|im_end|>\n'
)
QWEN_TALK = (
    "<|im_start|>user\nWeather?<|im_end|>\n<|im_start|>assistant\nLet me see."
    '\n<tool_call>\n{"name": "get", "arguments": {"city": "Köln"}}\n</tool_call>'
    '\n<tool_call>\n{"name": "get", "arguments": {}}\n</tool_call><|im_end|>\n'
    "<|im_start|>user\n<tool_response>\nrain\n</tool_response>\n<tool_response>\nsun\n</tool_response><|im_end|>\n"
    "<|im_start|>assistant\n"
)


def trained(rendered):
    return [rendered.text[span.start : span.end] for span in rendered.spans]


def codes(rendered):
    return [note.code for note in rendered.warnings]


def test_qwen2_5_offers_tools_in_the_system_turn_and_gathers_results_in_one_user_turn():
    rendered = render(TALK, template="qwen2_5")
    assert rendered.text == (
        "<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.\n\n"
        + QWEN_TOOLS + QWEN_TALK + "Rain.<|im_end|>\n"
    )  # fmt: skip
    calls = QWEN_TALK.partition("assistant\n")[2].partition("<|im_end|>")[0]
    assert trained(rendered) == [calls + "<|im_end|>", "Rain.<|im_end|>"]


def test_qwen3_has_no_system_text_of_its_own_and_an_empty_thought_before_the_answer():
    rendered = render(TALK, template="qwen3")
    assert rendered.text == (
        "<|im_start|>system\n" + QWEN_TOOLS + QWEN_TALK + "<think>\n\n</think>\n\nRain.<|im_end|>\n"
    )
    assert codes(rendered) == ["empty_reasoning_added"]


def test_qwen3_keeps_reasoning_of_the_last_answer_and_leaves_out_that_of_earlier_ones():
    thought = "<think>\nhm\n</think>\n\n"
    example = Example(
        "U2", output=thought + "A2", turns=(Turn("user", "U1"), Turn("assistant", thought + "A1"))
    )  # fmt: skip
    rendered = render(example, template="qwen3")
    assert rendered.text == (
        "<|im_start|>user\nU1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n"
        "<|im_start|>user\nU2<|im_end|>\n<|im_start|>assistant\n<think>\nhm\n</think>\n\nA2<|im_end|>\n"
    )
    assert trained(rendered) == ["A1<|im_end|>", "<think>\nhm\n</think>\n\nA2<|im_end|>"]
    assert [(note.code, note.turn) for note in rendered.warnings] == [("reasoning_left_out", 1)]


def test_llama_3_1_offers_tools_with_the_first_question_and_answers_as_ipython():
    steps = (Turn("assistant", calls=CALLS[:1]), Turn("tool", '{"t": 1}'))
    rendered = render(Example("Weather?", output="Rain.", tools=f"[{TOOL}]", steps=steps), template="llama3_1")
    offered = json.dumps(json.loads(TOOL), indent=4)
    assert rendered.text == (
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nEnvironment: ipython\n"
        "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nGiven the following functions, please respond with a JSON for a "
        "function call with its proper arguments that best answers the given prompt.\n\nRespond in the format "
        '{"name": function name, "parameters": dictionary of argument name and its value}.Do not use variables.\n\n'
        + offered + "\n\nWeather?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
        '{"name": "get", "parameters": {"city": "Köln"}}<|eot_id|><|start_header_id|>ipython<|end_header_id|>\n\n'
        '"{\\"t\\": 1}"<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nRain.<|eot_id|>'
    )  # fmt: skip
    assert trained(rendered) == ['{"name": "get", "parameters": {"city": "Köln"}}<|eot_id|>', "Rain.<|eot_id|>"]
    assert codes(rendered) == ["dates_added", "result_quoted"]
    with pytest.raises(UnrenderableError, match="one_call_only"):
        render(TALK, template="llama3_1")


@pytest.mark.parametrize(("name", "blank"), [("mistral_v3", " "), ("mistral_v3_tekken", "")])
def test_mistral_v3_offers_tools_before_the_last_question(name, blank):
    rendered = render(TALK, template=name)
    assert rendered.text == (
        f"<s>[AVAILABLE_TOOLS]{blank}[{TOOL}][/AVAILABLE_TOOLS][INST]{blank}Weather?[/INST]"
        f'[TOOL_CALLS]{blank}[{{"name": "get", "arguments": {{"city": "Köln"}}, "id": "abcdefgh1"}}, '
        f'{{"name": "get", "arguments": {{}}, "id": "abcdefgh2"}}]</s>'
        f'[TOOL_RESULTS]{blank}{{"content": rain, "call_id": "abcdefgh1"}}[/TOOL_RESULTS]'
        f'[TOOL_RESULTS]{blank}{{"content": sun, "call_id": "abcdefgh2"}}[/TOOL_RESULTS]{blank}Rain.</s>'
    )
    assert codes(rendered) == ["text_beside_call_left_out"]


def test_mistral_gives_calls_and_their_results_one_id_of_nine_signs_when_they_have_none():
    steps = (Turn("assistant", calls=(ToolCall("get"), ToolCall("get"))), Turn("tool", "rain"), Turn("tool", "sun"))
    text = render(Example("Weather?", output="Rain.", steps=steps), template="mistral_v3").text
    ids = [part[:9] for part in text.split('id": "')[1:]]
    assert len(set(ids)) == 2
    assert ids[:2] == ids[2:]
    assert all(each.isalnum() for each in ids)


@pytest.mark.parametrize(
    "name", ["chatml", "llama3", "llama2", "gemma", "vicuna", "alpaca", "mistral_v1", "mistral_v7"]
)
def test_a_template_without_tools_refuses_them(name):
    with pytest.raises(UnrenderableError, match="no_place_for_tools"):
        render(TALK, template=name)


@pytest.mark.parametrize("name", ["llama2", "gemma", "vicuna", "mistral_v3", "llama_factory_default"])
def test_a_template_of_exchanges_refuses_two_questions_in_a_row(name):
    with pytest.raises(UnrenderableError, match="roles_do_not_alternate"):
        render(Example("b", output="c", turns=(Turn("user", "a"),)), template=name)


@pytest.mark.parametrize(
    ("example", "code"),
    [
        (Example("a", output="b", tools="not json"), "bad_tools"),
        (Example("a", output="b", tools='{"name": "x"}'), "bad_tools"),
        (Example("a", calls=(ToolCall("x", "[]"),)), "bad_arguments"),
        (Example("a", calls=(ToolCall("x", '{"a": NaN}'),)), "bad_arguments"),
        (Example("a", calls=(ToolCall("x", "[" * 100_000),)), "bad_arguments"),
    ],
)
def test_tools_and_arguments_that_are_no_json_are_refused(example, code):
    with pytest.raises(UnrenderableError, match=code):
        render(example, template="qwen2_5")


def test_004_33_weights_and_the_rule_for_end_tokens_decide_what_is_trained():
    turns = (Turn("user", "U1"), Turn("assistant", "A1", weight=0), Turn("user", "U2"), Turn("assistant", "A2"))
    example = Example("U3", output="A3", turns=turns, weight=0.5)
    rendered = render(example, template="chatml")
    assert trained(rendered) == ["A2<|im_end|>", "A3<|im_end|>"]
    assert [span.weight for span in rendered.spans] == [1.0, 0.5]
    last = render(example, template="chatml", settings=Settings(train_on_eos="last"))
    assert trained(last) == ["A2", "A3<|im_end|>"]
    assert trained(render(example, template="chatml", settings=Settings(train_on_eos="none"))) == ["A2", "A3"]


def test_a_pair_is_the_prompt_with_either_answer_and_trains_the_answers_alone():
    prompt = Example("U2", turns=(Turn("user", "U1"), Turn("assistant", "A1")))
    chosen, rejected = render_pair(Pair(prompt, Candidate("good"), Candidate("bad")), template="llama3")
    assert trained(chosen) == ["good<|eot_id|>"]
    assert trained(rejected) == ["bad<|eot_id|>"]
    assert chosen.text[: chosen.spans[0].start] == rejected.text[: rejected.spans[0].start]


def test_plain_turns_can_be_rendered_and_a_developer_speaks_as_the_system():
    turns = [Turn("user", "Hi"), Turn("assistant", "Ho")]
    assert render_turns(turns, template="chatml").text == (
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHo<|im_end|>\n"
    )
    example = Example("Hi", output="Ho", turns=(Turn("developer", "Be brief", name="dev"),))
    rendered = render(example, template="chatml")
    assert rendered.text.startswith("<|im_start|>system\nBe brief<|im_end|>\n")
    assert codes(rendered) == ["developer_as_system", "name_left_out"]
