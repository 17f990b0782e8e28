"""Every slot of every recipe can be shown filled from seeds, with nothing sent."""

from __future__ import annotations

import pytest

from generation.recipes import RECIPES
from generation.recipes.base import PromptText, slots
from generation.recipes.rehearsal import Stand, fill, propose
from generation.types import Instance, SeedView, Sources

COLUMNS = {
    "sentiment": {"sentence": "The soup was lovely {}", "label": "1"},
    "classification": {"text": "Goal in minute {}", "category": "sport"},
    "qa": {"question": "What is {} plus one?", "answer": "One more"},
    "qa_context": {"context": "Room {} is upstairs.", "question": "Where is it {}?", "answer": "upstairs"},
    "translate": {"source": "Good day {}", "target": "你好 {}"},
}
SEEDS = [
    SeedView(n, f"Describe the number {n} to a child.", (Instance("", "It is small."),), is_classification=n % 2 == 0)
    for n in range(1, 25)
]


def seeds_for(slot):
    kind = slot.name.split(".")[1]
    if kind not in COLUMNS:
        return SEEDS
    return [SeedView(n, "", fields={k: v.format(n) for k, v in COLUMNS[kind].items()}) for n in range(1, 13)]


@pytest.mark.parametrize(("recipe", "slot"), [(r, s) for r in RECIPES for s in slots(r)], ids=lambda each: each.name)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_slot_is_shown_with_its_own_text(recipe, slot, language):
    texts = {each.name: PromptText(each.shipped(language)) for each in slots(recipe)}
    marked = texts[slot.name].text.rstrip() + "\n(this very text)"
    texts[slot.name] = PromptText(marked)
    params = recipe.Params(**recipe.params_showing(slot.name))
    stand = Stand(recipe, params, texts, Sources(seeds_for(slot)), language, random_seed=1)
    filled = fill(stand, slot=slot.name)
    assert filled
    for each in filled:
        shown = "\n".join(message.content for message in each.messages) or each.draft.instruction
        assert "(this very text)" in shown
        assert "{{" not in shown
    assert filled == fill(stand, slot=slot.name)


def test_no_seeds_show_nothing():
    recipe = RECIPES[1]
    texts = {each.name: PromptText(each.shipped("en")) for each in slots(recipe)}
    assert (
        fill(Stand(recipe, recipe.Params(), texts, Sources(), "en", random_seed=1), slot="self_instruct.invent") == []
    )


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda each: each.name)
def test_samples_are_proposed_with_what_the_checks_say(recipe):
    texts = {each.name: PromptText(each.shipped("en")) for each in slots(recipe)}
    seeds = (
        SEEDS if recipe.needs_model else [SeedView(n, "", fields={"sentence": "Nice.", "label": "1"}) for n in range(9)]
    )
    proposed = propose(Stand(recipe, recipe.Params(), texts, Sources(seeds), "en", random_seed=3))
    assert len(proposed) >= 3
    assert all(each.draft.kind == "sample" for each in proposed)
