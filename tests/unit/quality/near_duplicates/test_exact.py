"""Exact duplicates: what is compared is a choice, and separators keep apart what differs."""

from __future__ import annotations

import pytest

from generation.quality.near_duplicates import ExactDuplicates, digest
from generation.types import Draft


def row(instruction: str = "", input: str = "", output: str = "", **more) -> Draft:
    return Draft(kind=more.pop("kind", "sample"), instruction=instruction, input=input, output=output, **more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (row("Name a river", output="The Rhine"), row("  name  A\nriver ", output="the rhine")),
        (row("ＡＢＣ是什么", output="三个字母"), row("ABC是什么", output="三个字母 ")),
    ],
)
def test_case_width_and_blanks_do_not_tell_rows_apart(one, other):
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (row("Translate", "cat", "Katze"), row("Translate", "dog", "Katze")),
        (row("ab", "c"), row("a", "bc")),
        (row("ab", "", "c"), row("ab", "c", "")),
        (row("a", output="b", system="c"), row("a", output="b")),
        (row("a", history=(("b", "c"), ("d", "e"))), row("a", history=(("b", "c"),))),
        (row("a", history=(("b", "c d"),)), row("a", history=(("b c", "d"),))),
        (row("翻译", "猫", "cat"), row("翻译", "狗", "cat")),
        (row("a\x1fb"), row("a", "b")),
    ],
)
def test_rows_that_differ_in_one_field_are_not_the_same_row(one, other):
    assert digest(one) != digest(other)


def test_what_is_compared_decides_what_is_the_same():
    one, other = row("Translate", "cat", "Katze"), row("Translate", "cat", "Kater")
    assert digest(one, by="instruction") == digest(row("Translate", "dog"), by="instruction")
    assert digest(one, by="prompt") == digest(other, by="prompt")
    assert digest(one, by="row") != digest(other, by="row")


def test_a_pair_is_its_prompt_its_preferred_and_its_other_answer():
    one = row("Name a river", output="The Rhine", rejected="The Alps", kind="pair")
    turned = row("Name a river", output="The Alps", rejected="The Rhine", kind="pair")
    joined = row("Name", "a river", "The Rhine", rejected="The Alps", kind="pair")
    assert digest(one, by="pair") == digest(joined, by="pair")
    assert digest(one, by="pair") != digest(turned, by="pair")


def test_clusters_come_in_the_order_of_their_first_row_and_keep_it():
    found = ExactDuplicates()
    for key, text in (("a", "one"), ("b", "two"), ("c", "一"), ("d", "Two"), ("e", "一"), ("f", "two")):
        found.add(key, row(text))
    assert [cluster.keys for cluster in found.clusters()] == [("b", "d", "f"), ("c", "e")]
    assert [cluster.kept for cluster in found.clusters()] == ["b", "c"]


def test_the_digest_is_the_same_in_every_python():
    assert digest(row("Name a river", output="The Rhine")).hex() == "615ee7eccdbf6731b824ceb725aa89f1"
    assert digest(row("说出一条河", output="长江")).hex() == "2afcf1e1df51fcaa518304579b1f4f5a"
