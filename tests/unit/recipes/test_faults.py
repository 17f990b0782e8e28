"""A template's faults are found with their lines before any run uses it."""

from __future__ import annotations

import pytest

from generation.recipes import RECIPES
from generation.recipes.base import PromptSlot, slots
from generation.recipes.faults import Fault, faults

SLOT = PromptSlot("x.y", ("tasks", "count"), ("tasks",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Go on: {{ tasks }}", []),
        ("[system]\nBe brief.\n[user]\n{{ tasks }} {{count}}", []),
        (" \n", [Fault(0, "empty")]),
        ("a\n{{ task }}\n{{ tasks }}", [Fault(2, "unknown_variable", "task")]),
        ("no variable", [Fault(0, "missing_variable", "tasks")]),
        ("{{ tasks }}\n{{ tasks|upper }}", [Fault(2, "malformed_variable", "{{ tasks|upper }}")]),
        ("{{ tasks }}\n{{ count", [Fault(2, "malformed_variable", "{{ count")]),
        ("[system]\n{{ tasks }}", [Fault(0, "no_user_turn")]),
        ("[human]\n{{ tasks }}", [Fault(1, "unknown_section", "human")]),
        ("x" * 100_001, [Fault(0, "too_long", "100000")]),
        ("{{ tasks }}\0", [Fault(1, "nul_character")]),
    ],
)
def test_each_fault_is_named_with_its_line(text, found):
    assert faults(SLOT, text) == found


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("slot", [slot for recipe in RECIPES for slot in slots(recipe)], ids=lambda slot: slot.name)
def test_every_shipped_text_is_without_fault(slot, language):
    assert faults(slot, slot.shipped(language)) == []
