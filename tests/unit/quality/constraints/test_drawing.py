"""Which constraints a request gets: never two that exclude each other."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations

import pytest

from generation.quality.constraints import ALONE, KINDS, STRUCTURED, WITH_STRUCTURE, draw
from generation.quality.constraints.conflicts import conflict, fits

NAMES = [each.name for each in KINDS]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_004_26_ten_thousand_draws_hold_no_conflict_and_three_to_five_constraints(language):
    rng, sizes, seen = random.Random(42), Counter[int](), Counter[str]()
    for _ in range(10_000):
        chosen = draw(rng, language=language)
        assert not any(conflict(*pair, language=language) for pair in combinations(chosen, 2)), chosen
        seen.update(chosen)
        if chosen[0] == ALONE:
            assert chosen == (ALONE,)
        elif chosen[0] in STRUCTURED:
            assert len(chosen) == 2
            assert chosen[1] in WITH_STRUCTURE
        else:
            assert 3 <= len(chosen) <= 5
            assert not {ALONE, *STRUCTURED} & set(chosen)
        sizes[len(chosen)] += 1
    assert set(seen) == set(NAMES), "every kind is drawn"
    assert min(sizes[size] for size in (3, 4, 5)) > 2_000


def test_004_26_the_table_of_conflicts_is_symmetric_and_nothing_goes_with_itself():
    for language in ("en", "zh"):
        for first in NAMES:
            assert conflict(first, first, language=language)
            for second in NAMES:
                ways = [conflict(*pair, language=language) for pair in ((first, second), (second, first))]
                assert ways[0] == ways[1]


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("response_language", "multiple_sections", True), ("response_language", "forbidden_words", True),
        ("response_language", "english_capital", True), ("response_language", "number_sentences", False),
        ("number_paragraphs", "number_sentences", True), ("number_paragraphs", "nth_paragraph_first_word", True),
        ("multiple_sections", "number_highlighted_sections", True), ("json_format", "keyword_frequency", False),
        ("json_format", "no_comma", True), ("xml_format", "json_format", True), ("two_responses", "title", False),
        ("two_responses", "keyword_frequency", True), ("two_responses", "postscript", True),
        ("repeat_prompt", "no_comma", False), ("repeat_prompt", "quotation", True), ("quotation", "title", True),
        ("capital_word_frequency", "english_lowercase", True), ("english_capital", "english_lowercase", True),
        ("number_words", "number_sentences", False), ("constrained_response", "no_comma", True),
    ],
)  # fmt: skip
def test_pairs_of_the_paper_s_table(first, second, apart):
    assert conflict(first, second) == apart
    assert fits(first, [second]) != apart


def test_english_letters_are_a_foreign_language_in_a_chinese_request():
    assert not conflict("english_capital", "keyword_existence")
    assert conflict("english_capital", "keyword_existence", language="zh")


def test_draws_are_a_function_of_chance_alone():
    first, again = ([draw(random.Random(seed)) for seed in range(50)] for _ in range(2))
    assert first == again
    assert len(set(first)) > 40


def test_kinds_that_are_left_out_are_never_drawn():
    kept = ("quotation", "title", "number_words", "no_comma")
    left_out = set(NAMES) - set(kept)
    for seed in range(100):
        chosen = draw(random.Random(seed), left_out=left_out)
        assert set(chosen) <= set(kept)
        assert len(chosen) == 3, "one of quotation and title, and the other two"
    assert len(draw(random.Random(1), left_out=set(NAMES) - {"title", "quotation"})) == 1
    assert draw(random.Random(1), left_out=set(NAMES) - {"json_format"}) == ("json_format",)
