"""Template files from elsewhere, and what is odd about them."""

from __future__ import annotations

import pytest

from generation.recipes import recipe
from generation.recipes.domain_generation.params import Params
from generation.recipes.domain_generation.templates import advice, stated_numbers
from generation.recipes.faults import faults
from generation.recipes.placeholders import braced
from generation.samples.scenarios import scenario_named
from tests.unit.recipes.domain_generation.test_generate import GOOD, listed, worked

SLOT = recipe("domain_generation").stages[0].prompts[0]
ORIGINAL = """你是医疗领域的专家，请参考样例：<sample_list>
1. 第一条要求
2. 疾病从这里选：<disease_list>，不要另选
4. 编号缺三
9. 每次生成3条数据
"""


def test_001_05_both_placeholders_are_filled_and_the_numbering_stays():
    assert faults(SLOT, ORIGINAL) == []
    _, [prompt] = worked(listed(GOOD), template=ORIGINAL)
    [turn] = prompt.messages
    assert [line[:2] for line in turn.content.splitlines() if line[:1].isdigit()] == ["1.", "2.", "4.", "9."]
    assert "<" not in turn.content
    assert turn.content.count("\n```\n") == 4  # both fences begin and end lines of their own
    assert turn.content.index("Say  it") < turn.content.index("第一条要求") < turn.content.index("```\n，不要另选")


@pytest.mark.parametrize("names", [("{{samples}}", "{{entities}}"), ("{{ samples }}", "<entity_list>")])
def test_001_05_the_generic_names_serve_as_well(names):
    _, [prompt] = worked(listed(GOOD), template=f"Like these {names[0]} about {names[1]}: write {{{{ count }}}}.")
    assert "Say  it" in prompt.messages[0].content
    assert "write 3." in prompt.messages[0].content


def test_001_05_a_missing_placeholder_is_a_warning():
    assert advice(ORIGINAL, Params()) == []
    assert advice(ORIGINAL.replace("<disease_list>", ""), Params()) == [("no_entities", "entities")]
    assert advice("Write 3 records.", Params()) == [("no_samples", "samples"), ("no_entities", "entities")]
    assert faults(SLOT, "Write 3 records.") == []


def test_001_05_a_placeholder_that_nothing_replaces_is_an_error_with_its_line():
    [fault] = faults(SLOT, ORIGINAL + "\n5. <department_list>")
    assert (fault.line, fault.code, fault.name) == (7, "unreplaced_placeholder", "<department_list>")
    assert [each.code for each in faults(SLOT, "{{ sample_list }}")] == ["unknown_variable"]


def test_words_in_angle_brackets_that_are_no_placeholders_stay():
    text = "As <Role>, keep the <Rules>; <b>bold</b>; a <sample_list>"
    assert faults(SLOT, text) == []
    assert braced(text, SLOT.placeholders) == "As <Role>, keep the <Rules>; <b>bold</b>; a\n{{ samples }}"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("9. 每次生成3条数据", [3]), ("请给出五条样本", [5]), ("一共写 10 组", [10]), ("共生成 {{ count }} 条", []),
     ("Generate exactly 4 records.", [4]), ("write five new training examples", [5]),
     ("Give two or three sentences", []), ("output 不超过100个字", []), ("Please return 6 JSON objects", [6])],
)  # fmt: skip
def test_001_12_the_number_that_a_template_states_is_found(text, numbers):
    assert stated_numbers(text) == numbers


def test_001_12_another_number_than_the_runs_is_a_warning():
    assert advice(ORIGINAL, Params(records_per_call=5)) == [("states_other_number", "3 / 5")]
    assert advice(SLOT.shipped("zh"), Params(records_per_call=5)) == []


@pytest.mark.parametrize("name", ["medical", "library"])
def test_the_templates_of_the_scenarios_are_sound(name):
    scenario = scenario_named(name)
    params = Params(**scenario.manifest.params)
    for language in scenario.languages:
        text = scenario.contents(language).template
        assert faults(SLOT, text) == []
        assert advice(text, params) == []
