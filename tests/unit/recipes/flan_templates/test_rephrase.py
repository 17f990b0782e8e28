"""Templates in other words: variables are kept literally, and rows are told with what was kept."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from generation.recipes import recipe
from generation.recipes.flan_templates.params import Params
from generation.types import Instance, Reply, SeedView, Sources, Stock
from tests.contracts.playing import Play

FLAN = recipe("flan_templates")
STAGE = "flan_templates.rephrase"
SEEDS = [
    SeedView(n, f"Where does river number {n} rise?", (Instance("", f"In valley {n}"),), language="en")
    for n in range(1, 61)
]


def played(*texts: str, raw: str = "", seeds=SEEDS, **params) -> Play:
    def answer(prompt, random_seed):
        return Reply(raw or json.dumps([text.replace("#", f"{random_seed % 10_000}") for text in texts]))

    return Play(FLAN, Params(rephrasings=2, **params), Sources(seeds), answer=answer).run()


def told(play: Play) -> Counter[str]:
    return Counter({reason: count for (stage, reason), count in play.reasons.items() if stage == STAGE})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Number #. {question}\n\n{options}", ""),
        ("Number #. {{ question }} and {options}", ""),  # in the braces of our own templates
        ("Number #. { question }\n{options}", ""),
        ("Number #. {question}", "variables_changed"),
        ("Number #. {question} {options} {answer}", "variables_changed"),
        ("Number #. {Question} {options}", "variables_changed"),
        ("Number #. {question} {options} {", "variables_changed"),
        ("[system]\nNumber #\n[user]\n{question} {options}", "variables_changed"),
        ("", "not_empty"),
    ],
)
def test_a_wording_is_kept_when_it_has_the_very_variables_of_its_template(text, reason):
    found = told(played(text))
    if reason == "not_empty":
        assert set(found) == {"empty_instruction"}
    else:
        assert found == {reason: 10}


def test_the_template_itself_and_what_was_said_before_are_dropped():
    play = played("{question}\n\n{options}", "Number #. {question} {options}", "number #.  {question} {options}")
    assert told(play) == {"": 10 + 9, "seen_before": 1, "over_limit": 10}
    again = played("Say #: {question} {options}", "say #:  {question} {options}")
    assert told(again) == {"": 10, "seen_before": 10}


@pytest.mark.parametrize("raw", ["no list", "[]", "[1, 2]", '{"a": "b"}'])
def test_what_is_no_list_of_texts_is_asked_for_once_more_and_then_dropped(raw):
    play = played(raw=raw)
    assert told(play) == {"invalid_json": 10}
    assert Counter(prompt.stage for prompt in play.prompts) == {STAGE: 10, f"{STAGE}.repair": 10}
    assert len(play.made()) == len(SEEDS)  # told by the templates as they are


def test_rows_share_the_old_and_the_new_templates_alike():
    play = played("Number #, one. {question}\n\n{options}", "Number #, two. {question}\n\n{options}")
    drafts = play.made()
    assert Counter(each.counted["wording"] for each in drafts) == {"as_written": 20, "rephrased": 40}
    assert Counter(each.counted["template"] for each in drafts) == {f"qa.{n}": 2 for n in range(1, 31)}
    alone = [each for each in drafts if each.counted["wording"] == "rephrased" and each.counted["type"] == "zero_shot"]
    assert alone
    assert all(each.instruction.startswith("Number ") and "{" not in each.instruction for each in alone)


def test_few_rows_have_as_many_new_wordings_as_old_ones():
    play = played("Number #, one. {question}\n\n{options}", seeds=SEEDS[:8])
    assert Counter(each.counted["wording"] for each in play.made()) == {"as_written": 4, "rephrased": 4}


def test_only_templates_of_kinds_that_the_rows_have_are_rephrased():
    play = played("Number #. {question}\n\n{options}")
    assert len(play.prompts) == 10
    assert FLAN.planned_calls(play.params, Stock(seeds=60)) == (1, 50)
    assert FLAN.planned_calls(Params(), Stock(seeds=60)) == (0, 0)
    assert (FLAN.asks_model(play.params), FLAN.asks_model(Params())) == (True, False)
    prompt = play.prompts[0].messages[-1].content
    assert "```\n{question}\n\n{options}\n```" in prompt
    assert "{options}, {question}" in prompt


def test_rows_that_all_have_a_fault_ask_nothing():
    play = played(seeds=[SeedView(1, "Say it.", (Instance("", ""),))])
    assert (play.prompts, told(play)) == ([], {})
