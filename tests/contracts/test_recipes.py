"""What every recipe in the list must keep to, and what the offline rules owe each of them."""

from __future__ import annotations

import json
import string
from collections import Counter
from typing import Literal, get_args, get_origin

import pytest

from generation.files.text import check_file_text
from generation.quality.checks import check
from generation.recipes import RECIPES, UnknownRecipe, judging, offline, recipe
from generation.recipes.base import MAKES, PROMPT_FOLDER, PromptText, slots
from generation.recipes.json_replies import REPAIR
from generation.types import Prompt, Reply, Sources
from tests.contracts.playing import Play, offline_answer, stock
from tests.contracts.recipe_cases import CASES
from tests.contracts.recipe_cases.base import demo_seeds

SLOTS = [pytest.param(each, slot, id=f"{each.name}-{slot.name}") for each in RECIPES for slot in slots(each)]
SHARED = "judging."
"""What the slots begin with that several recipes ask: their judges'."""
ASKED_WHERE_WISHED = ("flan_templates.rephrase",)
"""Slots of recipes that do without a model unless somebody wishes."""
LANGUAGES = ("en", "zh")


def played(name: str, language: str, *, random_seed: int = 1, **params) -> Play:
    each, case = recipe(name), CASES[name]
    return Play(each, each.Params(**case.params | params), case.sources(language), language, random_seed).run()


def test_every_recipe_has_a_case():
    assert list(CASES) == [each.name for each in RECIPES]


@pytest.mark.parametrize("each", RECIPES, ids=lambda each: each.name)
def test_names_are_simple_and_found_again(each):
    assert set(each.name) <= set(string.ascii_lowercase + "_")
    assert recipe(each.name) is each
    assert all(stage.name.startswith(f"{each.name}.") for stage in each.stages)
    assert each.title
    assert each.summary
    assert each.makes in MAKES


def test_names_occur_once_and_unknown_ones_are_named():
    for names in (
        [each.name for each in RECIPES],
        [slot.name for each in RECIPES for slot in slots(each) if not slot.name.startswith(SHARED)],
    ):
        assert max(Counter(names).values()) == 1
    with pytest.raises(UnknownRecipe):
        recipe("no_such_recipe")


@pytest.mark.parametrize("each", RECIPES, ids=lambda each: each.name)
def test_params_have_simple_types_a_title_and_a_default(each):
    for name, field in each.Params.model_fields.items():
        kind = field.annotation
        assert kind in (bool, int, float, str, list[str]) or get_origin(kind) is Literal, name
        assert all(isinstance(choice, str) for choice in get_args(kind) if get_origin(kind) is Literal)
        assert field.title, name
    assert json.loads(each.Params().model_dump_json()) == each.Params().model_dump()


@pytest.mark.parametrize("each", RECIPES, ids=lambda each: each.name)
def test_every_check_of_a_stage_is_in_the_list(each):
    assert all(check(name).name == name for stage in each.stages for name in stage.checks)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("each", "slot"), SLOTS)
def test_000_29_every_template_ships_in_both_languages_and_uses_what_its_stage_offers(each, slot, language):
    text = slot.shipped(language)
    used = set(PromptText(text).variables())
    assert used <= set(slot.offers)
    assert set(slot.requires) <= used
    assert check_file_text(text) is None
    assert text.endswith("\n")
    assert slot.name.startswith((f"{each.name}.", SHARED))


def test_no_template_is_left_that_no_stage_uses():
    asked = {slot.name for each in RECIPES for slot in slots(each)} | {slot.name for slot in judging.SLOTS}
    known = {f"{name}.{language}.txt" for name in asked for language in LANGUAGES}
    assert {path.name for path in PROMPT_FOLDER.iterdir()} == known


@pytest.mark.parametrize(("each", "slot"), SLOTS)
def test_the_offline_rules_answer_every_template_of_a_model(each, slot):
    asked = each.needs_model or slot.name in ASKED_WHERE_WISHED
    assert (slot.name in offline.RULES) == asked


