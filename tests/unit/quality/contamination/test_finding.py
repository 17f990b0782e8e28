"""Contamination: which rows repeat an evaluation item, by each rule, in both languages, and where."""

from __future__ import annotations

import random

import pytest

from generation.quality.contamination import PRESETS, Contamination, Hit, Preset

FOX = "The quick brown fox jumps over the lazy dog while the sleepy cat watches from the warm window sill today"
"""Twenty words."""
CONTRACT = "某公司于二零二三年与供应商签订了一份为期三年的设备采购合同，约定分期付款，请问违约责任如何认定"


def found(items: list[str], *rows: dict[str, str], preset: str = "thirteen_words") -> list[Hit]:
    given = Contamination([("held out", items)], preset=PRESETS[preset])
    for key, fields in enumerate(rows):
        given.see(key, fields)
    return given.hits()


def words(count: int, *, start: int = 0) -> str:
    return " ".join(f"w{number}" for number in range(start, start + count))


@pytest.mark.parametrize(("shared", "hit"), [(12, False), (13, True)])
def test_thirteen_words_in_a_row_are_a_hit_and_twelve_are_none(shared, hit):
    row = {"instruction": f"{words(shared)} and others"}
    assert bool(found([words(40)], row)) is hit


@pytest.mark.parametrize(("shared", "hit"), [(19, False), (20, True)])
def test_of_chinese_it_takes_twenty_characters(shared, hit):
    letters = [character for character in CONTRACT if character not in "，"]
    row = {"output": f"案例：{''.join(letters[:shared])}如此"}
    assert bool(found([CONTRACT], row)) is hit


@pytest.mark.parametrize(("shared", "hit"), [(20, False), (21, True)])
def test_by_eight_words_more_than_half_of_an_item_must_be_covered_by_one_row(shared, hit):
    row, other = {"instruction": words(shared)}, {"instruction": words(12, start=28)}
    assert [each.key for each in found([words(40)], row, other, preset="eight_words")] == ([0] if hit else [])


def test_by_ten_words_more_than_half_of_the_letters_must_match_though_words_between_differ():
    half = {"output": f"{words(10)} x {words(4, start=11)} y {words(10, start=16)}"}
    less = {"output": f"{words(10)} x y z {words(5, start=35)}"}
    assert [each.key for each in found([words(40)], half, less, preset="ten_words")] == [0]


@pytest.mark.parametrize(("run", "hit"), [(9, False), (10, True)])
def test_by_ten_words_a_row_is_compared_only_from_ten_words_in_a_row_on(run, hit):
    row = {"output": f"{words(run)} x {words(9, start=run)}"}
    assert bool(found([words(run + 9)], row, preset="ten_words")) is hit


@pytest.mark.parametrize(("shared", "hit"), [(20, False), (21, True)])
def test_by_ten_words_just_half_of_the_letters_is_not_enough(shared, hit):
    """Forty words of three letters each."""
    item = " ".join(f"a{number}" for number in range(10, 50))
    row = {"output": " ".join(f"a{number}" for number in range(10, 10 + shared))}
    assert bool(found([item], row, preset="ten_words")) is hit


@pytest.mark.parametrize("preset", ["eight_words", "ten_words"])
@pytest.mark.parametrize(("shared", "hit"), [(24, False), (25, True)])
def test_by_the_other_rules_chinese_takes_twenty_characters_and_more_than_half_too(preset, shared, hit):
    """An item of 48 characters: 24 of them are just half."""
    item = "".join(chr(0x4E00 + number) for number in range(48))
    assert bool(found([item], {"output": f"答：{item[:shared]}。"}, preset=preset)) is hit
    assert found(["".join(chr(0x4E00 + number) for number in range(30))], {"output": item[:19]}, preset=preset) == []


@pytest.mark.parametrize(("preset", "least"), [("thirteen_words", 13), ("eight_words", 8), ("ten_words", 10)])
def test_an_item_of_just_a_run_is_found_within_a_row_and_a_shorter_one_only_as_a_whole_text(preset, least):
    within, alone = {"output": f"so {words(least)} then"}, {"output": words(least - 1)}
    assert [hit.exact for hit in found([words(least)], within, preset=preset)] == [False]
    assert found([words(least - 1)], within, preset=preset) == []
    assert [hit.exact for hit in found([words(least - 1)], alone, preset=preset)] == [True]


def test_an_item_that_mixes_scripts_is_counted_by_what_most_of_it_is():
    mostly = "请把下面这段代码改写成递归的形式并且说明它的复杂度 def f(n): return n"
    assert found([mostly], {"input": "请把下面这段代码改写成递归的形式并且说明"}) != []
    assert found([mostly], {"input": "请把下面这段代码改写成递归的形式并且说"}) == []
    latin = f"{words(20)} 请看"
    assert found([latin], {"input": words(13)}) != []


def test_no_row_repeats_the_item_that_was_made_of_it():
    given = Contamination([("test of v1", [FOX, "What is gravity?"])], made_of={"test of v1": [7, 8]})
    rows = {7: FOX, 8: "What is gravity?", 9: FOX, 10: "what is gravity"}
    for key, text in rows.items():
        given.see(key, {"instruction": text})
    assert [(hit.key, hit.item) for hit in given.hits()] == [(9, 0), (10, 1)]
    assert given.told()["test of v1"]["rows"] == 2


