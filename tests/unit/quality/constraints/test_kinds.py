"""Every kind of constraint: what meets it, what does not, in English and in Chinese, and what only the loose eye lets
through."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from generation.quality import constraints
from generation.quality.constraints import KINDS, UnknownKind, holds, kind, said_of, variants, wordings
from generation.quality.constraints.base import Supply
from generation.quality.constraints.counting import sentences
from generation.quality.constraints.languages import NAMES, told

DATA = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
CASES = [pytest.param(case, id=f"{case['kind']}-{at}") for at, case in enumerate(DATA["cases"])]


def made(name: str, args: dict[str, Any]) -> dict[str, Any]:
    return {"kind": name, "args": args, "text": ""}


@pytest.mark.parametrize("case", CASES)
def test_a_reply_meets_it_or_does_not(case):
    wanted = made(case["kind"], case["args"])
    for text in case["good"] + case["good_zh"]:
        assert holds(text, wanted), text
        assert holds(text, wanted, loose=True), text
    for text in case["bad"] + case["bad_zh"]:
        assert not holds(text, wanted), text
    if case["loose"]:
        assert not holds(case["loose"], wanted)
        assert holds(case["loose"], wanted, loose=True)


def test_every_kind_has_a_pass_a_fail_a_chinese_and_where_it_can_be_a_loose_case():
    names = {each.name for each in KINDS}
    assert {case["kind"] for case in DATA["cases"]} == names
    assert len(names) == 26
    assert all(case[side] for case in DATA["cases"] for side in ("good", "bad", "good_zh", "bad_zh"))
    # What more text can only help to meet, no variant with less text can mend.
    grown = {"keyword_existence", "number_placeholders", "number_highlighted_sections", "postscript"}
    loose = {case["kind"] for case in DATA["cases"] if case["loose"]}
    assert loose == names - grown - {"multiple_sections"}


@pytest.mark.parametrize("name", [each.name for each in KINDS])
def test_an_empty_reply_meets_nothing(name):
    supply = Supply(random.Random(1), "en", "Ask.", ["a", "b", "c"])
    assert not holds(" \n", made(name, kind(name).draw(supply)), loose=True)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", [each.name for each in KINDS])
def test_every_kind_says_what_it_wants_in_eight_ways(name, language):
    words = ["茶叶", "水", "山", "雨"] if language == "zh" else ["tea", "water", "hill", "rain"]
    supply = Supply(random.Random(3), language, "Tell {me} more.", words)
    args = kind(name).draw(supply)
    said = said_of(name, args, language=language)
    assert len(set(said)) == 8
    for text in said:
        for value in args.values():
            for part in value if isinstance(value, list) else [value]:
                assert str(part) in text or part in ("at_least", "less_than") or part in NAMES, text


def test_both_languages_have_the_same_kinds():
    assert set(wordings("en")) == set(wordings("zh")) == {each.name for each in KINDS}


def test_there_are_eight_variants():
    text = "first *a*\nsecond\nthird"
    assert list(variants(text)) == [
        text, "first a\nsecond\nthird", "second\nthird", "second\nthird", "first *a*\nsecond", "first a\nsecond",
        "second", "second",
    ]  # fmt: skip


def test_sentences_are_counted_as_people_count_them():
    counted = {
        "He said “Go!” and went.": 2, "“去吧！”他说。": 2, "你好。……真的？！": 2, "- a list\n- of two": 2,
        "See e.g. the U.S. report at a.b.com.": 1, "": 0, "。！？": 0, "Version 1.2.3 is out": 1, "真的吗?真的!": 1,
    }  # fmt: skip
    assert {text: len(sentences(text)) for text in counted} == counted


def test_twenty_two_languages_are_told_apart():
    said = DATA["languages"]
    assert {code: told(text) for code, text in said.items()} == {code: code for code in said}
    assert set(said) == set(NAMES)
    assert told("1234 ...") == ""


def test_a_kind_that_nobody_knows_is_named():
    with pytest.raises(UnknownKind, match="rhyme"):
        kind("rhyme")


def test_words_that_are_wanted_are_never_forbidden_too():
    for seed in range(200):
        supply = Supply(random.Random(seed), "en", "Ask.", ["a", "b", "c", "d", "e"])
        wanted = constraints.demand("keyword_existence", supply)["args"]["keywords"]
        kept_out = constraints.demand("forbidden_words", supply)["args"]["keywords"]
        assert len(wanted) == len(kept_out) == 2
        assert not set(wanted) & set(kept_out)
