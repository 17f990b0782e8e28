"""The four rules of elimination, in English and Chinese."""

import pytest

from generation.recipes.evol_instruct.elimination import (
    is_only_stop_words,
    is_same_text,
    is_short_apology,
    leaks_markers,
    says_nothing_new,
)
from generation.recipes.score_replies import last_score

LONG = "I am sorry for the delay of the parcel. " + "The parcel left the depot on Monday and reached the harbour. " * 9
LONG_ZH = "对不起，包裹晚到了。" + "包裹星期一离开仓库，当天到达港口，第二天装船。" * 8


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("Equal", True), ("equal.", True), ("Not Equal", False), ("NOT-EQUAL", False), ("**Not Equal**", False),
        ("They look equal at first, but the second asks for more: Not Equal", False),
        ("They are not equal in words. Still, Equal", True),
        ("相同", True), ("不同", False), ("不相同。", False), ("两条指令相同", True), ("不等", False),
        ("并不完全相同", False), ("不一样", False),
        ("Not quite equal", False),
        ("It depends.", None), ("", None), ("要看怎么理解", None), ("Unequalled", None),
    ],
)  # fmt: skip
def test_rule_1_reads_the_judges_last_word(reply, verdict):
    assert says_nothing_new(reply) is verdict


@pytest.mark.parametrize(
    ("answer", "short"),
    [
        ("Sorry, I can't do that.", True), ("I apologise, this is beyond me.", True), ("抱歉，我做不到。", True),
        ("这个问题我无法回答。", True), (LONG, False), (LONG_ZH, False), ("The sorrow of the sea.", False),
        ("Take the second road.", False),
    ],
)  # fmt: skip
def test_rule_2_is_an_apology_under_80_words_or_120_characters_of_chinese(answer, short):
    assert is_short_apology(answer) is short


def test_rule_2_ends_exactly_at_its_bounds():
    assert is_short_apology("sorry " + "word " * 78)
    assert not is_short_apology("sorry " + "word " * 79)
    assert is_short_apology("抱歉" + "好" * 117)
    assert not is_short_apology("抱歉" + "好" * 118)


@pytest.mark.parametrize(
    ("answer", "nothing"),
    [("...", True), ("It is what it is.", True), ("And so on!", True), ("是的，就是这个。", True), ("好吧……", True),
     ("Paris.", False), ("It is blue.", False), ("是北京。", False), ("42", False), ("", False)],
)  # fmt: skip
def test_rule_3_is_an_answer_of_stop_words_and_punctuation_alone(answer, nothing):
    assert is_only_stop_words(answer) is nothing


@pytest.mark.parametrize(
    "leaking",
    ["#Rewritten Prompt#: Name a bird.", "The given prompt asks for a bird.", "Here is the created prompt.",
     "#Given Prompt# Name it", "改写后的提示：说出一种鸟。", "#给定提示# 说出", "新建的指令：说出"],
)  # fmt: skip
def test_rule_4_is_the_prompts_own_scaffolding(leaking):
    assert leaks_markers(leaking, parent="Name a bird.")
    assert not leaks_markers(leaking, parent=leaking), "unless the parent speaks of it itself"


def test_rule_4_leaves_other_words_alone():
    assert not leaks_markers("Rewrite the prompt note that was given.", parent="x")
    assert not leaks_markers("说明怎样改写一段文字。", parent="x")


def test_a_text_that_differs_in_dress_alone_is_the_same():
    assert is_same_text("Name a bird", parent="name a  bird!")
    assert not is_same_text("Name two birds", parent="Name a bird")


@pytest.mark.parametrize(
    ("text", "score"),
    [("Score: 7", 7), ("score:10", 10), ("Score: 3\nSo: Score: 8", 8), ("**Score:** 5", 5), ("评分：4", 4),
     ("得分: 9", 9), ("Score: 8/10", 8), ("Score: 4/5", None), ("Score: 11", None), ("Score: 0", None),
     ("Score: 7.5", None),
     ("Score: -3", None), ("seven", None), ("", None), ("Underscore 7", None), ("Score: 5.0", 5)],
)  # fmt: skip
def test_a_score_is_the_last_one_on_its_scale_and_never_guessed(text, score):
    assert last_score(text, low=1, high=10) == score
