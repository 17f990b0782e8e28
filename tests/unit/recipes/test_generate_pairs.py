"""Several candidates: all kept with their scores, the same said twice collapsed, best against worst, ties dropped."""

import random

import pytest

from generation.recipes import recipe
from generation.recipes.base import Context, PromptText
from generation.recipes.generate_pairs.params import Params
from generation.types import PoolView, Stock, Task
from tests.unit.recipes.judged_runs import LEAK, SEEDS, longer, play

TEXTS = ["One word.", "Two whole words.", "Three words, all of them.", "Four words and one more of them."]
STAGE = "generate_pairs.candidates"


def said(prompt):
    return TEXTS[prompt.sample_index]


def drafts(played, kind):
    return [view.draft for view in played.admitted[STAGE] if view.draft.kind == kind]


def test_002_04_four_candidates_are_kept_with_their_scores_and_what_says_the_same_is_collapsed():
    score = {text: 2.0 + 2 * at for at, text in enumerate(TEXTS)}.get
    played = play("generate_pairs", answers=said, score=score, canary_share=0)
    answers = drafts(played, "answer")
    assert [each.output for each in answers] == TEXTS * len(SEEDS)
    assert [each.scores["judge"].value for each in answers[:4]] == [2.0, 4.0, 6.0, 8.0]
    assert [each.data["rank"] for each in answers[:4]] == [4, 3, 2, 1]
    assert [each.data["meta"]["temperature"] for each in answers[:4]] == [0.7, 0.8, 0.9, 1.0]
    assert len(played.prompts) == len(SEEDS) * (4 + 4)
    asked = [prompt for prompt in played.prompts if prompt.stage == "generate_pairs.answer"][:4]
    assert [prompt.part for prompt in asked] == ["", "second", "third", "fourth"]
    assert [prompt.sample_index for prompt in asked] == [0, 1, 2, 3]

    twice = play(
        "generate_pairs", answers=lambda prompt: TEXTS[prompt.sample_index // 2].upper() + " " * 3, score=score
    )
    assert len(drafts(twice, "answer")) == 2 * len(SEEDS)
    once = play("generate_pairs", answers=lambda prompt: TEXTS[0], score=score, canary_share=0)
    assert once.reasons == {(STAGE, ""): len(SEEDS), (STAGE, "too_few_answers"): len(SEEDS)}
    assert len(once.prompts) == 4 * len(SEEDS)


def test_002_14_the_best_goes_with_the_worst_and_equal_scores_are_dropped_as_a_tie():
    score = dict(zip(TEXTS, [7.0, 9.0, 3.0, 7.0], strict=True)).get
    pairs = drafts(play("generate_pairs", answers=said, score=score), "pair")
    assert len(pairs) == len(SEEDS)
    for each in pairs:
        assert (each.output, each.rejected, each.data["margin"], each.data["held"]) == (TEXTS[1], TEXTS[2], 6.0, "")
        assert each.data["meta"]["judge"]["scores"] == [9.0, 3.0]
        assert (each.data["chosen_model"], each.data["rejected_model"]) == ("model-second", "model-third")
    tied = play("generate_pairs", answers=said, score=lambda text: 5.0)
    assert tied.reasons[STAGE, "tie"] == len(SEEDS)
    assert drafts(tied, "pair") == []


def test_a_judge_that_compares_meets_every_two_in_both_orders():
    played = play("generate_pairs", answers=said, better=longer, judge="pairwise", candidates=3, canary_share=0)
    assert len(played.prompts) == len(SEEDS) * (3 + 3 * 2)
    first = drafts(played, "pair")[0]
    assert (first.output, first.rejected, first.data["consistent"]) == (TEXTS[2], TEXTS[0], True)
    assert [each.scores["judge"].value for each in drafts(played, "answer")[:3]] == [0.0, 1.0, 2.0]
    moody = play("generate_pairs", answers=said, better=lambda *_: "A", judge="pairwise", candidates=3)
    assert moody.reasons[STAGE, "position_inconsistent"] == len(SEEDS)


def test_g_eval_writes_its_steps_once_and_everything_waits_for_them():
    played = play("generate_pairs", answers=said, judge="g_eval", samples=2)
    stages = [prompt.stage for prompt in played.prompts]
    assert stages[0] == "judging.steps"
    assert stages.count("judging.steps") == 1
    told = [prompt.variables["steps"] for prompt in played.prompts if "steps" in prompt.variables]
    assert len(told) == 2 * 2 + 2 * 4 * len(SEEDS), "two samples of each text, those of the planted attack among them"
    assert all("1. Read it.\n2. Grade it." in each for each in told)
    assert recipe("generate_pairs").planned_calls(played.params, Stock(seeds=3))[1] == len(played.prompts)


@pytest.mark.parametrize(("judge", "calls"), [("single", 8), ("pairwise", 16), ("aspects", 8), ("heuristics", 4)])
def test_planned_calls(judge, calls):
    made, params = recipe("generate_pairs"), Params(judge=judge, canary_share=0)
    assert made.planned_calls(params, Stock(seeds=10)) == (40, 10 * calls)


def test_nobody_is_shown_the_rows_own_output():
    played = play("generate_pairs", answers=said, score=lambda text: float(len(text) % 10 + 1))
    assert not [each for prompt in played.prompts for each in prompt.messages if LEAK in each.content]
    assert all(LEAK not in (each.output, each.rejected) for each in played.made())


@pytest.mark.parametrize(
    ("chosen", "turns"),
    [
        ((), ["", "", "", ""]),
        (("second",), ["", "second", "", "second"]),
        (("judge", "fourth"), ["", "fourth", "", "fourth"]),
        (("second", "third"), ["", "second", "third", ""]),
    ],
)
def test_the_models_that_were_chosen_take_turns_and_nobody_answers_for_one_that_was_not(chosen, turns):
    made = recipe("generate_pairs")
    texts = {slot.name: PromptText(slot.shipped("en")) for stage in made.stages for slot in stage.prompts}
    context = Context(Params(), texts, "en", random.Random(1), parts=chosen)
    stage = next(each for each in made.stages if each.name == STAGE)
    [task] = stage.plan(PoolView(0, seeds=SEEDS[:1]), context)
    assert [prompt.part for prompt in next(stage.work(Task(1, task), context))] == turns
