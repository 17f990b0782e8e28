"""Novelty by ROUGE-L: the published vectors, the exact boundary, and the decisions of a brute-force loop."""

from __future__ import annotations

import random

import pytest
from rouge_score import rouge_scorer

from benchmarks.novelty import lcs, stream
from generation.quality.novelty import Pool
from generation.quality.text import tokens


def score(kept: str, new: str, *, compat: bool = False) -> float:
    pool = Pool(compat=compat)
    pool.add(kept)
    return pool.nearest(new).score


@pytest.mark.parametrize(
    ("kept", "new", "expected"),
    [
        ("Write a short poem about the sea.", "Write a short poem about the ocean.", 6 / 7),
        ("List three primary colors.", "Name the three primary colors.", 2 / 3),
        ("Translate the sentence into French.", "Summarize the following article.", 2 / 9),
        ("don't stop", "do not stop", 1 / 3),
        ("请解释什么是机器学习", "请解释什么是深度学习", 0.8),
    ],
)
def test_scores_are_those_of_the_published_vectors(kept, new, expected):
    assert score(kept, new) == pytest.approx(expected, abs=1e-9)


def test_chinese_is_compared_by_character_and_not_at_all_in_compat_mode():
    assert score("请解释什么是机器学习", "请解释什么是深度学习", compat=True) == 0.0
    pool = Pool()
    pool.add("请解释什么是机器学习")
    assert not pool.is_novel("请解释什么是深度学习")


def words(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


def test_exactly_seven_tenths_is_kept():
    pool = Pool()
    pool.add(" ".join(words("w", 10)))
    assert pool.is_novel(" ".join(words("w", 7) + words("x", 3)))
    assert not pool.is_novel(" ".join(words("w", 8) + words("x", 2)))


def test_the_boundary_is_judged_in_integers_where_floats_go_wrong():
    """55 and 45 words with 35 in common are exactly 0.7, which 2pr/(p+r) in floats takes for more."""
    kept, new = " ".join(words("w", 35) + words("a", 20)), " ".join(words("w", 35) + words("b", 10))
    exact, compat = Pool(), Pool(compat=True)
    exact.add(kept)
    compat.add(kept)
    assert exact.is_novel(new)
    assert not exact.exceeds(exact.nearest(new).score)
    assert not compat.is_novel(new)


def test_every_tie_up_to_sixty_words_is_kept_and_one_word_more_is_dropped():
    for mine in range(1, 60):
        for theirs in range(mine, 60):
            common, rest = divmod(7 * (mine + theirs), 20)
            if rest or common >= mine:
                continue
            pool = Pool()
            pool.add(" ".join(words("w", common + 1) + words("a", theirs - common - 1)))
            assert not pool.exceeds(pool.nearest(" ".join(words("w", common) + words("b", mine - common))).score)
            assert not pool.is_novel(" ".join(words("w", common + 1) + words("b", mine - common - 1)))


def test_decisions_and_scores_are_those_of_a_brute_force_loop():
    pool, kept = Pool(), []
    for text in stream(400):
        mine = tokens(text)
        scores = [2 * lcs(mine, other) / (len(mine) + len(other)) for other in kept]
        best = max(scores, default=0.0)
        nearest = pool.nearest(text)
        assert nearest.score == best
        assert nearest.id == (scores.index(best) if best else None)
        assert pool.is_novel(text) == (best <= 0.7)
        if best <= 0.7:
            kept.append(mine)
            pool.add(text)


def test_compat_mode_decides_as_rouge_score_does():
    scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
    pool, kept = Pool(compat=True), []
    for text in stream(120):
        best = max((scorer.score(other, text)["rougeL"].fmeasure for other in kept), default=0.0)
        assert pool.nearest(text).score == pytest.approx(best)
        assert pool.is_novel(text) == (best <= 0.7)
        if best <= 0.7:
            kept.append(text)
            pool.add(text)


def test_a_pool_made_again_from_its_texts_gives_the_same_answers():
    texts, rng = stream(60), random.Random(5)
    grown, rebuilt = Pool(), Pool()
    for number, text in enumerate(texts):
        grown.add(text, key=1000 + number)
        grown.nearest(rng.choice(texts))
    for number, text in enumerate(texts):
        rebuilt.add(text, key=1000 + number)
    assert [grown.most_similar(text) for text in texts] == [rebuilt.most_similar(text) for text in texts]


def test_the_ten_most_similar_come_in_order_and_the_first_added_wins_a_tie():
    pool = Pool()
    for key, text in (("b", "one two three"), ("a", "one two three"), ("c", "one two"), ("d", "nine")):
        pool.add(text, key=key)
    found = pool.most_similar("one two three")
    assert [each.id for each in found] == ["b", "a", "c"]
    assert found[0].score == 1.0


def test_repeated_words_count_as_often_as_they_stand_in_both():
    assert score("buy buy buy", "buy sell buy") == pytest.approx(2 / 3)


def test_a_text_without_words_is_like_nothing():
    pool = Pool()
    pool.add("???")
    assert pool.nearest("!!!") == (0.0, None)
    assert pool.is_novel("!!!")
    assert len(pool) == 1


def test_another_threshold_is_taken_exactly():
    pool = Pool(threshold=0.5)
    pool.add("a b c d")
    assert pool.is_novel("a b x y")
    assert not pool.is_novel("a b c y")
