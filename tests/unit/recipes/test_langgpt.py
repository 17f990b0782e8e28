"""LangGPT prompts: rendered byte for byte, looked over in both languages, and an outline of every slot."""

from __future__ import annotations

import pytest

from generation.recipes import RECIPES
from generation.recipes.base import slots
from generation.recipes.faults import faults
from generation.recipes.langgpt import MODULES, Structure, heading, is_structured, lint, modules, outline
from tests.house import ROOT

GOLDEN = ROOT / "tests" / "golden"
ENGLISH = Structure(
    "Library guide",
    {"Language": "English", "Description": "Answers at the desk of a library."},
    ["Knows the shelves.", "Explains simply."],
    ["Never promises a title.", "Names no person."],
    ["The reader knows the next step."],
    ["Ask what is wanted.", "Answer by the <Rules>."],
    ["At most three sentences."],
    ["Reader: Where are the maps?\nGuide: On the third floor."],
    "As <Role>, keep the <Rules>, speak <Language>, and greet the reader.",
)
CHINESE = Structure(
    "图书馆向导",
    {"语言": "中文", "描述": "在服务台回答读者。"},
    ["熟悉书架。"],
    ["不对书目作承诺。"],
    ["读者知道下一步怎么做。"],
    ["问清需要。", "按 <规则> 回答。"],
    ["不超过三句话。"],
    ["读者：地图在哪里？\n向导：在三楼。"],
    "作为 <角色>，遵守 <规则>，使用 <语言>，先向读者问好。",
)


@pytest.mark.parametrize(("made", "language"), [(ENGLISH, "en"), (CHINESE, "zh")])
def test_004_23_a_structure_renders_byte_for_byte(made, language):
    assert made.render(language).encode() == (GOLDEN / f"langgpt.{language}.md").read_bytes()


@pytest.mark.parametrize(("made", "language"), [(ENGLISH, "en"), (CHINESE, "zh")])
def test_what_is_rendered_is_read_back_and_faultless(made, language):
    text = made.render(language)
    assert [module.name for module in modules(text)] == list(MODULES)
    assert list(lint(text)) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["role", "rules", "workflow", "initialization"])
def test_004_23_a_needed_module_that_is_missing_is_a_warning(name, language):
    text = (ENGLISH if language == "en" else CHINESE).render(language)
    parts = [part for part in text.split("\n\n") if heading(name, language) not in part.partition("\n")[0]]
    found = [(code, named) for _line, code, named in lint("\n\n".join(parts)) if code == "missing_module"]
    assert found == [("missing_module", heading(name, language))]


@pytest.mark.parametrize("name", ["profile", "skills", "goals", "output_format", "examples"])
def test_the_other_modules_may_be_left_out(name):
    parts = [part for part in ENGLISH.render("en").split("\n\n") if heading(name, "en") not in part.partition("\n")[0]]
    assert not [code for _line, code, _named in lint("\n\n".join(parts)) if code == "missing_module"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_other_name_of_a_module_is_known_too(language):
    for name, headings in MODULES.items():
        for each in headings[language]:
            assert [module.name for module in modules(f"### {each}\nx")] == [name], each


def test_empty_repeated_and_unknown_are_found_on_their_lines():
    text = "# Role: Guide\n## Rules\n## Workflow\n1. See <Knowledge>.\n## Workflow\n2. <b>Go</b>\n## Init\n<Role>"
    assert sorted(lint(text)) == [
        (2, "empty_module", "Rules"), (4, "unknown_reference", "<Knowledge>"), (5, "repeated_module", "Workflow"),
    ]  # fmt: skip


def test_constrains_as_many_write_it_and_a_heading_of_ones_own_are_no_faults():
    text = "# Role: Guide\n## Constrains\n- none\n## Shelves\n- A\n## Workflow\n1. Look at <Shelves>\n## Init\nHi"
    assert list(lint(text)) == []


@pytest.mark.parametrize("text", ["Write three tasks.", "# Tasks\n1. one\n## Notes\nSee <Rules>", "# Role\nonly one"])
def test_a_text_that_is_no_langgpt_prompt_is_left_alone(text):
    assert not is_structured(text)
    assert list(lint(text)) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_outline_of_every_slot_can_be_used_as_it_is(language):
    for slot in (slot for recipe in RECIPES if recipe.needs_model for slot in slots(recipe)):
        text = outline(slot, language=language)
        assert is_structured(text)
        assert faults(slot, text) == []
        assert list(lint(text)) == [], slot.name
