"""Which rows are chosen, in what order, and what is said of the others."""

from __future__ import annotations

import random

import pytest

from generation.quality.selection import (
    Candidate,
    NegativeScore,
    TextLikeness,
    UnusableWeights,
    VectorLikeness,
    Weights,
    select,
)

FLAT = [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8], [0.9, 0.4358898943540674], [1.0, 0.01]]
"""Row 2 is .8 like row 1 and .6 like row 0, row 3 exactly .9 like row 0, row 4 all but the same as row 0."""


def scored(*scores: tuple[float | None, float | None]) -> list[Candidate]:
    return [Candidate(number, quality, complexity) for number, (quality, complexity) in enumerate(scores, 1)]


def told(selection):
    return selection.ids, [(each.id, each.like) for each in selection.too_like], selection.over_budget


def test_004_24_rows_are_taken_from_the_best_score_down_and_nine_tenths_is_too_like():
    rows = scored((5, 5), (4, 4), (3, 3), (5, 4), (6, 5))  # products 25, 16, 9, 20, 30
    assert told(select(rows, likeness=VectorLikeness(FLAT), budget=5)) == ((5, 2, 3), [(1, 5), (4, 5)], ())


def test_004_24_a_likeness_of_exactly_the_limit_is_too_like():
    rows = scored((5, 5), (1, 1), (1, 1), (4, 4), (1, 1))
    picked = select(rows[:4], likeness=VectorLikeness(FLAT[:4]), budget=2)
    assert told(picked) == ((1, 2), [(4, 1)], (3,))
    assert picked.too_like[0].likeness == pytest.approx(0.9)


def test_004_24_a_likeness_below_the_limit_is_taken_and_the_budget_ends_it():
    rows = scored((5, 5), (4, 4), (3, 3), (5, 4), (1, 1))
    assert told(select(rows, likeness=VectorLikeness(FLAT), budget=3, limit=0.91)) == ((1, 4, 2), [], (3, 5))


def test_equal_scores_stand_in_the_order_of_their_ids():
    rows = [Candidate(30, 4, 3), Candidate(10, 3, 4), Candidate(20, 6, 2)]
    assert select(rows, likeness=VectorLikeness([[1, 0, 0], [0, 1, 0], [0, 0, 1]]), budget=2).ids == (10, 20)


@pytest.mark.parametrize(
    ("texts", "passed"),
    [
        (["Name three colours of the rainbow.", "Explain tides.", "name three colours of the rainbow"], [(1, 3)]),
        (["列出彩虹的三种颜色。", "解释潮汐的成因。", "列出彩虹的三种颜色"], [(1, 3)]),
    ],
)
def test_texts_that_say_the_same_are_too_like_in_both_languages(texts, passed):
    rows = scored((4, 4), (2, 2), (5, 5))
    assert told(select(rows, likeness=TextLikeness(texts), budget=3)) == ((3, 2), passed, ())


@pytest.mark.parametrize("pattern", ["Write a friendly letter to customer number {}", "给编号{}的客户写一封友好的信件"])
def test_rows_of_one_pattern_are_mostly_alike_though_each_has_a_number_of_its_own(pattern):
    likeness = TextLikeness([pattern.format(number) for number in range(10, 60)])
    assert likeness.to(0)[1] > 0.5
    assert likeness.to(0)[0] == pytest.approx(1.0)


def test_screening_by_rare_terms_decides_as_comparing_all_with_all_does():
    rng = random.Random(7)
    words = [f"w{number}" for number in range(60)]
    texts = [" ".join(rng.choices(words, k=rng.randint(0, 9))) for _ in range(250)]
    texts += [" ".join([*text.split(), rng.choice(words)]) for text in texts[:100]]
    likeness = TextLikeness(texts)
    order = rng.sample(range(len(texts)), len(texts))
    for limit in (0.5, 0.8, 0.9):
        taken: list[int] = []
        for row in order:
            if not taken or likeness.to(row)[taken].max() < limit - 1e-9:
                taken.append(row)
        found = [each.row for each in likeness.screened(order, limit=limit, budget=1000) if each.like < 0]
        assert found == taken


def test_missing_scores_are_counted_and_never_invented():
    rows = scored((5, 5), (None, 4), (3, float("inf")), (float("nan"), None))
    picked = select(rows, likeness=VectorLikeness([[1, 0], [0, 1], [1, 1], [1, -1]]), budget=4)
    assert (picked.ids, picked.no_score, picked.missing, picked.stood_in) == (
        (1,), (2, 3, 4), {"quality": 2, "complexity": 2}, 0,
    )  # fmt: skip


def test_the_stand_in_of_the_paper_s_code_is_given_only_when_asked_and_counted():
    rows = scored((5, 5), (None, 6), (3, None))
    picked = select(rows, likeness=VectorLikeness([[1, 0], [0, 1], [-1, 0]]), budget=3, missing="three")
    assert ([(each.id, each.score) for each in picked.chosen], picked.stood_in, picked.missing) == (
        [(1, 25.0), (2, 18.0), (3, 9.0)], 2, {"quality": 1, "complexity": 1},
    )  # fmt: skip


def test_a_score_that_weighs_nothing_need_not_be_there():
    rows = scored((2, None), (4, None))
    picked = select(rows, likeness=VectorLikeness([[1, 0], [0, 1]]), budget=2, weights=Weights(1, 0, 0))
    assert (picked.ids, picked.missing) == ((2, 1), {"quality": 0})


def test_novelty_takes_the_farthest_and_is_shown():
    rows = scored((3, 3), (3, 3), (3, 3))
    picked = select(
        rows, likeness=VectorLikeness([[1, 0], [0.8, 0.6], [0, 1]]), budget=3, weights=Weights(1, 1, 1), limit=None
    )
    assert picked.ids == (1, 3, 2)
    assert [each.novelty for each in picked.chosen] == pytest.approx([1.0, 1.0, 0.2], abs=1e-6)


def test_with_novelty_too_the_limit_puts_rows_out():
    picked = select(
        scored((5, 5), (5, 4), (1, 1)), likeness=VectorLikeness([[1, 0], [1, 0.01], [0, 1]]), budget=3,
        weights=Weights(1, 1, 1),
    )  # fmt: skip
    assert told(picked) == ((1, 3), [(2, 1)], ())


def test_scores_below_zero_and_weights_that_are_no_numbers_are_refused():
    with pytest.raises(NegativeScore) as told_of:
        select(scored((1, 1), (-1, 1)), likeness=VectorLikeness([[1, 0], [0, 1]]), budget=1)
    assert told_of.value.row == 2
    with pytest.raises(UnusableWeights):
        Weights(1, -1)
    with pytest.raises(UnusableWeights):
        Weights(float("nan"))


def test_nothing_to_choose_from_is_an_empty_selection():
    assert select([], likeness=TextLikeness([]), budget=5).ids == ()
    assert select(scored((1, 1)), likeness=TextLikeness(["a b"]), budget=0).over_budget == (1,)
