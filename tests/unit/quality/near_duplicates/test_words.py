"""Words as numbers: never another one, and one by one the same as thousands at once, whatever the text."""

from __future__ import annotations

import random
import re

import pytest

from generation.quality.near_duplicates import words
from generation.quality.near_duplicates.words import WordHashes
from generation.quality.text import comparison_key, tokens


def one_by_one(text: str) -> bytes:
    hashes = WordHashes()
    return b"".join(hashes[word] for word in tokens(text) or comparison_key(text).split())


def hostile(rng: random.Random) -> str:
    kinds = (range(128), range(0x110000), range(0x4E00, 0x9FFF), range(0x300, 0x370), range(0xFF00, 0xFFF0), (32, 95))
    return "".join(chr(rng.choice(rng.choice(kinds))) for _ in range(rng.randrange(60)))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("river", "f0b7b250743c684e"),
        ("河", "8c8f5fe81c0c4dfc"),
        ("a", "2b5ff702d5a0f3bd"),
        ("not", "f25c10ad02899d47"),
        ("三", "0dae7f83e1f872dd"),
    ],
)
def test_numbers_are_the_same_in_every_python(word, expected):
    """Made by hand: the sum of the code points times the base's powers, mixed, the word's kind in the last two bits."""
    assert WordHashes().of(word).hex() == expected
    assert WordHashes().of_each([word])[0].hex() == expected


def test_a_batch_gives_every_text_what_it_has_alone():
    rng = random.Random(5)
    texts = ["", "  ", "?! ..", "don't say no, 一下 ½ 三", "a_b", "\ud800 a\udfff", "Ａ１ ﬁne", "e" + "\u0301" * 99]
    texts += [hostile(rng) for _ in range(1500)]
    assert [
        text for text, found in zip(texts, WordHashes().of_each(texts), strict=True) if found != one_by_one(text)
    ] == []


def test_long_texts_are_cut_between_words_alone():
    text = "the river 河流 has 3 banks, " * 6000
    assert WordHashes().of(text) == one_by_one(text)
    assert len(WordHashes().of("x" * 200_000)) < 8 * 10, "a word without an end is few words"


def test_nothing_beyond_the_planes_that_are_looked_at_is_part_of_a_word():
    assert not re.search(r"\w", "".join(map(chr, range(words._LAST_WORD, 0x110000))))


def test_words_beyond_what_is_kept_in_memory_have_the_same_number_again(monkeypatch):
    monkeypatch.setattr(words, "_KEPT", 4)
    small = WordHashes()
    text = "one two three four five six seven"
    assert small.of(text) == WordHashes().of(text)
    assert len(small) <= 4
