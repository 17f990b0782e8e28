"""Shingles: the published vector, texts shorter than one, both languages, and hashes that never change."""

from __future__ import annotations

import pytest

from generation.quality.near_duplicates import WordHashes, jaccard
from generation.quality.near_duplicates.shingles import shingle_sets


@pytest.mark.parametrize(
    ("one", "other", "words", "expected"),
    [
        ("the cat sat on the mat", "the dog sat on the log", 2, 2 / 8),
        ("a b c d e f", "a b c d e f", 5, 1.0),
        ("a b c d e f", "b c d e f g", 5, 1 / 3),
        ("A b, C d. E f!", "a b c d e f", 5, 1.0),
        ("请解释什么是机器学习", "请解释什么是深度学习", 5, 2 / 10),
        ("请解释什么是机器学习", "请解释什么是机器学习。", 5, 1.0),
    ],
)
def test_the_jaccard_of_two_texts_is_the_share_of_runs_of_words_that_both_have(one, other, words, expected):
    assert jaccard(one, other, words=words) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("one", "other"), [("Say hello", "Say goodbye"), ("你好", "再见"), ("Yes", "No"), ("?", "!")])
def test_texts_shorter_than_a_shingle_are_themselves_and_no_other(one, other):
    assert jaccard(one, one) == 1.0
    assert jaccard(one, other) == 0.0


def test_a_short_text_is_not_the_beginning_of_a_longer_one():
    assert jaccard("one two three four", "one two three four five") == 0.0


def test_a_text_without_a_word_is_like_nothing_not_even_another_one():
    assert jaccard("", " \n ") == 0.0


def test_a_run_that_stands_twice_is_one_shingle():
    values, counts = shingle_sets([WordHashes().of("a b a b a b a b")], words=2)
    assert counts.tolist() == [2]
    assert len(values) == 2
