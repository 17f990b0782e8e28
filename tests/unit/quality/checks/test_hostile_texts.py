"""No text is dear to judge: a megabyte of the worst takes each check less than half a second."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from itertools import cycle, islice, product

import pytest

from generation.quality.checks import CHECKS, check
from generation.quality.diversity.words import telling_words
from generation.types import Draft

TRUST = os.environ.get("FDC_TRUST") == "1"
SIZE = 1_000_000
PIECES = {
    "spaces": " ",
    "line ends": "\n",
    "digits": "1",
    "digits and blanks": "1 ",
    "digits and hyphens": "12-",
    "dots": "1.",
    "colons": "a:",
    "at signs": "a@",
    "mail": "a.b@c.d",
    "open brackets": "[",
    "open fences": "```python\n(\n",
    "closed fences": "```python\nx = (\n```\n",
    "nested code": "((",
    "tags": "<a>",
    "half tags": "<a b='",
    "dashes": "- ",
    "sums": "1+",
    "equations": "1 + 1 = 2 ",
    "apologies": "i am sorry ",
    "wishes": "please send the ",
    "claims": "i have sent the ",
    "chinese": "我已经把你的",
    "chinese wishes": "请帮我把",
    "signs": "*_",
    "latin one": "\u00e2\u20ac",
    "wrong gbk": "鐨勬",
    "capitals": "AB",
    "quotes": '"',
    "backslashes": "\\n",
    "marks": "e\u0301",
    "words": "the cat and ",
    "numbered": "1. Instruction\n",
}
WHERE: dict[str, Callable[[str], Draft]] = {
    "instruction": lambda text: Draft("sample", instruction=text, output="Fine.", language="en"),
    "output": lambda text: Draft("sample", instruction="Write a Python function as JSON.", output=text, language="en"),
}


@pytest.mark.parametrize("each", CHECKS, ids=lambda each: each.name)
def test_a_megabyte_is_judged_in_half_a_second(each):
    """Two texts for each check, another two for the next; all of them in both fields with FDC_TRUST=1."""
    turn = 2 * [each.name for each in CHECKS].index(each.name)
    pairs = list(product(PIECES.items(), WHERE))
    slow = {}
    for (name, piece), where in pairs if TRUST else islice(cycle(pairs), 7 * turn, 7 * turn + 14, 7):
        text = piece * (SIZE // len(piece))
        before = time.process_time()
        each(WHERE[where](text), {})
        slow[f"{name} in the {where}"] = time.process_time() - before
    assert {name: seconds for name, seconds in slow.items() if seconds >= 0.5} == {}


DEAR = [
    ("declared_language", Draft("sample", instruction="a" * 200_000, output="A fine answer is here.", language="zh")),
    ("unique_words", Draft("sample", instruction="Draw a fence.", output="`" * 200_000)),
    ("truncation", Draft("sample", instruction="Draw a tag.", output="<a" * 100_000)),
    ("truncation", Draft("sample", instruction="Draw a gap.", output="\n".join(["x", *[""] * 200_000, "x"]))),
    ("missing_reference", Draft("sample", instruction="Summarize the following text" + "\n" * 200_000, output="Yes.")),
    ("missing_reference", Draft("sample", instruction="Summarize the following text " + "_" * 200_000, output="Yes.")),
    ("output_language", Draft("sample", instruction="总结以下文本" + "a" * 200_000, output="A fine answer.")),
    ("missing_code", Draft("sample", instruction="Write a Python function.", output="x" + "\n" * 200_000 + "x")),
    ("broken_code", Draft("sample", output="```python\nx = " + "\n" * 19_000 + "x (\n```\n" * 2)),
    ("few_letters", Draft("sample", instruction="Draw a fence.", output="`" * 200_000)),
]
"""What once took minutes: patterns that begin anew at each letter of a word or of a fence."""


@pytest.mark.parametrize(("name", "draft"), DEAR, ids=[name for name, _ in DEAR])
def test_a_word_or_a_fence_without_an_end_is_judged_at_once(name, draft):
    before = time.process_time()
    check(name)(draft, {})
    assert time.process_time() - before < 0.5


def test_half_a_character_is_no_word_and_no_fault():
    assert telling_words("\ud800玻璃飞蛾") == telling_words("?玻璃飞蛾") != []
