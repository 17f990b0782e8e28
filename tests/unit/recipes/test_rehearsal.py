"""Every slot of every recipe can be shown filled from seeds, with nothing sent."""

from __future__ import annotations

import pytest

from generation.recipes import RECIPES, recipe
from generation.recipes.base import PromptText, slots
from generation.recipes.rehearsal import Stand, fill, propose
from generation.types import SeedView, Sources
from tests.contracts.recipe_cases import CASES

COLUMNS = {
    "sentiment": {"sentence": "The soup was lovely {}", "label": "1"},
    "classification": {"text": "Goal in minute {}", "category": "sport"},
    "qa": {"question": "What is {} plus one?", "answer": "One more"},
    "qa_context": {"context": "Room {} is upstairs.", "question": "Where is it {}?", "answer": "upstairs"},
    "translate": {"source": "Good day {}", "target": "你好 {}"},
}


def sources_for(recipe, kind, language):
    """What the recipe's case draws from; rows of the fitting columns for a kind of table."""
    if kind not in COLUMNS:
        return CASES[recipe.name].sources(language)
    return Sources([SeedView(n, "", fields={k: v.format(n) for k, v in COLUMNS[kind].items()}) for n in range(1, 13)])


@pytest.mark.parametrize(("recipe", "slot"), [(r, s) for r in RECIPES for s in slots(r)], ids=lambda each: each.name)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_slot_is_shown_with_its_own_text(recipe, slot, language):
    texts = {each.name: PromptText(each.shipped(language)) for each in slots(recipe)}
    marked = texts[slot.name].text.rstrip() + "\n(this very text)"
    texts[slot.name] = PromptText(marked)
    params = recipe.Params(**CASES[recipe.name].params | recipe.params_showing(slot.name))
    kind = slot.name.split(".")[1] if recipe.name == "few_shot" else ""
    stand = Stand(recipe, params, texts, sources_for(recipe, kind, language), language, random_seed=1)
    filled = fill(stand, slot=slot.name)
    assert filled
    for each in filled:
        shown = "\n".join(message.content for message in each.messages) or each.draft.instruction
        if recipe.needs_model or recipe.name == "few_shot":  # others hold several wordings in a slot, and draw one
            assert "(this very text)" in shown
        assert "{{" not in shown
    assert filled == fill(stand, slot=slot.name)


def test_no_seeds_show_nothing():
    each = recipe("self_instruct")
    texts = {slot.name: PromptText(slot.shipped("en")) for slot in slots(each)}
    assert fill(Stand(each, each.Params(), texts, Sources(), "en", random_seed=1), slot="self_instruct.invent") == []


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda each: each.name)
def test_drafts_for_people_are_proposed_with_what_the_checks_say(recipe):
    texts = {each.name: PromptText(each.shipped("en")) for each in slots(recipe)}
    params = recipe.Params(**CASES[recipe.name].params)
    proposed = propose(Stand(recipe, params, texts, CASES[recipe.name].sources("en"), "en", random_seed=3))
    assert proposed
    assert len({each.draft.kind == "instruction" for each in proposed}) == 1
