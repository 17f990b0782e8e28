"""Two models compared: kept where the judge prefers the stronger one in both orders, and what becomes of the rest."""

import pytest

from generation.recipes import recipe
from generation.recipes.base import parts
from generation.recipes.model_comparison.params import Params
from generation.types import Reply, Stock
from tests.unit.recipes.judged_runs import LEAK, SEEDS, longer, play

GOOD, POOR = "It is edible once it is boiled for ten minutes.", "Perhaps."
COMPARE = "model_comparison.compare"


def strong_first(prompt):
    return POOR if prompt.part == "low" else GOOD


def weak_first(prompt):
    return GOOD if prompt.part == "low" else POOR


def pairs_of(played):
    return [draft for draft in played.made() if draft.kind == "pair"]


def test_002_12_high_in_both_orders_is_kept_the_rest_is_held_back_or_goes_by_the_policy():
    kept = pairs_of(play("model_comparison", answers=strong_first, better=longer))
    assert len(kept) == len(SEEDS)
    for draft in kept:
        assert (draft.output, draft.rejected, draft.data["held"]) == (GOOD, POOR, "")
        assert (draft.data["consistent"], draft.data["pair_source"]) == (True, "model_gap")
        judge = draft.data["meta"]["judge"]
        assert (judge["kind"], judge["forward"], judge["backward"]) == ("pairwise", "chosen", "chosen")
        assert draft.counted == {"gap": "high"}

    turned = pairs_of(play("model_comparison", answers=strong_first, better=lambda left, right: "A"))
    assert {(draft.data["held"], draft.data["consistent"]) for draft in turned} == {("position_inconsistent", False)}

    dropped = play("model_comparison", answers=weak_first, better=longer)
    assert dropped.reasons[COMPARE, "prefers_low"] == len(SEEDS)
    swapped = pairs_of(play("model_comparison", answers=weak_first, better=longer, prefers_low="swap"))
    assert {(each.output, each.data["held"], each.data["pair_source"]) for each in swapped} == {(GOOD, "", "judge")}
    assert {(each.data["chosen_model"], each.data["rejected_model"]) for each in swapped} == {
        ("model-low", "model-own")
    }
    waiting = pairs_of(play("model_comparison", answers=weak_first, better=longer, prefers_low="review"))
    assert {(each.output, each.data["held"]) for each in waiting} == {(POOR, "prefers_low")}


@pytest.mark.parametrize(("gap", "held"), [(0.4, "below_margin"), (0.5, "")])
def test_with_scores_order_and_margin_must_both_hold(gap, held):
    score = {GOOD: 4.0 + gap, POOR: 4.0}.get
    played = play("model_comparison", answers=strong_first, better=longer, score=score, scored=True, low=1, high=5)
    assert {(each.data["held"], round(each.data["margin"], 9)) for each in pairs_of(played)} == {(held, gap)}
    own, canaries = 3 * (2 + 2 + 2), 2
    assert len(played.prompts) == own + canaries
    assert recipe("model_comparison").planned_calls(played.params, Stock(seeds=3))[1] == len(played.prompts)


@pytest.mark.parametrize(
    ("high", "low", "reason"),
    [
        (GOOD, "  ", "empty_answer"), ("I'm sorry, but I can't help with that.", POOR, "refusal"),
        (GOOD, GOOD.upper() + " ", "identical"), (" ".join("abcdefghijkl"), " ".join("abcdefghijkz"), "near_identical"),
        (GOOD, Reply(failure="timeout"), "call_failed"), (GOOD, Reply("It", "length"), "truncated_reply"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_dropped_before_a_judge_is_paid(high, low, reason):
    played = play("model_comparison", answers=lambda prompt: low if prompt.part else high, canary_share=0)
    assert played.reasons == {(COMPARE, reason): 3}
    assert len(played.prompts) == 2 * 3


def test_without_verification_pairs_wait_unverified():
    played = play("model_comparison", answers=weak_first, verify=False, judge="g_eval")
    assert {each.data["held"] for each in pairs_of(played)} == {"unverified"}
    assert len(played.prompts) == 2 * 3
    assert recipe("model_comparison").planned_calls(played.params, Stock(seeds=3)) == (6, 6)


def test_both_models_are_asked_alike_and_nobody_learns_a_name_or_the_rows_own_output():
    played = play("model_comparison", answers=strong_first, better=longer)
    asked = [prompt for prompt in played.prompts if prompt.stage == "model_comparison.answer"]
    assert {prompt.part for prompt in asked} == {"", "low"}
    assert len({(prompt.messages, prompt.sampling) for prompt in asked}) == len(SEEDS)
    told = " ".join(message.content for prompt in played.prompts for message in prompt.messages)
    assert LEAK not in told
    assert not any(name in told for name in ("model-own", "model-low", "judge-1"))
    with_reference = play("model_comparison", answers=strong_first, better=longer, reference=True)
    shown = {prompt.stage for prompt in with_reference.prompts for each in prompt.messages if LEAK in each.content}
    assert shown == {"judging.pairwise"}


def test_the_weaker_model_is_required_and_another_one():
    low, judge = parts(recipe("model_comparison"))
    assert (low.name, low.required, low.unlike, judge.name, judge.required) == ("low", True, True, "judge", False)
    assert Params().judge == "pairwise"


def test_planned_calls_are_n_times_two_and_two():
    made = recipe("model_comparison")
    assert made.planned_calls(Params(canary_share=0), Stock(seeds=100)) == (200, 400)
    assert made.planned_calls(Params(), Stock(seeds=100)) == (202, 402)
    assert made.planned_calls(Params(most_rows=10), Stock(seeds=100)) == (22, 42)
