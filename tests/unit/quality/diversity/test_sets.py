"""Samples, grids, seeds, terms and topics: what sets of rows are made of."""

from __future__ import annotations

import random

import pytest

from generation.quality.diversity import (
    NONE,
    OTHERS,
    Grid,
    Reservoir,
    Terms,
    bin_of,
    by_seeds,
    position_of,
    topics,
)
from generation.quality.diversity.topics import TopicModel, topic_model, words_of
from generation.types import Draft


def drawn(ids, *, size=20, random_seed=42):
    kept: Reservoir[int] = Reservoir(size=size, random_seed=random_seed)
    for name in ids:
        if (place := kept.wants(name)) is not None:
            kept.take(name, name, drawn=place)
    return kept.rows()


def test_a_sample_depends_on_ids_and_seed_and_not_on_the_order_of_the_rows():
    ids = list(range(1000))
    first = drawn(ids)
    random.Random(5).shuffle(ids)
    assert drawn(ids) == first
    assert drawn(ids, random_seed=7) != first
    assert len(set(first)) == 20


def test_a_smaller_sample_is_the_beginning_of_a_larger_one_and_grows_little_with_the_set():
    assert drawn(range(1000), size=5) == drawn(range(1000))[:5]
    assert len(set(drawn(range(1000))) & set(drawn(range(1100)))) >= 15


def test_a_grid_shows_its_empty_cells():
    grid = Grid({"topic": ("sea", "sky"), "language": ("en", "zh")})
    grid.add((["sea"], ["en"]), rows=3)
    grid.add((["sea", "sky"], ["en"]))
    grid.add(([], ["zh"]))
    assert grid.table("topic", "language") == {
        "rows": "topic", "columns": "language", "row_names": ["sea", "sky", NONE], "column_names": ["en", "zh"],
        "counts": [[4, 0], [1, 0], [0, 1]],
    }  # fmt: skip
    assert grid.empty("topic", "language") == [("sea", "zh"), ("sky", "zh")]
    assert grid.empty("topic") == []


def test_a_grid_of_countless_values_keeps_the_most_frequent_and_counts_the_rest_as_one():
    grid = Grid({"task_type": ("qa",)})
    for number in range(100):
        grid.add(([f"type {number:02}"],), rows=1 + (number == 70))
    assert grid.values("task_type")[:2] == ["qa", "type 70"]
    assert len(grid.values("task_type")) == 41
    assert grid.counts("task_type")[(OTHERS,)] == 61


def test_001_18_more_seeds_make_rows_more_diverse_and_the_curve_shows_it():
    """Every seed repeats one text of three words: with s seeds in four rows, s of four rows differ."""
    texts = {seed: [[f"a{seed}", f"b{seed}", f"c{seed}"]] * 4 for seed in range(1, 5)}
    curve = by_seeds(texts, random_seed=42, rows=4)
    assert [(point.seeds, point.distinct_2) for point in curve] == [(1, 0.25), (2, 0.5), (4, 1.0)]
    assert [point.vendi for point in curve] == pytest.approx([1, 2, 4])


def test_seeds_that_cannot_give_the_rows_are_left_out_of_the_curve():
    texts = {1: [["a", "b"]] * 8, 2: [["c", "d"]]}
    assert [point.seeds for point in by_seeds(texts, random_seed=42, rows=8)] == [1]
    assert by_seeds({}, random_seed=42) == []


def test_terms_are_found_as_whole_words_and_as_runs_of_characters():
    terms = Terms({"illness": ["heart attack", "flu", "糖尿病"], "body": ["heart", "心脏"]})
    assert terms.found_in("A Heart attack is not influenza.") == {("illness", "heart attack"), ("body", "heart")}
    assert terms.found_in("糖尿病会影响心脏吗？") == {("illness", "糖尿病"), ("body", "心脏")}
    assert terms.found_in("fluent") == set()


def test_a_term_of_two_categories_counts_in_both_and_an_empty_one_nowhere():
    assert Terms({"a": ["x"], "b": ["X", "…"]}).found_in("x") == {("a", "x"), ("b", "X")}


@pytest.mark.parametrize(
    ("told", "position", "fifth"), [("1/9", 0.0, 0), ("5/9", 0.5, 2), ("9/9", 1.0, 4), ("8/9", 0.875, 4)]
)
def test_the_place_of_evidence_is_told_in_fifths(told, position, fifth):
    assert position_of(Draft("sample", counted={"passage_position": told})) == position
    assert bin_of(position) == fifth


@pytest.mark.parametrize("told", ["", "1/1", "0/5", "6/5", "five", "1/5 ", "9" * 40 + "/5"])
def test_a_row_that_does_not_say_its_place_has_none(told):
    assert position_of(Draft("sample", counted={"passage_position": told})) is None


THEMES = {
    "en": (
        ["bake the bread dough", "knead bread dough", "bread oven dough", "oven for dough bread"],
        ["planets orbit the sun", "orbit of planets", "sun planets orbit", "which planets orbit"],
    ),
    "zh": (
        ["烤面包要揉面团", "面包面团发酵", "揉面团烤面包", "面团变成面包"],
        ["行星围绕太阳", "太阳系行星轨道", "行星轨道太阳", "太阳行星运动"],
    ),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_topics_part_texts_by_what_they_are_about(language):
    bread, space = THEMES[language]
    rows = [words_of(text) for text in [*bread, *space]]
    found = topics(rows)
    assert sorted(sorted(each.rows) for each in found) == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert {"en": "bread", "zh": "面包"}[language] in " ".join(next(each.terms for each in found if 0 in each.rows))
    assert topics(rows) == found


def test_texts_that_share_no_telling_word_are_in_no_topic():
    assert topics([words_of(text) for text in ["of the and", "one two", "列出三个", "", "\0 ８８８"]]) == []
    assert topics([]) == []


def test_a_topic_is_named_by_whole_words():
    texts = ["洛杉矶天气", "洛杉矶机场", "桥梁结构", "桥梁结构"] * 4
    named = {term for each in topics([words_of(text) for text in texts]) for term in each.terms}
    assert named <= {"洛杉矶", "天气", "机场", "桥梁", "结构"}
    assert "洛杉矶" in named


def test_other_rows_are_held_against_topics_that_were_kept():
    bread, space = THEMES["zh"]
    model = TopicModel.from_json(topic_model([words_of(text) for text in [*bread, *space]]).as_json())
    closest = model.closest(words_of("怎样发酵面团？", "先揉面团。"))
    assert closest is not None
    assert "面团" in model.terms[closest[0]]
    assert model.closest(words_of("股票为什么下跌？")) is None
    assert TopicModel.from_json({}).closest(words_of("面团")) is None
