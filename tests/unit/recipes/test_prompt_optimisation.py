"""Prompt optimisation: the best instruction wins, the trajectory climbs, calls are as many as the formula says."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError

from generation.recipes import recipe
from generation.recipes.prompt_optimisation.course import Course, Tried, course_of, trajectory
from generation.recipes.prompt_optimisation.params import Params
from generation.recipes.prompt_optimisation.placing import placed
from generation.recipes.prompt_optimisation.rows import split
from generation.types import Instance, PoolView, Prompt, PromptView, Reply, SeedView, Sources, Stock
from tests.contracts.playing import Play, stock

RECIPE = recipe("prompt_optimisation")
SCORE, PROPOSE = (stage.name for stage in RECIPE.stages)
SEEDS = [SeedView(n, f"How many legs have {n} spiders?", (Instance("", f"{8 * n} legs"),)) for n in range(1, 13)]
WORDS = ["alpha", "beta", "gamma", "delta", "omega"]
BEST = "alpha beta gamma delta omega"


class Scripted:
    """A model whose answers get better with every known word of the instruction; each step proposes one word more."""

    def __init__(self, proposals: dict[int, str] | None = None) -> None:
        self.metas: list[str] = []
        self.proposals = proposals or {}

    def __call__(self, prompt: Prompt, seed: int) -> Reply:
        slot = prompt.stage.rpartition(".")[2]
        if slot == "propose":
            self.metas.append(prompt.messages[-1].content)
            step = prompt.variables["step"]
            text = self.proposals.get(prompt.sample_index, " ".join(WORDS[:step]) + " x" * prompt.sample_index)
            return Reply(text if text.startswith("raw:") or not text else f"So be it: <INS>{text}</INS>")
        if slot == "judge":
            return Reply("Score: 10" if "legs" in prompt.variables["said"] else "Score: 1")
        number = int(re.findall(r"\d+", prompt.variables["question"])[0])
        known = sum(word in prompt.variables["text"] for word in WORDS)
        return Reply(f"It is {8 * number} legs." if number % 5 < known else "No idea.")


def play(scripted: Any = None, **params: Any) -> Play:
    params = {"steps": 6, "candidates": 2, "train_rows": 8, "held_out_rows": 4} | params
    return Play(RECIPE, Params(**params), Sources(SEEDS), answer=scripted or Scripted()).run()


def scores(done: Play, share: str = "train") -> list[tuple[int, str, float]]:
    drafts = [view.draft for view in done.admitted[SCORE]]
    return [(each.data["step"], each.instruction, each.data["score"]) for each in drafts if each.data["split"] == share]


def test_004_17_the_best_string_wins_and_the_trajectory_climbs():
    scripted = Scripted()
    done = play(scripted)
    tried = scores(done)
    best = max(tried, key=lambda each: (each[2], -each[0]))
    assert best[1] == BEST
    assert best[2] == 100.0
    assert best[0] == 5, "each step adds a word"
    by_step = [max(score for at, _, score in tried if at <= step) for step in range(6)]
    assert by_step == sorted(by_step)
    assert by_step[0] < by_step[-1]
    for meta in scripted.metas:
        shown = [int(found) for found in re.findall(r"^score: (\d+)$", meta, re.MULTILINE)]
        assert shown == sorted(shown)
        assert 1 <= len(shown) <= 20
        assert meta.count("<INS>") == 3 + 3, "three exemplars, and the form that is asked for"
    assert scores(done, "held_out")[-1][1] == BEST
    assert {score for _, _, score in scores(done, "held_out")[-1:]} == {100.0}


def test_004_17_calls_are_those_of_the_formula():
    done = play(steps=5, candidates=2)
    asked = Counter(prompt.stage.rpartition(".")[2] for prompt in done.prompts)
    assert asked["propose"] == 5 * 2
    evaluations = len(scores(done, "held_out"))
    assert evaluations == 3, "of the first, of the best at step 3, and of the best at the end"
    assert asked["answer"] == (5 * 2 + 1) * 8 + evaluations * 4
    least, most = RECIPE.planned_calls(done.params, stock(done.sources))
    assert least <= sum(asked.values()) <= most
    assert most == 10 + 11 * 8 + 3 * 4 == sum(asked.values())
    product = Params()
    assert RECIPE.planned_calls(product, Stock(seeds=60))[1] == 20 * 8 + (20 * 8 + 1) * 20 + 8 * 20


def test_004_17_duplicates_are_skipped_and_at_most_twenty_are_shown():
    scripted = Scripted()
    done = play(scripted, steps=30, candidates=1, patience=30)
    assert done.reasons[PROPOSE, "seen_before"] == 25, "nothing new after the fifth word"
    assert done.reasons[PROPOSE, ""] == 5
    many = [Tried(str(n), float(n), n) for n in range(40)] + [Tried("39", 39.0, 41)]
    course = Course(40, tuple(many), (), True, False, many[39], False, over=False)
    shown = trajectory(course, most=20)
    assert [score for _, score in shown] == list(range(20, 40))
    assert shown[-1] == ("39", 39)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("raw: no tags", "nothing_parsed"),
        ("beta [INS] gamma", "tag_in_text"),
        ("y" * 501, "too_long"),
        ("Answer The Question. ", "seen_before"),
        ("The answer is 8 legs", "leaked_answer"),
        ("", "nothing_parsed"),
    ],
)
def test_candidates_are_filtered(text, reason):
    done = play(Scripted({0: text}), steps=1, candidates=1, exemplars=8)
    assert done.reasons[PROPOSE, reason] == 1


def test_two_equal_candidates_of_one_step_are_one():
    done = play(Scripted({0: "alpha", 1: "ALPHA"}), steps=1)
    assert (done.reasons[PROPOSE, ""], done.reasons[PROPOSE, "seen_before"]) == (1, 1)


def test_it_stops_when_nothing_was_gained_for_long_enough():
    done = play(Scripted({0: "omega", 1: "nothing"}), steps=50, patience=4)
    asked = Counter(prompt.stage.rpartition(".")[2] for prompt in done.prompts)
    assert asked["propose"] == 2 * 5, "step 1 gained, four more did not"


@pytest.mark.parametrize(
    ("objective", "expected"), [("contains", 100.0), ("judge", 100.0), ("exact", 0.0), ("checks", 100.0)]
)
def test_every_objective_scores_from_0_to_100(objective, expected):
    done = play(Scripted({0: BEST, 1: "x"}), steps=1, objective=objective)
    assert {text: score for _, text, score in scores(done)}[BEST] == expected
    if objective == "judge":
        slots = Counter(prompt.stage.rpartition(".")[2] for prompt in done.prompts)
        assert slots["judge"] == slots["answer"]
        assert sum(slots.values()) <= RECIPE.planned_calls(done.params, stock(done.sources))[1]


def test_what_people_approved_is_shown_as_the_score_and_nothing_is_scored():
    versions = [
        PromptView("a.b", 2, "Better words", 9, 10), PromptView("a.b", 1, "First words", 1, 4),
        PromptView("a.b", 3, "Untried words", 0, 0), PromptView("other.slot", 1, "Else", 1, 1),
    ]  # fmt: skip
    scripted = Scripted({0: "Still better words"})
    params = Params(objective="approval", target="a.b", candidates=1, steps=9)
    done = Play(RECIPE, params, Sources(SEEDS, prompts=versions), answer=scripted).run()
    assert len(done.prompts) == 1
    assert RECIPE.planned_calls(params, stock(done.sources)) == (1, 1)
    [meta] = scripted.metas
    assert re.findall(r"text: (.*)\nscore: (\d+)", meta) == [("First words", "25"), ("Better words", "90")]
    assert done.admitted[PROPOSE][0].draft.instruction == "Still better words"


def test_failed_answers_leave_the_mean_of_the_others():
    def answer(prompt: Prompt, seed: int) -> Reply:
        if prompt.stage == PROPOSE:
            return Reply("<INS>better</INS>")
        number = int(re.findall(r"\d+", prompt.variables["question"])[0])
        if number % 2 or "better" in prompt.variables["text"]:
            return Reply(failure="timeout")
        return Reply(f"{8 * number} legs")

    done = play(answer, steps=1, candidates=1)
    [first] = [view.draft for view in done.admitted[SCORE] if view.draft.data["split"] == "train"]
    assert first.data["score"] == 100.0
    assert 1 <= first.data["rows"] < 8
    assert done.reasons[SCORE, "call_failed"] == 1


def test_rows_are_parted_once_and_unlabelled_ones_left_out_where_answers_count():
    seeds = [*SEEDS, SeedView(99, "Unanswered")]
    pools = [PoolView(wave, seeds, random_seed=7) for wave in (0, 4)]
    first, later = (split(pool, Params(train_rows=5, held_out_rows=3)) for pool in pools)
    assert first == later
    assert (len(first[0]), len(first[1])) == (5, 3)
    assert not {row.question for row in first[0]} & {row.question for row in first[1]}
    assert all(row.answer for share in first for row in share)
    assert len(split(pools[0], Params(objective="judge", held_out_rows=0))[0]) == 13
    assert course_of(PoolView(0), Params()).over


def test_an_instruction_stands_at_each_of_four_places():
    said = {each: placed("I", "q", each, language="en") for each in
            ("before_question", "question_begin", "question_end", "answer_begin")}  # fmt: skip
    assert said == {
        "before_question": "I\n\nQ: q\n\nA:", "question_begin": "Q: I\nq\n\nA:", "question_end": "Q: q\nI\n\nA:",
        "answer_begin": "Q: q\n\nA: I",
    }  # fmt: skip
    assert placed("指", "问", "answer_begin", language="zh") == "问：问\n\n答： 指"


def test_a_chinese_search_speaks_chinese():
    seeds = [SeedView(n, f"{n}只蜘蛛有几条腿？", (Instance("", f"{8 * n}条"),)) for n in range(1, 7)]
    done = Play(RECIPE, Params(steps=1, candidates=1), Sources(seeds), "zh", answer=Scripted({0: "alpha"})).run()
    meta = next(prompt for prompt in done.prompts if prompt.stage == PROPOSE).messages[-1].content
    assert "文本：请回答问题。\n得分：" in meta
    assert "正确答案：" in meta


@pytest.mark.parametrize(
    "wrong",
    [{"objective": "approval"}, {"checks": ["rhymes"]}, {"objective": "checks", "checks": []}, {"start": ["a" * 501]}],
)
def test_params_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ValidationError):
        Params(**wrong)
