"""The figures of diversity against the published vectors and against another implementation."""

from __future__ import annotations

import random

import pytest
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

from generation.quality.diversity import (
    concentration,
    distinct,
    nearest_scores,
    repeated_shares,
    self_bleu,
    uneven,
    vendi,
    vendi_of,
)
from generation.quality.diversity.vendi import gram_likeness
from generation.quality.text import tokens

CAT, DOG = "The cat sat on the mat.", "The dog sat on the log."


def test_002_23_distinct_n_is_that_of_the_published_vector():
    found = distinct([tokens(CAT), tokens(DOG)])
    assert [found.share(n) for n in (1, 2)] == [pytest.approx(7 / 12), 0.8]
    assert (found.different, found.total) == ((7, 8, 7, 6), (12, 10, 8, 6))


def test_002_23_in_chinese_the_grams_are_of_characters():
    found = distinct([tokens("我爱北京。"), tokens("我爱上海。")])
    assert [found.share(n) for n in (1, 2, 3, 4)] == [6 / 8, 5 / 6, 1.0, 1.0]


def test_distinct_n_looks_at_a_fixed_number_of_tokens():
    """Ten texts of the same two words: over all of them 2 of 20, over the first four tokens 2 of 4."""
    texts = [["one", "two"]] * 10
    assert distinct(texts).share(1) == 0.1
    assert distinct(texts, most_tokens=4).share(1) == 0.5
    assert distinct(texts, most_tokens=4).tokens == 4


def test_without_grams_there_is_no_share():
    assert [distinct([["one"]]).share(n) for n in (1, 2)] == [1.0, None]
    assert distinct([]).share(1) is None


def test_the_share_of_a_text_that_others_repeat_is_told_for_each():
    assert repeated_shares([["a", "b", "c"], ["a", "b", "d"], ["e"], []]) == [0.5, 0.5, 0.0, 0.0]


@pytest.mark.parametrize(
    ("likeness", "expected"),
    [
        ([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]], 2.157300),
        ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 1.0),
        ([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], 4.0),
        ([[1]], 1.0),
        ([], 0.0),
    ],
)
def test_002_23_the_vendi_score_is_that_of_the_published_vectors(likeness, expected):
    assert vendi(likeness) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "texts", [["Name a river.", "Explain tides to me", "What is glass?"], ["列出河流", "解释潮汐", "玻璃是怎样制成的"]]
)
def test_texts_that_share_nothing_count_each_and_the_same_one_once(texts):
    assert vendi_of([tokens(text) for text in texts]) == pytest.approx(3.0)
    assert vendi_of([tokens(texts[0])] * 3) == pytest.approx(1.0)


def test_the_kernel_is_the_mean_cosine_of_counts_of_one_to_four_grams():
    """Three of four words, two of three pairs, one of two triples and no four in common: (3/4 + 2/3 + 1/2) / 4."""
    likeness = gram_likeness([list("abcd"), list("abce"), ["z"], ["z"], []])
    assert likeness[0, 1] == pytest.approx(23 / 48)
    assert (likeness[2, 3], likeness[0, 2], likeness[4, 4], likeness[4, 0]) == (1.0, 0.0, 1.0, 0.0)


def test_self_bleu_is_that_of_another_implementation_text_by_text():
    """nltk's sentence BLEU with the smoothing of method 1, each text against all others."""
    rng = random.Random(3)
    words = [f"w{number}" for number in range(25)]
    texts = [rng.choices(words, k=rng.randint(1, 14)) for _ in range(40)]
    texts += [[*texts[0]], [*texts[1], "w3"], ["only", "here"]]
    smoothing = SmoothingFunction().method1
    expected = [
        sentence_bleu([*texts[:at], *texts[at + 1 :]], text, smoothing_function=smoothing)
        for at, text in enumerate(texts)
    ]
    assert self_bleu(texts) == pytest.approx(expected, abs=1e-12)


def test_self_bleu_of_the_same_texts_is_one_and_of_one_text_nothing():
    assert self_bleu([tokens("请把下面的句子翻译成英文")] * 3) == pytest.approx([1.0, 1.0, 1.0])
    assert self_bleu([tokens(CAT)]) == [0.0]
    assert self_bleu([[], tokens(CAT)]) == [0.0, 0.0]


def test_the_nearest_neighbour_is_another_text_also_where_texts_are_the_same():
    texts = ["Write a short poem about the sea.", "Write a short poem about the ocean.", "List primes", "List primes"]
    assert nearest_scores(texts) == pytest.approx([6 / 7, 6 / 7, 1.0, 1.0])
    assert nearest_scores(["请解释什么是机器学习", "请解释什么是深度学习"]) == pytest.approx([0.8, 0.8])
    assert nearest_scores(["alone"]) == [0.0]


def test_concentration_is_that_worked_out_by_hand():
    equal, uneven_ones = concentration([5, 5, 0]), concentration([1, 3])
    assert (equal.names, equal.gini, equal.evenness, equal.effective) == (2, 0, 1, pytest.approx(2))
    assert (uneven_ones.gini, uneven_ones.top) == (0.25, 0.75)
    assert uneven_ones.entropy == pytest.approx(0.562335, abs=1e-6)
    assert concentration([7]).evenness is None
    assert concentration([0]) is None


def test_places_are_uneven_by_chi_squared():
    assert uneven([10, 10, 10, 10, 10]) == 0
    assert uneven([30, 5, 5, 5, 5]) == 50
    assert uneven([0, 0]) is None
