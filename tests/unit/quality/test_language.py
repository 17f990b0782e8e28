"""Languages told by their script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.quality.language import detect, weights


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Name three rivers.", "en"),
        ("说出三条河流。", "zh"),
        ("把 hello 翻译成中文", "zh"),
        ("Translate 你好 into English, please", "en"),
        ("これは日本語の文章です", "ja"),
        ("안녕하세요 여러분", "ko"),
        ("Привет, как дела", "ru"),
        ("12 + 30 = ?", ""),
        ("", ""),
    ],
)
def test_the_script_that_carries_most_of_the_text_decides(text, language):
    assert detect(text) == language


@given(st.text(alphabet="ab Z-9\n，。“”…\u4e00据質\u9fff\u3400é㏄かｱ", max_size=30))
def test_the_quick_way_says_what_the_careful_one_says(text):
    found = weights(text)
    best = max(found, key=lambda language: found[language])
    assert detect(text) == (best if found[best] else "")
