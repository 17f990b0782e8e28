"""The trade-off between scores and difference, on pools whose best answers are known beforehand."""

from __future__ import annotations

import pytest

from generation.quality.selection import Candidate, trade_off

POOLS = {
    "en": [
        "Write a poem about the sea at night", "Write a poem about the sea at night please",
        "Write a short poem about the sea at night", "Write a long poem about the sea at night",
        "Calculate the area of a circle with a radius", "Translate this paragraph into French for a tourist",
        "Calculate the price of a paragraph for a tourist", "Translate the radius of a circle into French",
    ],
    "zh": [
        "写一首关于夜晚大海的诗", "请写一首关于夜晚大海的诗", "写一首关于夜晚大海的短诗", "写一首关于夜晚大海的长诗",
        "计算圆的面积并说明半径", "把这段文字翻译成法语给游客", "计算游客的翻译费用", "用法语说明圆的半径",
    ],
}  # fmt: skip
SCORES = [6, 5.9, 5.8, 5.7, 4, 4, 3.9, 3.9]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_004_25_several_rows_of_less_quality_that_differ_cover_more_than_good_ones_that_repeat(language):
    rows = [Candidate(number, score, score) for number, score in enumerate(SCORES, 1)]
    good, between, different = trade_off(rows, texts=POOLS[language], budget=4, steps=(0.0, 0.5, 1.0))
    assert good.ids == (1, 2, 3, 4)
    assert good.quality == pytest.approx(5.85)
    assert len(set(different.ids) & {1, 2, 3, 4}) == 1
    assert different.coverage > good.coverage + 0.2
    assert different.diversity > good.diversity + 0.4
    assert good.quality > between.quality >= different.quality
    assert between.diversity > good.diversity


def test_004_25_novelty_alone_chooses_the_known_subset_and_scores_alone_the_other():
    rows = [Candidate(1, 6, 6), Candidate(2, 6, 6), Candidate(3, 1, 1)]
    texts = ["one two three", "one two three", "four five six"]
    first, last = trade_off(rows, texts=texts, budget=2, steps=(0.0, 1.0))
    assert (first.ids, last.ids) == ((1, 2), (1, 3))
    assert (first.diversity, last.diversity) == (0.0, 1.0)


def test_rows_without_scores_are_in_no_point_of_the_curve():
    rows = [Candidate(1, 6, 6), Candidate(2, None, 6), Candidate(3, 2, None)]
    texts = ["one two", "three four", "five six"]
    assert [point.ids for point in trade_off(rows, texts=texts, budget=3, steps=(0.0, 1.0))] == [(1,), (1,)]
    by_quality = trade_off(rows, texts=texts, budget=3, steps=(0.0,), complexity=False)
    assert by_quality[0].ids == (1, 3)