def test_a_hit_names_the_words_of_the_item_and_shows_the_row_with_what_it_repeats_told_apart():
    item = f"Question: {FOX} Who watches?"
    (hit,) = found([item], {"instruction": "Say it", "output": f"Note: {FOX}, indeed."})
    assert hit.words == ((1, 21),)
    assert hit.row == (("output", ("Note: ", FOX, ", indeed.")),)


def test_case_width_and_punctuation_hide_nothing():
    (hit,) = found([FOX], {"output": f"He wrote: “{FOX.upper().replace(' ', ',  ')}”!"})
    assert hit.share == 1.0
    (hit,) = found([CONTRACT], {"input": CONTRACT.replace("，", " ")})
    assert hit.share == 1.0


def test_a_hit_says_which_item_and_quotes_the_row():
    row = {"instruction": f"Read. {FOX[:60]}", "input": "", "output": f"{FOX[60:]} - really."}
    hit, *more = found(["Something else entirely", FOX], row)
    assert not more
    assert (hit.key, hit.set, hit.item, hit.share, hit.exact) == (0, "held out", 1, 1.0, False)
    assert hit.spans == (("instruction", 6, 66), ("output", 1, 44))
    assert hit.text == FOX[:60]


def test_spans_are_code_points_of_the_text_as_it_was_written():
    text = f"ﬁn ﬁn ｅ́ … {FOX}"
    (hit,) = found([FOX], {"output": text})
    ((name, start, end),) = hit.spans
    assert (name, text[start:end]) == ("output", FOX)


@pytest.mark.parametrize(
    ("item", "row", "hit"),
    [
        ("What is gravity?", {"instruction": "what is  gravity"}, True),
        ("What is gravity?", {"instruction": "What is gravity made of?"}, False),
        ("What is gravity? A force", {"instruction": "What is gravity?", "output": "A force."}, True),
        ("Sort the list 3 1 2", {"instruction": "Sort the list", "input": "3 1 2", "output": "1 2 3"}, True),
        ("什么是重力？", {"instruction": "什么是重力"}, True),
        ("什么是重力？", {"instruction": "什么是重力波"}, False),
        ("No, it is not.", {"instruction": "Is it blue?", "output": "No, it is not."}, False),
        ("Yes", {"instruction": "Yes"}, False),
        ("", {"instruction": "", "output": ""}, False),
    ],
)
def test_an_item_shorter_than_a_run_is_found_when_it_is_all_of_a_text(item, row, hit):
    assert [each.exact for each in found([item], row)] == ([True] if hit else [])


def test_a_frame_that_many_items_share_is_not_the_item():
    frame = "Read the passage and answer the question by choosing one of the letters A B C or D below"
    items = [f"{frame} {words(15, start=100 * number)}" for number in range(12)]
    rows = {"instruction": f"{frame} something of my own"}, {"instruction": f"{frame} {words(15, start=300)}"}
    assert [(each.key, each.item) for each in found(items, *rows)] == [(1, 3)]


def test_nothing_is_found_across_two_rows():
    assert found([FOX], {"output": FOX[:50]}, {"output": FOX[50:]}) == []


@pytest.mark.parametrize(("hits", "contaminated"), [(2, False), (3, True)])
def test_by_eight_words_a_set_is_contaminated_from_more_than_two_in_a_hundred_on(hits, contaminated):
    items = [words(20, start=100 * number) for number in range(100)]
    given = Contamination([("held out", items), ("other", [FOX])], preset=PRESETS["eight_words"])
    for key in range(hits):
        given.see(key, {"output": items[key]})
    told = given.told()
    assert told["held out"] == {
        "items": 100, "hits": hits, "rows": hits, "unjudged": 0, "share": hits / 100, "contaminated": contaminated,
    }  # fmt: skip
    assert told["other"]["contaminated"] is False


def test_one_row_can_be_asked_about_without_being_taken_in():
    given = Contamination([("held out", [FOX])])
    assert [hit.item for hit in given.hits_of({"output": f"So: {FOX}"})] == [0]
    assert given.hits() == []


def test_twenty_planted_rows_are_found_among_two_thousand_and_no_other():
    rng = random.Random(8)
    items = [" ".join(f"i{rng.randrange(900)}" for _ in range(40)) for _ in range(100)]
    items += ["".join(chr(0x4E00 + rng.randrange(900)) for _ in range(60)) for _ in range(100)]
    planted = {100 * number + 7: items[10 * number] for number in range(20)}
    for name in PRESETS:
        given = Contamination([("held out", items)], preset=PRESETS[name])
        for key in range(2000):
            own = " ".join(f"i{rng.randrange(900)}" for _ in range(60))
            given.see(key, {"instruction": own, "output": f"Indeed {planted.get(key, '')}"})
        assert [hit.key for hit in given.hits()] == sorted(planted), name


def test_a_text_that_repeats_itself_costs_no_square():
    ha = "ha " * 20_000
    (hit,) = found([ha], {"output": ha}, preset="eight_words")
    assert hit.share == 1.0


def test_a_rule_of_ones_own_is_a_preset():
    own = Preset("five_words", 5, "any")
    given = Contamination([("held out", [FOX])], preset=own)
    given.see("row", {"output": "a quick brown fox jumps over it"})
    assert [hit.text for hit in given.hits()] == ["quick brown fox jumps over"]
