"""Words, search tokens and keys, in English and Chinese."""

from __future__ import annotations

import random
import unicodedata

import pytest

from generation.quality import text


def test_each_chinese_character_is_a_word_and_punctuation_is_none():
    assert text.tokens("请解释AI，谢谢!") == ["请", "解", "释", "ai", "谢", "谢"]


def test_full_width_letters_are_the_same_words():
    assert text.tokens("ＡＢＣ　１２３") == text.tokens("abc 123")


def test_the_apostrophe_splits_as_in_rouge_score():
    assert text.rouge_tokens("don't stop") == ["don", "t", "stop"]
    assert text.tokens("don't stop") == ["don", "t", "stop"]


def test_rouge_score_sees_no_chinese():
    assert text.rouge_tokens("请解释什么是机器学习") == []


def test_a_two_character_word_is_found_inside_a_sentence():
    assert set(text.query_tokens("学习")) <= set(text.search_tokens("什么是机器学习？"))


def test_a_single_character_is_found_too():
    assert set(text.query_tokens("习")) <= set(text.search_tokens("机器学习"))


def test_characters_that_are_no_neighbours_are_not_found_as_a_pair():
    assert not set(text.query_tokens("机习")) <= set(text.search_tokens("机器学习"))


def test_search_tokens_come_once_each():
    assert text.search_tokens("go go GO") == ["go"]


@pytest.mark.parametrize(
    ("given", "count"),
    [("", 0), ("one two three", 3), ("don't - stop", 3), ("你好，世界", 4), ("使用 Python 3 吧", 5)],
)
def test_words_are_counted_between_blanks_and_by_character(given, count):
    assert text.word_count(given) == count


def test_the_comparison_key_folds_width_and_case():
    assert text.comparison_key("Ｎｅｗ YORK") == "new york"


def test_the_quick_way_to_the_key_is_nfkc_and_lower_case_for_any_text():
    rng = random.Random(3)
    signs = [*"，：；！？（）\u3000…aA가각가ﾊﾟ", "\u0301", "\u0323", "\u3099", "が", "é", "\ud800"]
    for _ in range(3000):
        some = "".join(chr(rng.randrange(0x3000)) if rng.random() < 0.3 else rng.choice(signs) for _ in range(9))
        assert text.comparison_key(some) == unicodedata.normalize("NFKC", some).lower()


@pytest.mark.parametrize(
    ("words", "expected"),
    [("", 0), ("word", 1), ("words", 2), ("你好吗", 2), ("你好", 2), ("中" * 30, 20), ("ab" * 20 + "中" * 30, 30)],
)
def test_tokens_are_estimated_by_script(words, expected):
    assert text.token_estimate(words) == expected
