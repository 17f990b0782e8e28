"""Complex from simple: what is asked, what is corrected, and what is kept of it."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError

from generation.quality.constraints import holds
from generation.recipes import recipe
from generation.recipes.base import Context, PromptText, slots
from generation.recipes.complex_from_simple.composing import enough, keywords_in, request_of
from generation.recipes.complex_from_simple.correcting import revised
from generation.recipes.complex_from_simple.params import Params
from generation.recipes.json_replies import NoJSONError
from generation.types import Draft, PoolView, Prompt, Reply, SeedView, Sources, Task
from tests.contracts.playing import Play, offline_answer

RECIPE = recipe("complex_from_simple")
STAGE = RECIPE.stages[0]
WANTED = ["no_comma", "english_lowercase", "title"]


def task(*kinds: str, instruction: str = "Name a colour", language: str = "en") -> Task:
    return Task(0, {"row": {"instruction": instruction, "seed_ids": [7], "language": language}, "kinds": list(kinds),
                    "language": language})  # fmt: skip


def worked(given: Task, replies: list[Reply | str], **params: Any) -> tuple[list[Draft], list[Prompt]]:
    """The drafts that come of the replies, and what was asked."""
    language = given.payload["language"]
    texts = {slot.name: PromptText(slot.shipped(language)) for slot in slots(RECIPE)}
    work = STAGE.work(given, Context(Params(**params), texts, language, random.Random(1)))
    answers = iter(each if isinstance(each, Reply) else Reply(each, model="m") for each in replies)
    asked: list[Prompt] = []
    try:
        wanted = next(work)
        while True:
            assert isinstance(wanted, Prompt)
            asked.append(wanted)
            wanted = work.send(next(answers))
    except StopIteration as done:
        assert next(answers, None) is None, "every reply was asked for"
        return list(done.value), asked


def corrected(text: str) -> str:
    return f"Analysis: it was wrong.\nRevised response:\n{text}"


FIRST = "<<Colours>> Red, or Blue."
SECOND = "<<Colours>> Red or Blue."
FINAL = "<<colours>> red or blue."


def test_004_27_two_failed_constraints_are_two_pairs_with_the_same_chosen():
    drafts, asked = worked(task(*WANTED), [FIRST, corrected(SECOND), corrected(FINAL)])
    sample, *pairs = drafts
    assert (sample.kind, sample.output, sample.data["failed"]) == ("sample", FINAL, ["no_comma", "english_lowercase"])
    assert [(pair.kind, pair.rejected, pair.output) for pair in pairs] == [
        ("pair", FIRST, FINAL),
        ("pair", SECOND, FINAL),
    ]
    assert [pair.data["meta"]["failed"] for pair in pairs] == ["no_comma", "english_lowercase"]
    assert {pair.data["pair_source"] for pair in pairs} == {"rules"}
    assert all(draft.instruction.startswith("Name a colour\n") and draft.seed_ids == (7,) for draft in drafts)
    assert all(holds(FINAL, each) for each in sample.data["constraints"])
    assert [prompt.stage.rpartition(".")[2] for prompt in asked] == ["answer", "correct", "correct"]
    assert FIRST in asked[1].messages[-1].content
    assert SECOND in asked[2].messages[-1].content


def test_004_27_the_final_text_is_verified_again():
    broke = "red or blue."  # the last correction lost the title
    drafts, _ = worked(task(*WANTED), [FIRST, corrected(SECOND), corrected(broke)])
    assert [(draft.kind, draft.drop_reason, draft.output) for draft in drafts] == [
        ("sample", "constraint_broken", broke)
    ]
    assert drafts[0].data["unmet"] == ["title"]
    drafts, _ = worked(task(*WANTED), [FIRST, corrected(SECOND), corrected("<<colours>> red, or blue.")])
    assert [draft.drop_reason for draft in drafts] == ["constraint_unmet"]
    assert drafts[0].data["unmet"] == ["no_comma"]


def test_004_27_with_notes_the_pairs_of_met_constraints_stay_and_equal_texts_go():
    drafts, _ = worked(task(*WANTED), [FIRST, corrected(FIRST), corrected(FIRST)], unmet="note")
    assert [(draft.kind, draft.drop_reason) for draft in drafts] == [
        ("sample", ""), ("pair", "equal_texts"), ("pair", "equal_texts"),
    ]  # fmt: skip
    assert drafts[0].data["notes"] == ["constraint_unmet"]
    drafts, _ = worked(task(*WANTED), [FIRST, corrected(SECOND), corrected("<<Colours>> R.")], unmet="note")
    assert [(draft.kind, draft.drop_reason) for draft in drafts[1:]] == [("pair", ""), ("pair", "constraint_unmet")]


def test_an_answer_that_meets_all_needs_no_teacher_and_makes_no_pair():
    drafts, asked = worked(task(*WANTED), [FINAL])
    assert [(draft.kind, draft.output, draft.data["failed"]) for draft in drafts] == [("sample", FINAL, [])]
    assert len(asked) == 1


def test_a_constraint_met_on_the_way_is_not_corrected_again():
    drafts, asked = worked(task(*WANTED), [FIRST, corrected(FINAL)])
    assert len(asked) == 2
    assert [(draft.kind, draft.rejected) for draft in drafts] == [("sample", ""), ("pair", FIRST)]


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ([Reply(failure="timeout")], "call_failed"),
        ([Reply("Red", finish_reason="length")], "truncated_reply"),
        (["I'm sorry, but I cannot help with that."], "refusal"),
        ([" "], "empty_output"),
        ([FIRST, Reply(failure="timeout")], "call_failed"),
        ([FIRST, "I changed it."], "no_revision"),
        ([FIRST, Reply(corrected("<<Colours>>"), finish_reason="length")], "no_revision"),
    ],
)
def test_what_goes_wrong_is_kept_with_its_reason(replies, reason):
    drafts, _ = worked(task(*WANTED), replies)
    assert [draft.drop_reason for draft in drafts] == [reason]


def test_loose_judging_forgives_opening_lines():
    reply = "Sure, here you are:\n" + FINAL
    assert worked(task(*WANTED), [reply], judging="loose")[0][0].data["failed"] == []
    assert worked(task(*WANTED), [reply, corrected(FINAL)])[0][0].data["failed"] == ["no_comma", "english_lowercase"]


def test_keywords_come_from_the_model_as_json_and_else_from_our_own_list():
    kinds = ("keyword_existence", "no_comma", "title")
    drafts, asked = worked(task(*kinds), ['["green", "blue"]', "<<A>> green and blue"])
    assert asked[0].stage == "complex_from_simple.keywords"
    assert set(drafts[0].data["constraints"][0]["args"]["keywords"]) == {"green", "blue"}
    spoilt = ["__import__('os').system('true')", "nothing at all"]
    drafts, asked = worked(task("keyword_existence"), [*spoilt, Reply(failure="timeout")])
    assert [prompt.stage.rpartition(".")[2] for prompt in asked] == ["keywords", "repair", "answer"]
    assert len(drafts[0].data["constraints"][0]["args"]["keywords"]) == 2
    assert len(worked(task("keyword_existence"), [Reply(failure="timeout")], ask_for_keywords=False)[1]) == 1


def test_what_the_model_s_words_do_not_serve_is_filled_up():
    words = enough(["tea"], random.Random(1), language="zh", wanted=4)
    assert (words[0], len(words), len(set(words))) == ("tea", 4, 4)
    assert enough(["a", "b"], random.Random(1), language="en", wanted=1) == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (["a", " b  c ", "a"], ["a", "b c"]),
        ({"keywords": ["茶", "水"]}, ["茶", "水"]),
        (["ok", "x" * 31, "two", 3], ["ok", "two"]),
    ],
)
def test_keywords_are_read_from_a_list_of_texts(value, words):
    assert keywords_in(value) == words


@pytest.mark.parametrize(
    "value", ["text", [], ["one"], [1, 2], {"a": 1}, {"a": ["b", "c"], "d": ["e", "f"]}, ["{}", "a"]]
)
def test_what_is_no_list_of_words_is_refused(value):
    with pytest.raises(NoJSONError):
        keywords_in(value)


def test_revised_responses_are_found_in_both_languages_and_out_of_their_fence():
    assert revised("Analysis: a\n**Revised Response:** b", before="x") == "b"
    assert revised("分析：甲\n修改后的回答：\n```\n乙\n```", before="x") == "乙"
    assert revised("Revised response:\n```json\n{}\n```", before="```json\n[]\n```") == "```json\n{}\n```"
    assert revised("Revised response: first\nRevised response:\nlast", before="") == "last"
    assert revised("b", before="x") == ""


def test_chinese_rows_get_chinese_constraints():
    drafts, asked = worked(
        task("number_words", "postscript", instruction="说一种颜色", language="zh"), [Reply(failure="timeout")]
    )
    texts = [each["text"] for each in drafts[0].data["constraints"]]
    assert all("\u4e00" <= text[0] <= "\u9fff" for text in texts)
    assert drafts[0].data["constraints"][1]["args"]["marker"] in ("附言：", "又及：")
    assert "请求写在围栏之间" in asked[0].messages[-1].content
    assert request_of("说", [{"text": "甲。"}, {"text": "乙。"}], random.Random(1)).startswith("说\n")


def test_004_26_rows_get_three_to_five_constraints_and_the_fixed_answer_alone():
    seeds = [SeedView(n, f"Say something about number {n}") for n in range(1, 400)]
    play = Play(RECIPE, Params(draws=1), Sources(seeds), answer=lambda prompt, seed: Reply(failure="timeout")).run()
    sizes = Counter()
    texts = {slot.name: PromptText(slot.shipped("en")) for slot in slots(RECIPE)}
    assert play.reasons.total() == 399
    context = Context(Params(), texts, "en", random.Random(5))
    for payload in STAGE.plan(PoolView(0, seeds), context):
        sizes[len(payload["kinds"])] += 1
        if "constrained_response" in payload["kinds"]:
            assert payload["kinds"] == ["constrained_response"]
    assert set(sizes) == {1, 2, 3, 4, 5}


def test_every_row_has_its_draws_and_no_more():
    seeds = [SeedView(1, "One thing"), SeedView(2, ""), SeedView(3, "Another thing")]
    play = Play(RECIPE, Params(draws=3, wave_size=2), Sources(seeds)).run()
    assert len([prompt for prompt in play.prompts if prompt.stage.endswith(".answer")]) == 6
    play = Play(RECIPE, Params(draws=3, most_rows=4), Sources(seeds), answer=offline_answer).run()
    assert len([prompt for prompt in play.prompts if prompt.stage.endswith(".answer")]) == 4


def test_params_that_do_not_fit_are_refused():
    for wrong in ({"least_constraints": 4, "most_constraints": 3}, {"left_out": ["rhyme"]}):
        with pytest.raises(ValidationError):
            Params(**wrong)
