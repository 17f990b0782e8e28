"""What kind of task a prompt sets, in both languages; and that odd texts do no harm."""

from __future__ import annotations

import pytest

from generation.quality.diversity.task_kinds import KINDS, task_kind

TOLD = [
    ("Write a Python function that sorts a list.", "", "code"),
    ("写一个函数来计算给定数字的阶乘。", "", "code"),
    ("Translate the English sentence into Chinese.", "She left.", "translation"),
    ("把下面这句话翻译成法语。", "天气很好。", "translation"),
    ("Summarize the following article.", "A long article.", "summarization"),
    ("概括这段文字的主要意思。", "人类活动导致气候变化。", "summarization"),
    ("What is 15 * 12?", "", "math"),
    ("求85、44和102的平均值。", "", "math"),
    ("Is this review positive or negative?", "I liked it.", "classification"),
    ("判断下面的句子是否有语法错误。", "他去了。", "classification"),
    ("Extract all the country names in the paragraph.", "France and Spain.", "extraction"),
    ("找出句子中的名词。", "猫坐在垫子上。", "extraction"),
    ("Rewrite the sentence to be more formal.", "gimme that", "rewriting"),
    ("将句子改写成更有趣的措辞。", "她在散步。", "rewriting"),
    ("Write a short story about a lighthouse.", "", "creative_writing"),
    ("写一首关于春天的诗。", "", "creative_writing"),
    ("List five ways to save water.", "", "brainstorming"),
    ("列出三种减压的方法。", "", "brainstorming"),
    ("Why is the sky blue?", "", "open_qa"),
    ("为什么天空是蓝色的？", "", "open_qa"),
    ("When was the bridge built?", "The bridge " + "spans the river. " * 20, "closed_qa"),
    ("文中的叙述者是谁？", "从前有座山。", "closed_qa"),
    ("I had a lovely day at the lake.", "", "chat"),
    ("周末夜班我已经开始了。", "", "chat"),
    ("1234 !!", "", ""),
    ("", "", ""),
]


@pytest.mark.parametrize(("instruction", "given", "kind"), TOLD)
def test_the_words_of_a_prompt_tell_its_kind(instruction, given, kind):
    assert task_kind(instruction, given) == kind


def test_tools_at_hand_and_a_block_of_code_tell_it_too():
    assert task_kind("What is the weather like?", tools=True) == "tool_use"
    assert task_kind("Do it like before", output="```python\nprint(1)\n```") == "code"


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "写" * 200_000, "what " * 50_000, "\0\ud7ff\n" * 5000, "给出" * 90_000]
)
def test_long_and_odd_texts_are_read_in_no_time(text):
    assert task_kind(text, text, text) in (*KINDS, "")