def test_a_stage_without_rules_is_a_clear_error():
    with pytest.raises(offline.UnknownStage, match=r"judge\.compare"):
        offline.answer("judge.compare", {}, random_seed=1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_a_run_on_the_demo_rows_gives_what_is_owed(name, language):
    for random_seed in range(1, 6):
        made = played(name, language, random_seed=random_seed).made()
        assert len(made) >= CASES[name].least
        assert all(each.instruction and each.output for each in made if each.kind != "score")
        assert all(each.seed_ids or each.sample_ids or each.spans for each in made)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_a_run_is_a_function_of_its_seed(name, language):
    first, again, other = (played(name, language, random_seed=seed) for seed in (3, 3, 4))
    assert (first.prompts, first.reasons, first.made()) == (again.prompts, again.reasons, again.made())
    assert (first.made(), first.prompts) != (other.made(), other.prompts)


@pytest.mark.parametrize("name", CASES)
def test_every_reason_occurs_over_many_seeds(name):
    missing = set(CASES[name].reasons | CASES[name].notes)
    for random_seed in range(1, 41):
        for language in LANGUAGES:
            if missing:
                play = played(name, language, random_seed=random_seed, **CASES[name].many)
                missing -= {reason for _, reason in play.reasons} | set(play.notes)
    assert not missing


@pytest.mark.parametrize("name", CASES)
def test_calls_lie_within_the_plan(name):
    for random_seed in range(1, 6):
        play = played(name, "en", random_seed=random_seed)
        least, most = play.recipe.planned_calls(play.params, stock(play.sources))
        repairs = sum(prompt.stage.endswith(REPAIR) for prompt in play.prompts)
        assert least <= len(play.prompts) - repairs <= most


INVENTED = {
    "Name two rivers that cross a border.": "",
    "": "empty_instruction",
    "Too short here": "too_short",
    "word " * 151: "too_long",
    "Draw a boat on a lake.": "blocked_word",
    "Write a program that counts words.": "write_a_program",
    "- a torn item of a list": "starts_with_punctuation",
    "Écrire une lettre à un ami.": "non_ascii_start",
    "Name two rivers that cross a bridge.": "too_similar",  # six of seven words are those of the first
    "Suggest a name for a kitten.": "",
}
BLOCKS = [
    ("a", "b", ""),
    ("same", "same", "input_equals_output"),
    ("c", "", "empty_output"),
    ("d", "e:", "ends_with_colon"),
    ("a", "b", "duplicate_instance"),
    ("f", "I cannot help with that.", "refusal"),
    ("g", "TODO", "placeholder_output"),
]
"""One line and one example for every filter, with the reason that a person would give."""


def test_000_11_drops_and_kept_drafts_are_those_counted_by_hand():
    examples = [f"Example {n}\nInput: {given}\nOutput: {out}" for n, (given, out, _) in enumerate(BLOCKS, 1)]
    replies = {
        "self_instruct.invent": "\n".join(f"{number}. {text}" for number, text in enumerate(INVENTED, 9)),
        "self_instruct.classify": "No",
        "self_instruct.input_first": "\n".join(examples),
    }
    each = recipe("self_instruct")
    seeds = demo_seeds("demo_seeds.en.jsonl")
    play = Play(
        each, each.Params(target=2), Sources(seeds), answer=lambda prompt, _: Reply(replies[prompt.stage])
    ).run()
    invent, instances = (stage.name for stage in each.stages)
    expected = Counter((invent, reason) for reason in INVENTED.values())
    expected.update((instances, reason) for _, _, reason in BLOCKS * 2)
    assert play.reasons == expected


@pytest.mark.parametrize("name", [each.name for each in RECIPES if each.needs_model])
def test_whatever_a_model_says_becomes_drafts_with_reasons(name):
    """Empty, torn, hostile and failed replies: nothing is raised, nothing is lost, and the run comes to an end."""
    odd = ["", " \n", "1.", "Output:", "Example 1", "Class label:", "\x00", "9. " + "a" * 5000, "{{ tasks }}", "Yes"]

    def answer(prompt: Prompt, random_seed: int) -> Reply:
        at = (random_seed + len(prompt.messages)) % (len(odd) + 3)
        if at >= len(odd):
            return offline_answer(prompt, random_seed) if at == len(odd) else Reply(failure="timeout")
        return Reply(odd[at], finish_reason="length" if at % 3 == 0 else "stop")

    each, case = recipe(name), CASES[name]
    for random_seed in range(1, 10):
        play = Play(
            each, each.Params(**case.params), case.sources("en"), random_seed=random_seed, answer=answer
        ).run()  # fmt: skip
        assert play.reasons.total() >= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_variable_text_is_fenced_in_every_prompt_of_a_model(language):
    for name in (each.name for each in RECIPES if each.needs_model):
        for prompt in played(name, language).prompts:
            assert "```" in prompt.messages[-1].content
            assert prompt.messages[0].role == "system"
