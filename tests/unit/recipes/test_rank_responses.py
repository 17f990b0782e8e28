"""Answers that are there are ranked by whatever signal there is, and paired by every strategy."""

from itertools import combinations

import pytest

from generation.recipes import recipe
from generation.recipes.base import asks_model
from generation.recipes.rank_responses.params import Params
from generation.types import AnswerView, SampleView, Sources, Stock
from tests.unit.recipes.judged_runs import longer, play

STAGE = "rank_responses.rank"


def prompt_with(*answers: AnswerView, output: str = "") -> Sources:
    return Sources(samples=[SampleView(1, 1, "Why does ice float?", output=output, language="en", answers=answers)])


def numbered(count: int, **signals) -> list[AnswerView]:
    """Answers that grow longer, and better by whatever signal is given as a list."""
    return [
        AnswerView(100 + n, f"Because of reason number {n}" + ", and more" * n,
                   **{name: values[n] for name, values in signals.items()}, **({"low": 0, "high": 10} if "score" in
                   signals else {}))
        for n in range(count)
    ]  # fmt: skip


def ranked(played, kind="pair"):
    return [view.draft for view in played.admitted[STAGE] if view.draft.kind == kind]


@pytest.mark.parametrize(
    "signals",
    [{"score": [2.0, 5.0, 9.0]}, {"rank": [3, 2, 1]}, {"good": [False, True, True]}],
    ids=lambda each: next(iter(each)),
)
def test_scores_ranks_and_thumbs_lead_to_the_same_preference_and_ask_nobody(signals):
    params = Params(judge="uploaded")
    assert not asks_model(recipe("rank_responses"), params)
    played = play("rank_responses", sources=prompt_with(*numbered(3, **signals)), judge="uploaded")
    assert played.prompts == []
    chosen = {draft.answer_ids for draft in ranked(played)}
    assert chosen == ({(101, 100), (102, 100)} if "good" in signals else {(102, 100)})
    for draft in ranked(played):
        assert (draft.data["pair_source"], draft.data["held"], draft.data["rubric"]) == ("score", "", "")


def test_every_good_answer_meets_every_bad_one_up_to_the_most():
    answers = numbered(6, good=[True, False, True, False, False, True])
    assert len(ranked(play("rank_responses", sources=prompt_with(*answers), judge="uploaded"))) == 9
    assert len(ranked(play("rank_responses", sources=prompt_with(*answers), judge="uploaded", most_pairs=4))) == 4


@pytest.mark.parametrize("count", range(2, 10))
def test_strategies_make_as_many_pairs_as_they_should(count):
    answers = numbered(count, score=[float(n) for n in range(count)])
    every = len(list(combinations(range(count), 2)))
    wanted = {"best_worst": 1, "best_random": 1, "adjacent": count - 1, "best_vs_rest": count - 1, "all_pairs": every,
              "threshold": every}  # fmt: skip
    for strategy, pairs in wanted.items():
        played = play("rank_responses", sources=prompt_with(*answers), judge="uploaded", strategy=strategy)
        assert len(ranked(played)) == pairs, strategy


def test_a_judge_gives_every_answer_a_score_and_a_rank():
    played = play("rank_responses", sources=prompt_with(*numbered(3)), better=longer, canary_share=0)
    assert len(played.prompts) == 6
    assert {prompt.part for prompt in played.prompts} == {""}
    scores = ranked(played, "score")
    assert [(each.answer_ids, each.scores["judge"].value, each.data["rank"]) for each in scores] == [
        ((100,), 0.0, 3), ((101,), 1.0, 2), ((102,), 2.0, 1),
    ]  # fmt: skip
    [pair] = ranked(played)
    assert (pair.answer_ids, pair.sample_ids, pair.data["consistent"]) == ((102, 100), (1,), True)


def test_two_answers_on_which_a_judge_changes_its_mind_are_told_so():
    played = play("rank_responses", sources=prompt_with(*numbered(2)), better=lambda *_: "A")
    [pair] = ranked(played)
    assert (pair.answer_ids, pair.data["held"], pair.data["consistent"]) == ((100, 101), "position_inconsistent", False)


def test_a_reference_is_shown_only_when_it_is_wanted_and_never_when_it_is_one_of_the_answers():
    answers = numbered(2)
    for wanted, output, shown in (
        (False, "A reference.", False),
        (True, "A reference.", True),
        (True, answers[0].text, False),
    ):
        played = play("rank_responses", sources=prompt_with(*answers, output=output), better=longer, reference=wanted)
        judged = [prompt for prompt in played.prompts if "Why does ice" in prompt.variables["task"]]
        assert any(prompt.variables["known"] == output for prompt in judged) == shown


def test_rules_ask_no_model_and_say_that_they_are_scores():
    played = play("rank_responses", sources=prompt_with(*numbered(3)), judge="heuristics", margin=0.0001)
    assert played.prompts == []
    assert all(each.data["pair_source"] == "score" for each in ranked(played))
    assert len(ranked(played, "score")) == 3


def test_planned_calls_follow_the_answers():
    made, stock = recipe("rank_responses"), Stock(answered=(4, 4, 4))
    for judge, calls in (("single", 12), ("pairwise", 36), ("aspects", 12), ("uploaded", 0), ("heuristics", 0)):
        assert made.planned_calls(Params(judge=judge, canary_share=0), stock)[1] == calls


@pytest.mark.parametrize(("judge", "calls"), [("single", 5), ("pairwise", 8), ("aspects", 8)])
def test_planned_calls_are_those_of_the_prompts_that_the_run_takes(judge, calls):
    stock, params = Stock(answered=(2, 3, 9, 9)), Params(judge=judge, canary_share=0, most_rows=2)
    assert recipe("rank_responses").planned_calls(params, stock)[1] == calls
