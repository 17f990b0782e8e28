"""Near-duplicates: what is found, what never is, and that the same texts always give the same clusters."""

from __future__ import annotations

import random

import pytest

from generation.quality.near_duplicates import NearDuplicates, jaccard


def english(rng: random.Random, words: int = 150) -> list[str]:
    return [f"w{rng.randrange(4000)}" for _ in range(words)]


def chinese(rng: random.Random, words: int = 150) -> list[str]:
    return [chr(0x4E00 + rng.randrange(4000)) for _ in range(words)]


def planted(make, rng: random.Random, *, texts: int, changes: range) -> list[str]:
    """Texts, and behind each a second one with some words at one place changed."""
    found = []
    for _ in range(texts):
        words = make(rng)
        other, at = list(words), rng.randrange(len(words) - max(changes))
        for place in range(at, at + rng.choice(changes)):
            other[place] = make(rng, 1)[0]
        found += [" ".join(words), " ".join(other)]
    return found


@pytest.mark.parametrize("make", [english, chinese])
@pytest.mark.parametrize("threshold", [0.7, 0.8])
def test_all_pairs_found_are_true_and_95_in_100_true_ones_are_found(make, threshold):
    texts = planted(make, random.Random(3), texts=400, changes=range(1, 40))
    found: NearDuplicates[int] = NearDuplicates(threshold=threshold)
    for key, text in enumerate(texts):
        found.add(key, text)
    pairs = {cluster.keys for cluster in found.clusters()}
    true = {(at, at + 1) for at in range(0, len(texts), 2) if jaccard(texts[at], texts[at + 1]) >= threshold}
    assert pairs <= true
    assert len(pairs) >= 0.95 * len(true) > 50


def test_the_first_of_a_cluster_is_kept_whatever_came_between():
    found: NearDuplicates[str] = NearDuplicates()
    text = " ".join(english(random.Random(1)))
    for key, each in (("first", text), ("other", "something else"), ("second", text + " more"), ("third", text)):
        found.add(key, each)
    (cluster,) = found.clusters()
    assert cluster.keys == ("first", "second", "third")
    assert cluster.kept == "first"
    assert cluster.similarities == (1.0, pytest.approx(146 / 147), 1.0)


@pytest.mark.parametrize("text", ["Say hello", "你好", "Yes", "?!"])
def test_short_texts_meet_their_equals_alone(text):
    found: NearDuplicates[int] = NearDuplicates()
    for key, each in enumerate([text, "Something else", text, "别的", ""]):
        found.add(key, each)
    assert [cluster.keys for cluster in found.clusters()] == [(0, 2)]


def test_blank_texts_are_no_duplicates():
    found: NearDuplicates[int] = NearDuplicates()
    for key, text in enumerate(["", " ", "\n", ""]):
        found.add(key, text)
    assert found.clusters() == []
    assert found.nearest("") is None


def test_the_nearest_is_the_most_similar_and_of_equals_the_first():
    found: NearDuplicates[str] = NearDuplicates()
    words = chinese(random.Random(2))
    found.add("far", "".join(words[:75] + chinese(random.Random(9), 75)))
    found.add("near", "".join([*words[:-1], "末"]))
    found.add("equal", "".join([*words[:-1], "末"]))
    match = found.nearest("".join(words))
    assert match is not None
    assert match.key == "near"
    assert match.similarity == pytest.approx(145 / 147)
    assert found.nearest("".join(chinese(random.Random(77)))) is None


def test_asking_between_adding_changes_nothing():
    texts = planted(english, random.Random(4), texts=30, changes=range(1, 10))
    asked: NearDuplicates[int] = NearDuplicates()
    plain: NearDuplicates[int] = NearDuplicates()
    for key, text in enumerate(texts):
        asked.nearest(text)
        asked.add(key, text)
        plain.add(key, text)
    assert asked.clusters() == plain.clusters()
    assert [asked.nearest(text) for text in texts] == [plain.nearest(text) for text in texts]


def test_exactly_at_the_threshold_is_a_duplicate():
    one, other = " ".join(f"w{n}" for n in range(13)), " ".join(f"w{n}" for n in range(1, 14))
    assert jaccard(one, other) == 0.8
    found: NearDuplicates[int] = NearDuplicates(threshold=0.8)
    found.add(0, one)
    found.add(1, other)
    assert [cluster.similarities for cluster in found.clusters()] == [(1.0, 0.8)]


def test_a_link_may_be_refused():
    found: NearDuplicates[int] = NearDuplicates()
    text = " ".join(english(random.Random(5)))
    for key in range(3):
        found.add(key, text)
    assert found.clusters(linked=lambda one, other: False) == []
    assert [each.keys for each in found.clusters(linked=lambda one, other: 1 not in (one, other))] == [(0, 2)]


def test_thousands_of_copies_are_one_cluster():
    found: NearDuplicates[int] = NearDuplicates()
    for key in range(3000):
        found.add(key, "Write a short poem about the sea in spring")
    (cluster,) = found.clusters()
    assert cluster.keys == tuple(range(3000))


def test_rows_in_one_long_frame_cost_no_square():
    """Each shares half of its words with all others; what is compared is bounded for each."""
    rng, looked = random.Random(6), [0]
    frame = " ".join(english(rng, 60))
    found: NearDuplicates[int] = NearDuplicates(threshold=0.7)
    for key in range(600):
        found.add(key, f"{frame} {' '.join(english(rng, 40))}")

    measured = found.similarity

    def counted(one: int, other: int) -> float:
        looked[0] += 1
        return measured(one, other)

    found.similarity = counted  # type: ignore[method-assign]
    assert found.clusters() == []
    assert looked[0] <= 600 * 64
