"""Rows that say the same in other words: which count, which do not, and that nothing is said without a model."""

from __future__ import annotations

import io

import numpy as np
import pytest

from generation.quality.near_duplicates.vectors import static_vectors
from generation.quality.report import Asked, RowFacts
from generation.quality.report.semantic import Semantic
from generation.types import Draft

WORDS = {
    "big": 0, "large": 0, "dog": 1, "hound": 1, "blue": 2, "azure": 2, "draw": 3, "sketch": 3, "cat": 4, "red": 5,
    "大": 0, "巨": 0, "狗": 1, "犬": 1, "画": 3, "绘": 3, "猫": 4,
}  # fmt: skip


@pytest.fixture
def embed():
    """Words of one number mean the same."""
    file = io.BytesIO()
    np.savez(file, tokens=np.array(list(WORDS)), vectors=np.eye(6, dtype=np.float32)[list(WORDS.values())])
    file.seek(0)
    return static_vectors(file)


def measured(rows, embed, **settings):
    section = Semantic(Asked(embed=embed, settings=settings))
    for number, (prompt, output) in enumerate(rows, 1):
        section.see(RowFacts(number, Draft("sample", prompt, output=output)))
    return section


def found(section):
    return [each for finding in section.findings() for each in finding.rows]


@pytest.mark.parametrize(
    "rows",
    [
        [("draw a big dog", "blue"), ("draw a red cat", "blue"), ("sketch a large hound", "azure")],
        [("画大狗", "blue"), ("画猫", "blue"), ("绘巨犬", "azure")],
    ],
)
def test_the_later_row_that_says_the_same_in_other_words_is_named_in_both_languages(rows, embed):
    section = measured(rows, embed)
    assert found(section) == [3]
    told = section.told()
    assert (told["rows"], told["sampled"], told["found"], told["epsilon"]) == (3, 3, 1, 0.05)
    assert told["examples"][0]["ids"] == [1, 3]
    assert told["examples"][0]["texts"][1] == {"prompt": rows[2][0], "output": "azure"}


def test_the_same_question_with_another_answer_is_none(embed):
    assert found(measured([("draw a big dog", "blue"), ("sketch a large hound", "red")], embed)) == []


def test_copies_and_near_copies_are_counted_elsewhere(embed):
    rows = [("draw a big dog", "blue"), ("Draw a big dog!", "blue"), ("draw a big dog please", "blue")]
    assert found(measured(rows, embed)) == [3]  # of five words, too few for shingles to be alike
    long = "draw a big dog and a red cat and a blue dog and a large cat and then a red dog and a blue cat " * 3
    assert found(measured([(long, "blue"), (long + "please", "blue")], embed)) == []


def test_rows_without_a_word_that_is_known_are_like_nothing(embed):
    assert found(measured([("xyz", "abc"), ("uvw", "def"), ("", "")], embed)) == []


def test_epsilon_is_a_setting_and_without_a_model_nothing_is_said(embed):
    rows = [("draw a big dog", "blue"), ("draw a big cat", "blue")]  # cosines 2/3 and 1
    assert found(measured(rows, embed)) == []
    assert found(measured(rows, embed, **{"semantic.epsilon": 0.2})) == [2]
    section = measured(rows, None)
    assert (section.told(), section.findings()) == ({}, [])
