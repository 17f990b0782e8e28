"""What a call asks, and what becomes of its reply."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace

import pytest

from generation.recipes import recipe
from generation.recipes.base import Context, PromptText
from generation.recipes.json_replies import REPAIR
from generation.types import Instance, PoolView, Reply, SeedView, Sources, Task
from tests.contracts.playing import Play
from tests.contracts.recipe_cases.domain_generation import sources

RECIPE = recipe("domain_generation")
STAGE = RECIPE.stages[0]
SLOT = STAGE.prompts[0]
SEED = SeedView(5, "Say  it\n\ttwice: \"a\" 'b'", (Instance("in  put", "json \n out"),), task_type="echo")
GOOD = [{"instruction": f"Ask {n}", "input": "", "output": f"Answer {n}"} for n in range(3)]


def worked(*replies: Reply | str, language: str = "en", seeds=(SEED,), template: str = "", **params):
    """The drafts of the first call and all its prompts."""
    context = Context(
        RECIPE.Params(**params), {SLOT.name: PromptText(template or SLOT.shipped(language))}, language, random.Random(1)
    )
    payload = STAGE.plan(PoolView(0, seeds, vocabulary={"c": ["gout", "flu"]}), context)[0]
    work, prompts, answers = STAGE.work(Task(0, payload), context), [], iter(replies)
    try:
        prompts.append(next(work))
        while True:
            reply = next(answers)
            prompts.append(work.send(reply if isinstance(reply, Reply) else Reply(reply)))
    except StopIteration as end:
        return end.value, prompts


def outcome(drafts) -> Counter[str]:
    return Counter(each.drop_reason or "kept" for each in drafts)


def listed(rows) -> str:
    return json.dumps(rows, ensure_ascii=False)


def test_001_08_the_prompt_holds_exactly_the_drawn_seeds_with_every_blank_in_place():
    others = [replace(SEED, id=n, instruction=f"never {n}", task_type="other") for n in range(6, 9)]
    twin = replace(SEED, id=9, instruction="Second  one")
    seeds = [SEED, twin]
    _, [prompt] = worked(listed(GOOD), seeds=seeds, seeds_per_call=2)
    text = prompt.messages[-1].content
    shown = json.loads(text[text.index("[") : text.rindex("]\n```") + 1])
    assert sorted(each["instruction"] for each in shown) == sorted([SEED.instruction, twin.instruction])
    assert {"instruction": SEED.instruction, "input": "in  put", "output": "json \n out"} in shown
    assert not any(each.instruction in text for each in others)


def test_a_draft_carries_type_entities_seeds_and_language():
    drafts, _ = worked(listed(GOOD))
    assert outcome(drafts) == {"kept": 3}
    first = drafts[0]
    assert (first.task_type, first.seed_ids, first.language, first.kind) == ("echo", (5,), "en", "sample")
    assert list(first.tags) == first.data["entities"]
    assert first.tags[0] in ("gout", "flu")


MALFORMED = {
    "fenced": (["```json\n" + listed(GOOD) + "\n```"], {"kept": 3}),
    "words before and behind": ([f"Certainly! [see below]\n{listed(GOOD)}\nI hope that helps."], {"kept": 3}),
    "one object": ([listed(GOOD[0])], {"kept": 1, "missing_record": 2}),
    "wrapped": ([listed({"data": GOOD})], {"kept": 3}),
    "trailing comma, mended": (["[" + listed(GOOD[0]) + ",]", listed(GOOD)], {"kept": 3}),
    "single quotes, twice": (["[{'instruction': 'x'}]"] * 2, {"invalid_json": 1}),
    "no JSON, twice": (["I would rather talk about it.", "No."], {"invalid_json": 1}),
    "cut off": ([Reply(listed(GOOD)[:-20], finish_reason="length")], {"kept": 2, "missing_record": 1}),
    "texts in place of objects": ([listed(["a", "b"]), listed(GOOD)], {"kept": 3}),
    "instances as seeds have them": (
        [listed([{"instruction": "x", "instances": [{"input": "i", "output": str(n)} for n in range(3)]}])],
        {"kept": 3},
    ),
}
"""What a model sends, and what becomes of it: a parse or a reason each. A second text answers the request to mend."""


@pytest.mark.parametrize("name", MALFORMED)
def test_001_13_each_malformed_reply_is_read_or_has_its_reason(name):
    replies, expected = MALFORMED[name]
    drafts, prompts = worked(*replies)
    assert outcome(drafts) == expected
    assert len(prompts) == len(replies)
    assert all(each.stage.endswith(REPAIR) for each in prompts[1:])


@pytest.mark.parametrize(
    ("reply", "reason"),
    [(Reply(failure="timeout"), "call_failed"), (Reply("[]"), "nothing_parsed"),
     (Reply('[{"instruction": "x', finish_reason="length"), "truncated_reply")],
)  # fmt: skip
def test_a_call_without_a_record_is_one_draft_with_the_reason(reply, reason):
    drafts, _ = worked(reply)
    assert outcome(drafts) == {reason: 1}
    assert drafts[0].seed_ids == (5,)


@pytest.mark.parametrize(
    ("row", "reason"),
    [({"instruction": "x"}, "missing_key"), ({"output": "x"}, "missing_key"),
     ({"instruction": "x", "output": ["y"]}, "not_text"), ({"instruction": {"a": 1}, "output": "y"}, "not_text"),
     ({"instruction": "x", "output": 42}, ""), ({"instruction": "x", "input": None, "output": "y"}, ""),
     ({"instruction": "x", "output": True}, "not_text")],
)  # fmt: skip
def test_missing_keys_and_values_that_are_no_texts_have_their_reasons(row, reason):
    [draft], _ = worked(listed([row]), records_per_call=1)
    assert draft.drop_reason == reason


def test_an_unknown_key_is_noted_and_drops_nothing():
    [draft], _ = worked(listed([GOOD[0] | {"disease": "flu"}]), records_per_call=1)
    assert (draft.drop_reason, draft.data["notes"], draft.data["unknown"]) == ("", ["unknown_key"], ["disease"])


def test_001_12_a_reply_of_two_is_one_short_and_of_four_kept_or_trimmed():
    assert outcome(worked(listed(GOOD[:2]))[0]) == {"kept": 2, "missing_record": 1}
    four = listed([*GOOD, GOOD[0]])
    assert outcome(worked(four)[0]) == {"kept": 4}
    assert outcome(worked(four, surplus="trim")[0]) == {"kept": 3, "over_limit": 1}


def test_an_output_beyond_the_bound_is_dropped_and_the_prompt_names_the_bound():
    drafts, [prompt] = worked(listed([*GOOD[:2], GOOD[2] | {"output": "x" * 11}]), max_output_chars=10)
    assert outcome(drafts) == {"kept": 2, "output_too_long": 1}
    assert "at most 10 characters" in prompt.messages[-1].content


@pytest.mark.parametrize("language", ["en", "zh"])
def test_001_19_blanks_quotes_and_the_word_json_stay_in_what_is_sent_and_in_what_comes_back(language):
    """The original took them all out."""
    row = {"instruction": 'Turn "a  b" into json, line by line', "input": " x\n y ", "output": "{'a': \"b\"}  json "}
    drafts, [prompt] = worked(listed([row]), language=language, records_per_call=1)
    assert (drafts[0].instruction, drafts[0].input, drafts[0].output) == tuple(row.values())
    assert SEED.instruction in json.loads(listed(prompt.variables["rows"][0]))["instruction"]
    assert "Say  it" in prompt.messages[-1].content


def test_001_19_chinese_drafts_are_judged_as_chinese_and_english_as_english():
    for language, made in (("zh", "请问肺结节需要挂哪个科？"), ("en", "Which ward looks after a lung nodule?")):
        other = "Which ward looks after it today?" if language == "zh" else "请问今天应该挂哪个科室呢？"
        rows = [{"instruction": made, "output": "a b c"}, {"instruction": other, "output": "d e f"}]
        play = Play(
            RECIPE, RECIPE.Params(generate_times=1, random_seed_num=1, records_per_call=2), sources(language), language,
            answer=lambda prompt, _seed, rows=rows: Reply(listed(rows)),
        ).run()  # fmt: skip
        assert play.reasons == {(STAGE.name, ""): 1, (STAGE.name, "wrong_language"): 1}


@pytest.mark.parametrize(("times", "number"), [(20, 3), (70, 3)])
def test_001_01_calls_and_rows_are_those_of_the_formula(times, number):
    def answer(prompt, random_seed):
        rng = random.Random(random_seed)
        words = ["".join(rng.choices("bcdfgklmnprstvz", k=9)) for _ in range(30)]
        texts = [" ".join(words[at : at + 10]) for at in (0, 10, 20)]
        return Reply(listed([{"instruction": text, "input": "", "output": f"About {text}"} for text in texts]))

    params = RECIPE.Params(generate_times=times, random_seed_num=number)
    play = Play(RECIPE, params, Sources([SEED], vocabulary={"c": ["gout", "flu"]}), answer=answer).run()
    assert len(play.prompts) == times * number
    assert play.reasons == {(STAGE.name, ""): times * number * 3}


def test_novelty_compares_the_material_too_where_one_instruction_serves_many_inputs():
    rows = [{"instruction": "Name the ward for this patient.", "input": text, "output": "Ward A."} for text in
            ("A man of forty with a cough since Monday and no fever at all.",
             "Two red spots on the left arm after a walk through high grass.",
             "Two red spots on the left arm after a walk through high grass!")]  # fmt: skip
    play = Play(
        RECIPE, RECIPE.Params(generate_times=1, random_seed_num=1), sources("en"),
        answer=lambda prompt, _seed: Reply(listed(rows)),
    ).run()  # fmt: skip
    assert play.reasons == {(STAGE.name, ""): 2, (STAGE.name, "too_similar"): 1}
