"""The JSON ladder: what each rung asks, and that every rung's answer is read in the same way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generation.providers.base import Ability, Answer, EndpointView
from generation.providers.chat_wire import chat_body, chat_reply
from generation.providers.failures import lacking
from generation.providers.json_modes import JSON_MODES, below, has_json, is_strict
from generation.types import Message, Prompt

LIST = {"type": "array", "items": {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"],
                                   "additionalProperties": False}}  # fmt: skip
OBJECT = {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"], "additionalProperties": False}


def prompt(schema: Any = LIST, text: str = "Ask three questions.") -> Prompt:
    return Prompt("x", (Message("system", "You ask."), Message("user", text)), json_schema=schema)


def body(mode: str, asked: Prompt, *, thinking: bool | None = None, base_url: str = "https://a.example/v1") -> Any:
    return chat_body(EndpointView("openai_compatible", base_url, thinking=thinking), asked, "m", Ability(mode))


def read(message: dict[str, Any], asked: Prompt, finish: str = "stop") -> Any:
    raw = json.dumps({"choices": [{"message": message, "finish_reason": finish}]}).encode()
    return chat_reply(Answer(raw), asked)


def test_the_first_rung_is_a_strict_schema_with_an_object_at_its_root() -> None:
    form = body("schema", prompt())["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["strict"] is True
    assert form["json_schema"]["schema"]["properties"]["records"] == LIST
    assert body("schema", prompt({"type": "object"}))["response_format"]["json_schema"]["strict"] is False


@pytest.mark.parametrize(("text", "words"), [("Ask.", "Answer with one JSON object"), ("请提问。", "JSON 对象")])
@pytest.mark.parametrize("mode", ["object", "plain"])
def test_below_it_the_schema_stands_in_the_prompt_with_the_word_json(mode: str, text: str, words: str) -> None:
    sent = body(mode, prompt(text=text))
    assert words in sent["messages"][-1]["content"]
    assert '"records"' in sent["messages"][-1]["content"]
    assert sent.get("response_format") == ({"type": "json_object"} if mode == "object" else None)
    assert [each["role"] for each in sent["messages"]] == ["system", "user"]


def test_the_third_rung_is_a_tool_that_must_be_called() -> None:
    sent = body("tool", prompt(OBJECT))
    assert sent["tools"][0]["function"]["parameters"] == OBJECT
    assert sent["tool_choice"]["function"]["name"] == sent["tools"][0]["function"]["name"]
    assert "response_format" not in sent


@pytest.mark.parametrize("mode", JSON_MODES)
def test_a_prompt_that_wants_no_json_is_the_same_on_every_rung(mode: str) -> None:
    assert body(mode, prompt(None)) == body("plain", prompt(None))


def test_json_and_thinking_do_not_go_together_at_dashscope() -> None:
    sent = body("object", prompt(), thinking=True, base_url="https://dashscope.aliyuncs.com/compatible-mode/v1")
    assert (sent["enable_thinking"], "response_format" in sent) == (True, False)
    assert "JSON" in sent["messages"][-1]["content"]


@pytest.mark.parametrize(
    "message",
    [
        {"content": '{"records": [{"q": "为什么"}]}'},
        {
            "content": None,
            "tool_calls": [{"function": {"name": "reply", "arguments": '{"records": [{"q": "为什么"}]}'}}],
        },
        {"content": "", "tool_calls": [{"function": {"arguments": {"records": [{"q": "为什么"}]}}}]},
        {"content": '[{"q": "为什么"}]'},
    ],
)
def test_whichever_rung_it_came_by_a_list_is_read_as_the_list_that_was_wanted(message: dict[str, Any]) -> None:
    assert json.loads(read(message, prompt()).text) == [{"q": "为什么"}]


def test_an_object_that_was_wanted_is_left_alone() -> None:
    assert read({"content": '{"records": [1]}'}, prompt(OBJECT)).text == '{"records": [1]}'
    assert read({"content": '{"records": 1}'}, prompt()).text == '{"records": 1}'


def test_the_rungs_go_down_to_the_plain_one_and_no_further() -> None:
    assert [below(mode) for mode in JSON_MODES] == ["object", "tool", "plain", ""]


@pytest.mark.parametrize(
    ("schema", "strict"),
    [(OBJECT, True), (LIST, True), ({"type": "object"}, False), ({**OBJECT, "required": []}, False),
     ({"type": "object", "properties": {"a": {"type": "object"}}, "required": ["a"], "additionalProperties": False},
      False)],
)  # fmt: skip
def test_only_closed_schemas_are_called_strict(schema: Any, strict: bool) -> None:
    assert is_strict(schema) is strict


@pytest.mark.parametrize(
    ("text", "found"),
    [('{"a": 1}', True), (" [1] ", True), ('```json\n{"a": 1}\n```', True), ("Sure! {}", False), ("7", False),
     ("", False)],
)  # fmt: skip
def test_prose_is_told_from_json(text: str, found: bool) -> None:
    assert has_json(text) is found


@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        ("'response_format.type' must be 'json_schema' or 'text'", "json"),
        ("invalid_request_error Invalid parameter: 'response_format' of type 'json_schema' is not supported", "json"),
        ("This model does not support tool_choice", "json"),
        ("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
         "max_tokens"),
        ("Unsupported value: 'temperature' does not support 0.7. Only the default (1) value is supported.",
         "temperature"),
        ("parameter.enable_thinking must be set to false for non-streaming calls", "enable_thinking"),
        ("Extra inputs are not permitted: frequency_penalty", "frequency_penalty"),
        ("messages must alternate between user and assistant", ""),
        ("something broke", ""),
    ],
)  # fmt: skip
def test_a_refusal_says_which_field_the_server_does_not_take(words: str, lacks: str) -> None:
    assert lacking(words) == lacks


def test_what_a_server_refused_is_left_out_and_the_limit_takes_its_other_name() -> None:
    view = EndpointView("openai_compatible", "https://a.example/v1")
    sent = chat_body(view, prompt(None), "m", Ability(omits=frozenset({"temperature", "max_tokens"})))
    assert sent["max_completion_tokens"] == 1024
    assert not {"temperature", "max_tokens"} & set(sent)
