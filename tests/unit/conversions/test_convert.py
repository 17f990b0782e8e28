"""Rows of one kind as rows of another: what comes of each, and what is said of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from generation.conversions.convert import ARROWS, NoArrow, Settings, answered, arrow, convert, kind_of, kinds_reachable
from generation.types import Candidate, Example, Feedback, Pair, Ranking, RowError, Stepwise, Text, Turn
from tests.contracts.rows_of import FEATURES, plain, row_of, rows

ASKED = Example("Q?", system="S")
PAIR = Pair(ASKED, Candidate("Good.", score=4, model="large"), Candidate("Bad.", score=1), meta={"judge": "eva"})


def converted(*given_rows, to, **settings):
    return [row for _, row in convert(enumerate(given_rows, 1), to=to, settings=Settings(**settings))]


def test_each_kind_reaches_the_kinds_of_the_table():
    assert kinds_reachable("sft") == ("sft", "prompt", "text")
    assert kinds_reachable("preference") == ("preference", "feedback", "ranking", "sft", "prompt")
    assert kinds_reachable("ranking") == ("ranking", "preference", "feedback", "sft", "prompt")
    assert kinds_reachable("feedback") == ("feedback", "preference", "sft", "prompt")
    assert kinds_reachable("stepwise") == ("stepwise", "sft", "feedback", "prompt")
    assert kinds_reachable("text") == ("text",)
    assert kinds_reachable("prompt") == ("prompt",)
    with pytest.raises(NoArrow):
        arrow("text", "sft")


@pytest.mark.parametrize("each", ARROWS, ids=lambda each: f"{each.source} to {each.target}")
def test_an_arrow_makes_rows_of_its_target(each):
    row = row_of(each.source, (), plain)
    given_rows = (
        [row, Feedback(answered(row.example, Candidate("Other.")), good=False)] if each.source == "feedback" else [row]
    )
    if isinstance(row, Stepwise):
        given_rows = [Stepwise(row.prompt, row.completions, (True, True))]
    if each.source == "ranking":
        given_rows = [row_of("ranking", {"scores"}, plain)]
    made = converted(*given_rows, to=each.target, good_from=8, render=lambda example: example.instruction)
    good = [one for one in made if not isinstance(one, RowError)]
    assert good
    assert {kind_of(one) for one in good} == {each.target}


def test_a_pair_is_an_answer_to_learn_and_two_ratings():
    assert converted(PAIR, to="sft") == [Example("Q?", output="Good.", system="S", meta={"judge": "eva"})]
    good, bad = converted(PAIR, to="feedback")
    assert (good.example.output, good.good, bad.example.output, bad.good) == ("Good.", True, "Bad.", False)
    assert good.meta == bad.meta == {"judge": "eva"}


def test_with_a_threshold_the_better_of_two_bad_answers_is_still_bad():
    low = Pair(ASKED, Candidate("Poor.", score=2), Candidate("Worse.", score=1))
    assert [row.good for row in converted(low, to="feedback", good_from=3.5)] == [False, False]
    assert [row.good for row in converted(PAIR, to="feedback", good_from=4)] == [True, False]


def test_ratings_of_one_prompt_become_pairs_and_the_lonely_ones_are_named():
    told = [("Q?", "a", True), ("Other?", "x", True), ("Q?", "b", False), ("Q?", "c", False), ("Q?", "d", True)]
    given_rows = [Feedback(Example(asked, output=said), good) for asked, said, good in told]
    pairs = converted(*given_rows, to="preference")
    found = [(row.chosen.text, row.rejected.text) for row in pairs if isinstance(row, Pair)]
    assert found == [("a", "b"), ("a", "c"), ("d", "b"), ("d", "c")]
    assert [(row.line, row.code, row.severity) for row in pairs if isinstance(row, RowError)] == [
        (2, "no_counterpart", "warning")
    ]
    few = converted(*given_rows, to="preference", most_pairs=2)
    assert [row.chosen.text for row in few if isinstance(row, Pair)] == ["a", "a"]


def test_an_answer_rated_both_ways_is_no_pair_of_its_own():
    both = [Feedback(Example("Q?", output="a"), good) for good in (True, False)]
    assert [row.code for row in converted(*both, to="preference")] == ["no_counterpart"]


@given(drawn=rows("preference", among=set(FEATURES["preference"]) - {"tools", "scores", "models"}))
@settings(max_examples=200, deadline=None)
def test_a_pair_taken_apart_and_put_together_is_the_same_pair(drawn):
    _, pair = drawn
    assert converted(*converted(pair, to="feedback"), to="preference") == [pair]
    assert converted(*converted(pair, to="ranking"), to="preference") == [pair]


def test_a_ranking_gives_pairs_its_best_answer_and_ratings():
    ranking = Ranking(ASKED, tuple(Candidate(str(score), score=score) for score in (7, 9, 7, 3)))
    pairs = converted(ranking, to="preference", strategy="best_worst")
    assert [(row.chosen.text, row.rejected.text) for row in pairs] == [("9", "3")]
    assert len(converted(ranking, to="preference")) == 5
    assert [row.output for row in converted(ranking, to="sft")] == ["9"]
    assert [row.good for row in converted(ranking, to="feedback", good_from=7)] == [True, True, True, False]
    assert [row.code for row in converted(ranking, to="feedback")] == ["no_threshold"]


def test_a_row_that_gives_nothing_is_a_warning_and_the_rest_goes_on():
    tie = Ranking(ASKED, (Candidate("a", rank=1), Candidate("b", rank=1)))
    bad = Feedback(Example("Q?", output="Bad."), good=False)
    wrong = Stepwise("Q?", ("One.", "Two."), (True, False))
    assert [(row.code, row.severity) for row in converted(tie, to="preference")] == [("no_pair", "warning")]
    made = converted(bad, wrong, PAIR, to="sft")
    assert [getattr(row, "code", "") for row in made] == ["bad_answer", "bad_answer", ""]
    assert converted(Text("t"), to="sft")[0].code == "wrong_kind"
    assert converted(RowError(1, "bad_json"), to="sft") == [RowError(1, "bad_json")]


def test_a_prompt_leaks_nothing_of_the_answer():
    tool = (Turn("assistant", "Let me look."), Turn("tool", "42"))
    sft = Example("Q?", output="A.", steps=tool, weight=1.0)
    assert converted(sft, to="prompt") == [Example("Q?")]
    assert converted(Feedback(sft, good=True), to="prompt") == [Example("Q?")]
    assert converted(PAIR, to="prompt") == [Example("Q?", system="S", meta={"judge": "eva"})]


def test_text_needs_a_template():
    assert converted(Example("Q?", output="A."), to="text", render=lambda row: f"<{row.output}>") == [Text("<A.>")]
    assert converted(Example("Q?", output="A."), to="text")[0].code == "no_template"


def test_the_steps_of_a_right_solution_become_one_answer():
    right = Stepwise("Q?", ("One.", "Two."), (True, True))
    assert converted(right, to="sft") == [Example("Q?", output="One.\nTwo.")]
    assert converted(right, to="sft", step_separator=" ")[0].output == "One. Two."
