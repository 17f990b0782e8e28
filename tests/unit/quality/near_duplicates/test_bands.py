"""Bands: the published S-curves to the digit, and how signatures are cut."""

from __future__ import annotations

import pytest

from generation.quality.near_duplicates.bands import Bands, MinHash, bands_for, chance
from generation.quality.near_duplicates.shingles import shingle_sets
from generation.quality.near_duplicates.words import WordHashes

CURVES = {
    (14, 8): (0.0533, 0.2111, 0.5645, 0.9235, 0.9996),
    (16, 8): (0.0607, 0.2374, 0.6133, 0.9470, 0.9999),
    (25, 10): (0.0241, 0.1407, 0.5115, 0.9416, 1.0000),
    (9, 13): (0.0011, 0.0117, 0.0839, 0.3988, 0.9286),
}


@pytest.mark.parametrize(("cut", "expected"), CURVES.items())
def test_the_chance_to_meet_is_that_of_the_published_curves(cut, expected):
    found = [round(chance(similarity, Bands(*cut)), 4) for similarity in (0.5, 0.6, 0.7, 0.8, 0.9)]
    assert found == list(expected)


@pytest.mark.parametrize(("threshold", "expected"), [(0.7, (16, 5)), (0.8, (16, 8)), (0.9, (9, 12))])
def test_bands_are_as_long_and_as_few_as_still_find_what_is_at_the_threshold(threshold, expected):
    assert bands_for(threshold) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (" ".join(f"w{n}" for n in range(204)), " ".join(f"w{n}" for n in range(50, 254)), 150 / 250),
        ("".join(chr(0x4E00 + n) for n in range(204)), "".join(chr(0x4E00 + n) for n in range(20, 224)), 180 / 220),
    ],
    ids=["English", "Chinese"],
)
def test_the_share_of_equal_values_in_two_signatures_is_about_the_jaccard(one, other, expected):
    hashes = WordHashes()
    values, counts = shingle_sets([hashes.of(one), hashes.of(other)])
    equal = []
    for seed in range(1, 21):
        first, second = MinHash.of(seed).signatures(values, counts)
        equal.append(float((first == second).mean()))
    assert sum(equal) / 20 == pytest.approx(expected, abs=0.03)


def test_a_text_alone_has_the_signature_that_it_has_among_others():
    hashes = WordHashes()
    texts = [hashes.of(text) for text in ("one two three four five six", "请解释什么是机器学习")]
    together = MinHash.of(1).signatures(*shingle_sets(texts))
    for row, text in enumerate(texts):
        assert MinHash.of(1).signatures(*shingle_sets([text]))[0].tolist() == together[row].tolist()
