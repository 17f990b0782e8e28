"""Findings name the place: field, spans in code points, and how many there are in all."""

from __future__ import annotations

import re

import pytest

from generation.quality.checks import check
from generation.quality.places import key_spans, text_in, turns_of, whole
from generation.types import MOST_SPANS, Draft


@pytest.mark.parametrize(
    ("name", "texts", "field", "quoted"),
    [
        ("blocked_words", {"instruction": "Look at the MAP, then the map."}, "instruction", ["MAP", "map"]),
        ("blocked_words", {"instruction": "Ｄｒａｗ a cat."}, "instruction", ["Ｄｒａｗ"]),
        ("blocked_words", {"instruction": "𠮷先生画一只猫"}, "instruction", ["画一"]),
        ("blocked_media", {"instruction": "推荐一部视频"}, "instruction", ["视频"]),
        ("control_characters", {"output": "𝒜\x07b\x00"}, "output", ["\x07", "\x00"]),
        ("hidden_characters", {"input": "字\u200b字\u202e"}, "input", ["\u200b", "\u202e"]),
        ("html_entities", {"output": "茶 &amp; 酒 &lt;"}, "output", ["&amp;", "&lt;"]),
        ("literal_escapes", {"output": "一\\n二\\n三"}, "output", ["\\n", "\\n"]),
        ("merged_tasks", {"output": "好。\n2. 指令：再来"}, "output", ["\n2. 指令"]),
        ("missing_reference", {"instruction": "请看：总结以下文章"}, "instruction", ["以下文章"]),
        ("missing_reference", {"instruction": "Summarize it.", "input": "https://example.org"}, "input", ["https://"]),
        ("non_ascii_start", {"instruction": " Été", "language": "en"}, "instruction", ["É"]),
        ("starts_with_punctuation", {"instruction": "\n- a"}, "instruction", ["-"]),
        ("picture_request", {"instruction": "请画一张小猫的图片。"}, "instruction", ["画一张小猫的图片"]),
        ("placeholder_output", {"output": " TODO "}, "output", ["TODO"]),
        ("refusal", {"output": "\n很抱歉，我无法回答。"}, "output", ["很抱歉，我无法"]),
        ("special_tokens", {"output": "甲</s>乙<|im_end|>"}, "output", ["</s>", "<|im_end|>"]),
        ("write_a_program", {"instruction": "Write a program that sings."}, "instruction", ["Write a program"]),
        ("wrong_arithmetic", {"output": "7 x 8 = 54，3+3=6，2+2=5"}, "output", ["7 x 8 = 54", "2+2=5"]),
        ("input_equals_output", {"input": "同", "output": "同 "}, "output", ["同"]),
        ("language_mismatch", {"instruction": "写一句话", "language": "en"}, "instruction", ["写一句话"]),
    ],
)  # fmt: skip
def test_a_finding_quotes_what_it_speaks_of(name, texts, field, quoted):
    draft = Draft("sample", **texts)
    [found] = check(name)(draft, {})
    text = text_in(draft, found.detail["field"])
    assert found.detail["field"] == field
    assert [text[start:end] for start, end in found.detail["spans"]] == quoted
    assert found.detail["count"] == len(quoted)


def test_earlier_turns_are_judged_too_and_counted_from_one():
    history = (("你好\u200b", "你好！"), ("说说天气", "很抱歉，我无法回答。"))
    draft = Draft("sample", instruction="继续", output="好的，今天晴。", history=history)
    [hidden] = check("hidden_characters")(draft, {})
    [refused] = check("refusal")(draft, {})
    assert (hidden.detail["field"], hidden.detail["spans"]) == ("turn 1", [[2, 3]])
    assert (refused.detail["field"], refused.drop) == ("turn 4", False)
    assert text_in(draft, "turn 4") == "很抱歉，我无法回答。"


def test_roles_that_do_not_alternate_are_told_by_the_draft():
    draft = Draft(
        "sample", history=(("rules", "hi"), ("I cannot pay.", "")), data={"turn_roles": ["system", "user"] * 2}
    )
    assert [role for _, role, _ in turns_of(draft)] == ["system", "user", "system", "user"]
    assert check("refusal")(draft, {}) == []


def test_a_thousand_places_are_counted_and_twenty_named():
    [found] = check("hidden_characters")(Draft("sample", output="\u200b" * 1000), {})
    assert (found.detail["count"], len(found.detail["spans"])) == (1000, MOST_SPANS)


def test_a_place_behind_a_combining_mark_is_led_back():
    assert key_spans("e\u0301 map", re.compile("map")) == ("map", [(3, 6)])


def test_a_place_that_cannot_be_led_back_is_left_out():
    assert key_spans("e" + "\u0301" * 40 + " map", re.compile("map")) == ("map", [])
    assert key_spans("İ map", re.compile("map")) == ("map", [(2, 5)])
    assert whole(" \n") == []
