"""Thinking is kept apart from the answer, wherever a server puts it, and switched in the server's own style."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generation.providers.base import Answer, EndpointView
from generation.providers.chat_wire import chat_body, chat_reply, usage_in
from generation.types import Message, Prompt

PROMPT = Prompt("x", (Message("user", "Why?"),))


def reply(message: dict[str, Any], **more: Any) -> Any:
    raw = json.dumps({"choices": [{"message": message, "finish_reason": more.pop("finish", "stop")}], **more}).encode()
    return chat_reply(Answer(raw), PROMPT)


@pytest.mark.parametrize(
    ("message", "thinking", "text"),
    [
        ({"content": "So.", "reasoning_content": "Hm."}, "Hm.", "So."),
        ({"content": "So.", "reasoning": "Hm."}, "Hm.", "So."),
        ({"content": "<think>\nHm.\n</think>\n\nSo."}, "Hm.", "So."),
        ({"content": "Hm.</think>So."}, "Hm.", "So."),
        ({"content": "<think></think>所以。"}, "", "所以。"),
        ({"content": "Put <think>a</think> in it."}, "", "Put <think>a</think> in it."),
        ({"content": "So.", "reasoning_content": None}, "", "So."),
        ({"content": [{"type": "text", "text": "So."}], "reasoning": "Hm."}, "Hm.", "So."),
    ],
)
def test_thinking_is_never_part_of_the_text(message: dict[str, Any], thinking: str, text: str) -> None:
    found = reply(message)
    assert (found.thinking, found.text) == (thinking, text)


def test_a_thought_that_was_cut_off_leaves_an_empty_truncated_answer() -> None:
    found = reply({"content": "<think>Hm, let me"}, finish="length")
    assert (found.text, found.thinking, found.truncated) == ("", "Hm, let me", True)


@pytest.mark.parametrize(
    ("usage", "written", "thought"),
    [
        ({"prompt_tokens": 5, "completion_tokens": 90, "completion_tokens_details": {"reasoning_tokens": 70}}, 90, 70),
        ({"prompt_tokens": 5, "completion_tokens": 20, "total_tokens": 95,
          "completion_tokens_details": {"reasoning_tokens": 70}}, 90, 70),
        ({"input_tokens": 5, "output_tokens": 9}, 9, 0),
        ({"prompt_tokens": 5, "completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": -1}}, 9, 0),
    ],
)  # fmt: skip
def test_thinking_is_part_of_the_written_tokens_that_are_paid(usage: Any, written: int, thought: int) -> None:
    found = usage_in(usage, PROMPT, "So.")
    assert (found.completion_tokens, found.thinking_tokens, found.estimated) == (written, thought, False)


def test_thinking_counts_where_the_server_does_not_say() -> None:
    assert reply({"content": "So.", "reasoning": "Hm " * 300}).usage.completion_tokens > 250


@pytest.mark.parametrize(
    ("base_url", "preset", "model", "on", "fields"),
    [
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "", "qwen3.7-plus", None, {"enable_thinking": False}),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "", "qwen3.7-plus", True,
         {"enable_thinking": True, "thinking_budget": 4096}),
        ("https://w1.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1", "", "qwen-plus", None,
         {"enable_thinking": False}),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "", "deepseek-v3", None, {}),
        ("http://10.0.0.5:8000/v1", "vllm", "qwen3", False, {"chat_template_kwargs": {"enable_thinking": False}}),
        ("http://127.0.0.1:11434/v1", "", "qwen3", False, {"reasoning_effort": "none"}),
        ("https://api.openai.com/v1", "", "gpt-5-mini", False, {"reasoning_effort": "minimal"}),
        ("https://api.openai.com/v1", "", "gpt-4o-mini", True, {}),
        ("https://api.deepseek.com/v1", "", "deepseek-chat", True, {"thinking": {"type": "enabled"}}),
        ("https://a.example/v1", "", "m", True, {}),
    ],
)  # fmt: skip
def test_each_house_has_its_own_switch(base_url: str, preset: str, model: str, on: bool | None, fields: Any) -> None:
    sent = chat_body(EndpointView("openai_compatible", base_url, preset=preset, thinking=on), PROMPT, model)
    names = {"enable_thinking", "thinking_budget", "chat_template_kwargs", "reasoning_effort", "thinking"}
    assert {name: value for name, value in sent.items() if name in names} == fields
