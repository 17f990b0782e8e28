"""Scores: read on their scale or not at all."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError

from generation.recipes import recipe
from generation.recipes.quality_scoring.params import Params
from generation.types import Prompt, Reply, SampleView, Score, Sources
from tests.contracts.playing import Play

RECIPE = recipe("quality_scoring")
SAMPLE = SampleView(5, 2, "Name a tea", "for the evening", "Camomile.", "Be brief.", (("Hello", "Hi"),))


def play(replies: dict[str, str | Reply], *samples: SampleView, language: str = "en", **params: Any) -> Play:
    def answer(prompt: Prompt, seed: int) -> Reply:
        reply = replies[prompt.stage.rpartition(".")[2]]
        return reply if isinstance(reply, Reply) else Reply(reply)

    return Play(RECIPE, Params(**params), Sources(samples=samples or (SAMPLE,)), language, answer=answer).run()


def test_complexity_quality_and_their_product_are_one_draft():
    done = play({"complexity": "Because.\nScore: 3", "quality": "Fine. Score: 5"})
    [draft] = done.made()
    assert draft.scores == {"complexity": Score(3, 1, 6), "quality": Score(5, 1, 6), "evol": Score(15, 1, 36)}
    assert (draft.kind, draft.sample_ids) == ("score", (5,))
    asked = done.prompts[0].messages[-1].content
    for part in ("Be brief.", "Hello", "Hi", "Name a tea", "for the evening"):
        assert part in asked
    assert "Camomile" not in asked
    assert "Camomile" in done.prompts[1].messages[-1].content


@pytest.mark.parametrize("said", ["Score: 7", "Score: 0", "Score: 4.5", "Score: 8/10", "good", "", "评分：七"])
def test_what_is_off_the_scale_is_dropped_and_never_clamped(said):
    done = play({"complexity": said, "quality": "Score: 5"})
    [draft] = done.made()
    assert set(draft.scores) == {"quality"}, "and no product of one factor"
    assert done.reasons == Counter({(RECIPE.stages[0].name, ""): 1, (RECIPE.stages[0].name, "invalid_score"): 1})


@pytest.mark.parametrize(
    ("reply", "reason"),
    [(Reply(failure="timeout"), "call_failed"), (Reply("Well", finish_reason="length"), "truncated_reply")],
)
def test_calls_without_a_score_say_why(reply, reason):
    done = play({"complexity": reply, "quality": reply})
    assert {each for _, each in done.reasons} == {reason}


def test_a_rubric_of_one_s_own_has_its_scale():
    done = play(
        {"rubric": "评分：9"}, language="zh", complexity=False, quality=False, aspect="tone", rubric="10: warm", high=10
    )
    assert done.made()[0].scores == {"tone": Score(9, 1, 10)}
    assert "10: warm" in done.prompts[0].messages[-1].content


def test_a_sample_without_an_answer_is_asked_for_its_complexity_alone():
    done = play({"complexity": "Score: 2"}, SampleView(1, 1, "Only a prompt"))
    assert done.made()[0].scores == {"complexity": Score(2, 1, 6)}
    assert ("quality_scoring.scores", "missing_answer") in done.reasons
    assert len(done.prompts) == 1
    assert not play({}, SampleView(1, 1, "Only a prompt"), complexity=False).prompts


def test_the_last_score_counts_and_chinese_marks_too():
    done = play({"complexity": "Score: 2 would be low.\n**Score:** 4", "quality": "理由。\n评分： 6/6"})
    assert done.made()[0].scores["evol"] == Score(24, 1, 36)


@pytest.mark.parametrize(
    "wrong",
    [
        {"complexity": False, "quality": False}, {"aspect": "Tone", "rubric": "x"}, {"aspect": "tone"},
        {"aspect": "quality", "rubric": "x"}, {"low": 5, "high": 5}, {"aspect": "a b", "rubric": "x"},
    ],
)  # fmt: skip
def test_params_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ValidationError):
        Params(**wrong)
