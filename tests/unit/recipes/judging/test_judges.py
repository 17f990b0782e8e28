"""The judges: what they ask, and what they make of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from generation.preferences.gate import held_back
from generation.recipes.base import PromptText
from generation.recipes.judging import JUDGES, SLOTS, Duel, Question, UnknownJudge, judge
from generation.recipes.judging.g_eval import Steps
from generation.recipes.judging.params import JudgedParams, least_margin, rubric_hash
from generation.recipes.judging.standing import case_of, facts_of, standings
from generation.types import AdmittedView, AnswerView, PoolView, Score, Task
from tests.unit.recipes.judging.judged import by_rules, context, driven, judged

TASK = Question("Why does ice float?", "en", steps=("Read it.", "Score it."))
TEXTS = ("Because it is less dense than water, as its lattice is open.", "It floats.", "I'm sorry, I cannot say.")


def test_names_are_found_again_and_the_form_knows_them_all():
    assert [judge(each.name) for each in JUDGES] == list(JUDGES)
    assert list(JudgedParams.model_json_schema()["properties"]["judge"]["enum"]) == [each.name for each in JUDGES]
    with pytest.raises(UnknownJudge):
        judge("coin")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", [each.name for each in JUDGES if each.asks_model])
def test_a_judge_sees_texts_behind_fresh_fences_and_asks_as_often_as_it_says(name, language):
    asked, again = [], []
    for seed, into in ((1, asked), (1, again)):
        judged(TASK, TEXTS, asked=into, judge=name, language=language, seed=seed, samples=3)
    first = [each for each in asked if not each.stage.endswith(".repair")]
    assert len(first) == judge(name).calls(3, JudgedParams(judge=name, samples=3))
    assert [each.messages for each in asked] == [each.messages for each in again]
    for prompt in first:
        assert prompt.part == "judge"
        assert prompt.json_schema is not None
        shown = prompt.messages[-1].content
        opened = [line.split()[1] for line in shown.splitlines() if line.startswith("```data ")]
        closed = [line.split()[2] for line in shown.splitlines() if line.startswith("``` end ")]
        assert opened == closed
        assert len(opened) >= 2
        assert len(set(opened)) == len(opened)


def test_002_15_scores_by_a_model_by_rules_and_by_upload_are_judges_alike():
    worth = dict(zip(TEXTS, (8.5, 3.2, 1.0), strict=True))
    question = replace(
        TASK, given=tuple(AnswerView(n, text, worth[text], 0.0, 10.0) for n, text in enumerate(TEXTS))
    )  # fmt: skip

    def reply(prompt):
        _task, *texts = prompt.variables["texts"]
        if len(texts) == 1:
            return f'{{"score": {worth[texts[0]]}}}'
        return f'{{"winner": "{"A" if worth[texts[0]] > worth[texts[1]] else "B"}"}}'

    for name in ("single", "pairwise", "heuristics", "uploaded"):
        verdict = judged(question, TEXTS, reply, judge=name)
        standing = standings(verdict)
        assert sorted(range(3), key=lambda place: -standing[place]) == [0, 1, 2], name
        assert not verdict.faults
        assert held_back(case_of(verdict, TEXTS, chosen=0, rejected=1), least_margin=0.01) == ""


def test_a_win_counts_only_in_both_orders():
    def left(prompt):
        return "[[A]]"

    verdict = judged(TASK, TEXTS[:2], left, judge="pairwise")
    assert verdict.duels == (Duel(0, 1, "first", "second"),)
    assert standings(verdict) == [0.5, 0.5]
    case = case_of(verdict, TEXTS, chosen=0, rejected=1)
    assert held_back(case, least_margin=0.0) == "position_inconsistent"
    assert facts_of(verdict, chosen=1, rejected=0) == {"forward": "rejected", "backward": "chosen", "first": "rejected"}


@pytest.mark.parametrize(
    ("said", "reason"),
    [("[[C]]", "tie"), ("no verdict", "invalid_verdict"), ("[[A]] or so {", "position_inconsistent")],
)
def test_what_is_no_win_is_no_pass(said, reason):
    verdict = judged(TASK, TEXTS[:2], lambda prompt: said, judge="pairwise")
    assert held_back(case_of(verdict, TEXTS, chosen=0, rejected=1), least_margin=0.0) == reason


def test_scores_that_cannot_be_read_are_none_and_never_a_pass():
    verdict = judged(TASK, TEXTS[:2], lambda prompt: "Score: 9/10 surely", judge="single")
    assert verdict.scores == (None, None)
    assert verdict.faults == ((0, "invalid_verdict"), (1, "invalid_verdict"))
    assert held_back(case_of(verdict, TEXTS, chosen=0, rejected=1), least_margin=0.0) == "invalid_verdict"


def test_aspects_are_asked_of_shuffled_texts_and_put_back():
    def by_length(prompt):
        _task, *texts = prompt.variables["texts"]
        order = sorted(texts, key=len)
        ratings = [{"text": n, "rating": str(1 + order.index(text))} for n, text in enumerate(texts, 1)]
        return json.dumps({"ratings": ratings})

    asked = []
    verdict = judged(TASK, TEXTS, by_length, asked, judge="aspects", seed=3)
    assert [each.value for each in verdict.scores] == [3, 1, 2]
    assert len({tuple(each.variables["texts"]) for each in asked}) > 1
    assert set(verdict.aspects[0]) == {"instruction_following", "honesty", "truthfulness", "helpfulness"}


def test_na_is_for_honesty_alone_and_one_aspect_that_cannot_be_read_spoils_the_mean():
    def said(prompt):
        values = ["N/A" if prompt.variables["aspect"] == "honesty" else "4"] * 3
        return json.dumps({"ratings": [{"text": n, "rating": value} for n, value in enumerate(values, 1)]})

    verdict = judged(TASK, TEXTS, said, judge="aspects")
    assert [each.value for each in verdict.scores] == [4, 4, 4]
    assert "honesty" not in verdict.aspects[0]
    everywhere = json.dumps({"ratings": [{"text": n, "rating": "N/A"} for n in (1, 2, 3)]})
    assert judged(TASK, TEXTS, lambda prompt: everywhere, judge="aspects").scores == (None, None, None)


def test_world_knowledge_reaches_truthfulness_alone():
    asked = []
    judged(replace(TASK, reference="Ice is lighter."), TEXTS, asked=asked, judge="aspects")
    assert {each.variables["aspect"] for each in asked if "Ice is lighter." in each.messages[-1].content} == {
        "truthfulness"
    }


@pytest.mark.parametrize("name", ["single", "pairwise", "g_eval"])
def test_a_reference_is_shown_where_there_is_one(name):
    for reference in ("", "Ice is lighter."):
        asked = []
        judged(replace(TASK, reference=reference), TEXTS[:2], asked=asked, judge=name, samples=1)
        assert all(("reference answer" in each.messages[-1].content) == bool(reference) for each in asked)


def test_g_eval_takes_the_mean_of_what_could_be_read():
    values = iter([7, 8, 9, "?", 6, "?", "?", "?"])
    said = {}

    def sample(prompt):
        index = prompt.sample_index % 4
        key = (prompt.variables["texts"][1], index)
        if key not in said:
            said[key] = next(values)
        return f'{{"score": {json.dumps(said[key])}}}'

    verdict = judged(TASK, TEXTS[:2], sample, judge="g_eval", samples=4)
    assert verdict.scores == (Score(8.0, 1.0, 10.0), None)
    assert verdict.notes["read"] == [3, 1]
    assert judged(replace(TASK, steps=()), TEXTS[:2], judge="g_eval").faults == ((-1, "missing_steps"),)


def test_ranks_and_thumbs_are_taken_as_they_came():
    def scores(**fields):
        given = tuple(
            AnswerView(n, text, **{name: of[n] for name, of in fields.items()}) for n, text in enumerate(TEXTS)
        )
        return judged(replace(TASK, given=given), TEXTS, judge="uploaded")

    assert [each.value for each in scores(rank=(2, 1, 3)).scores] == [1, 2, 0]
    assert [each.value for each in scores(good=(True, False, True)).scores] == [1, 0, 1]
    mixed = scores(score=(8.0, 3.0, 4.0), low=(0.0, 0.0, 1.0), high=(10.0, 10.0, 5.0))
    assert mixed.scores[2] is None
    assert mixed.faults == ((2, "other_scale"),)
    assert scores(score=(8.0, 30.0, 4.0)).faults == ((1, "off_scale"),)
    assert scores().scores == (None, None, None)


def test_the_margin_is_the_usual_one_of_the_scale_unless_it_is_set():
    usual = JudgedParams()
    assert [least_margin(usual, scale) for scale in ((1, 5), (0, 10), (1, 10), (0, 1))] == [0.5, 1.0, 0.9, 0.1]
    assert least_margin(JudgedParams(margin=2.5), (1, 5)) == 2.5


def test_003_21_a_rubric_version_is_all_that_a_judge_is_told():
    def version(language="en", **params):
        return rubric_hash(context(language, **params), ["judging.single"])

    same = version()
    assert same == version(seed=9, margin=3.0, strategy="all_pairs")
    others = [
        version("zh"), version(rubric="Be brief."), version(high=5), version(judge="aspects"), version(reference=True),
    ]  # fmt: skip
    at = context()
    edited = replace(at, prompts={**at.prompts, "judging.single": PromptText("{{ task }} {{ answer }}")})
    others.append(rubric_hash(edited, ["judging.single"]))
    assert len({same, *others}) == 7


@pytest.mark.parametrize(
    "wrong",
    [{"low": 5, "high": 5}, {"judge": "aspects", "aspects": []}, {"aspects": ["no such"]}, {"steps": ["x"] * 13}],
)
def test_params_that_cannot_be_judged_by_are_refused(wrong):
    with pytest.raises(ValidationError):
        JudgedParams(**wrong)
    assert JudgedParams(judge="aspects", aspects=["tone: warm and plain", "语气：温和"])


def test_every_slot_is_asked_by_some_judge_and_no_model_name_is_among_what_it_offers():
    assert {slot.name for slot in SLOTS} == {
        "judging.single", "judging.pairwise", "judging.aspects", "judging.steps", "judging.g_eval",
    }  # fmt: skip
    assert not {"model", "author", "name", "score"} & {name for slot in SLOTS for name in slot.offers}


def test_g_eval_steps_are_written_once_by_a_stage():
    stage = Steps("rank_responses")
    at = context(judge="g_eval")
    assert stage.plan(PoolView(2), at) == [{}]
    assert stage.plan(PoolView(3, planned={stage.name: 1}), at) == []
    assert stage.plan(PoolView(2), context(judge="g_eval", steps=["Read.", "Score."])) == []
    [draft] = driven(stage.work(Task(0, {}), at), by_rules)
    assert len(draft.data["steps"]) == 5
    assert stage.written(PoolView(4)) is None
    assert stage.written(PoolView(4, finished={stage.name: 1})) == ()
    made = PoolView(4, admitted={stage.name: [AdmittedView(1, 2, draft)]})
    assert stage.written(made) == tuple(draft.data["steps"])
    [dropped] = driven(stage.work(Task(0, {}), at), lambda prompt: "I will not.")
    assert dropped.drop_reason == "invalid_verdict"
