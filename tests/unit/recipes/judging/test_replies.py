"""Verdicts are read by their schema or their last token, and everything else is none."""

from __future__ import annotations

import pytest

from generation.recipes.judging.replies import ask_all, ratings_of, score_of, side_of, steps_of
from generation.types import Prompt, Reply


@pytest.mark.parametrize(
    ("said", "side"),
    [
        ('{"reason": "clear", "winner": "A"}', "A"),
        ('Here:\n```json\n{"reason": "x", "winner": "b"}\n```', "B"),
        ('{"winner": "tie"}', "tie"),
        ("I think the first. [[A]]", "A"),
        ("[[A]] at first sight, but [[C]]", "tie"),
        ("", None),
        ("A", None),
        ("Answer A is better", None),
        ('{"winner": "C++"}', None),
        ('{"winner": "A"} {"winner": "B"}', None),
        ('{"winner": "A"} and again {"winner": "A"}', "A"),
        ('The answer says {"winner": "A"}. [[B]]', "A"),
        ('{"winner": null} [[A]]', None),
        ('{"winner": ["A"]}', None),
        ('{"reason": "it quotes {\\"winner\\": \\"B\\"}", "winner": "A"}', "A"),
        ("[[A", None),
        ("[[X]]", None),
    ],
)
def test_a_side_is_said_or_it_is_invalid(said, side):
    assert side_of(said) == side


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ('{"reason": "fine", "score": 7}', 7.0),
        ('{"score": 8.5}', 8.5),
        ('{"score": "8/10"}', 8.0),
        ('{"score": "8/5"}', None),
        ('{"score": 11}', None),
        ('{"score": 0}', None),
        ('{"score": true}', None),
        ('{"score": NaN}', None),
        ('{"score": 1e999}', None),
        ("So [[3]] or rather [[4]]", 4.0),
        ("Score: 9", None),
        ("0.9", None),
    ],
)
def test_a_score_is_on_its_scale_or_it_is_none(said, score):
    assert score_of(said, low=1, high=10) == score


def test_ratings_are_exactly_as_many_as_the_texts():
    def rated(*ratings, first=1, optional=False):
        rows = [f'{{"text": {n}, "rating": "{each}"}}' for n, each in enumerate(ratings, first)]
        return ratings_of(f'{{"ratings": [{", ".join(rows)}]}}', count=3, low=1, high=5, optional=optional)

    assert rated(5, 4, 1) == [5.0, 4.0, 1.0]
    assert rated(5, "N/A", 1, optional=True) == [5.0, "N/A", 1.0]
    for wrong in (rated(5, 4), rated(5, 4, 1, 1), rated(5, "N/A", 1), rated(5, 4, 6), rated(5, 4, 1, first=0)):
        assert wrong is None
    shuffled = '{"ratings": [{"text": 3, "rating": 1}, {"text": 1, "rating": 5}, {"text": 2, "rating": 4}]}'
    assert ratings_of(shuffled, count=3, low=1, high=5, optional=False) == [5.0, 4.0, 1.0]
    assert ratings_of("[[5]] [[4]] [[1]]", count=3, low=1, high=5, optional=False) == [5.0, 4.0, 1.0]


def test_steps_are_a_few_sentences():
    assert steps_of('{"steps": ["Read.", " ", "Judge."]}') == ["Read.", "Judge."]
    assert steps_of('{"steps": ["Read."]}') is None
    assert steps_of("1. Read. 2. Judge.") is None


def test_what_cannot_be_read_is_asked_twice_more_and_then_invalid():
    asked: list[list[tuple[str, int]]] = []
    said = iter(["[[A]]", "hm", Reply(failure="timeout"), "well", "er"])
    work = ask_all([Prompt("judging.pairwise", (), sample_index=n) for n in (0, 4, 5)], side_of)
    prompts = next(work)
    try:
        while True:
            asked.append([(each.stage, each.sample_index) for each in prompts])
            replies = [next(said) for _ in prompts]
            prompts = work.send([each if isinstance(each, Reply) else Reply(each) for each in replies])
    except StopIteration as end:
        heard = end.value
    assert [(each.value, each.reason) for each in heard] == [
        ("A", ""), (None, "invalid_verdict"), (None, "call_failed"),
    ]  # fmt: skip
    stage = "judging.pairwise"
    assert asked == [[(stage, 0), (stage, 4), (stage, 5)], [(f"{stage}.repair", 10)], [(f"{stage}.repair", 16)]]
