"""Which checks a row is judged by, and the exact bounds of the size guide."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from generation.quality.check_settings import CheckSettings
from generation.quality.checks import CHECKS
from generation.quality.profiles import (
    PROFILES,
    Profile,
    UnknownProfile,
    examine,
    profile_for,
    profile_named,
    profile_of,
)
from generation.types import Draft

ANSWER = "The Danube, the Rhine and the Vistula are three of them."


def codes(draft: Draft, **more) -> list[str]:
    return [finding.code for finding in examine(draft, **more)]


@pytest.mark.parametrize(
    ("task_type", "name"),
    [
        ("", "general"), ("generation", "general"), ("classification", "labels"), ("情感分析", "labels"),
        ("qa_context", "short_answers"), ("code_generation", "code"), ("写代码", "code"), ("translate", "translation"),
        ("翻译", "translation"), ("conversation", "conversation"), ("long_context", "long_text"),
        ("history", "general"), ("example", "general"), ("数学", "mathematics"), ("阅读评测", "evaluation"),
        ("x" * 100_000, "general"),
    ],
)  # fmt: skip
def test_a_task_type_has_its_profile(task_type, name):
    assert profile_of(task_type, "zh").name == name


def test_what_a_row_is_tells_where_its_task_type_does_not():
    assert profile_for(Draft("sample", evaluation=True)).name == "evaluation"
    assert profile_for(Draft("sample", history=(("a", "b"),))).name == "conversation"
    assert profile_for(Draft("sample", task_type="code", history=(("a", "b"),))).name == "code"


def test_every_profile_names_checks_that_there_are_and_settings_that_are_declared():
    names = {each.name for each in CHECKS}
    assert len({each.name for each in PROFILES}) == len(PROFILES)
    for each in PROFILES:
        assert set(each.leaves_out) | set(each.only) <= names
        assert each.checks
        assert each.title
        CheckSettings(**each.settings)
    with pytest.raises(UnknownProfile):
        profile_named("none")
    with pytest.raises(ValidationError):
        CheckSettings(output_least=5, output_most=4)


LETTERS = ["x", "字", "𠮷", "😀"]


def sizes(*, asked: str, answered: str, **more) -> list[str]:
    found = examine(Draft("sample", instruction=asked, output=answered), **more)
    return [each.code for each in found if each.check == "size_guide"]


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize(("size", "outside"), [(9, True), (10, False), (1000, False), (1001, True)])
def test_003_15_an_instruction_has_10_to_1000_code_points_and_both_bounds_belong_to_it(letter, size, outside):
    assert sizes(asked=letter * size, answered=ANSWER) == ["instruction_size"] * outside
    assert (
        sizes(asked=letter * size, answered=ANSWER, settings={"instruction_least": 9, "instruction_most": 1001}) == []
    )


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize(("size", "outside"), [(19, True), (20, False), (4000, False), (4001, True)])
def test_003_16_an_output_has_20_to_4000_code_points_and_both_bounds_belong_to_it(letter, size, outside):
    assert sizes(asked="说出欧洲三条河流的名字", answered=letter * size) == ["output_size"] * outside
    assert sizes(asked="说出欧洲三条河流的名字", answered=letter * size, profile=profile_named("long_text")) == (
        ["output_size"] if size == 19 else []
    )


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize(("size", "expected"), [(9, "too_short"), (10, ""), (1000, ""), (1001, "too_long")])
def test_000_16_what_is_filtered_out_has_its_rule_and_its_reason(letter, size, expected):
    found = examine(Draft("instruction", instruction=letter * size), profile=profile_named("instructions"))
    told = [(each.code, each.drop, each.detail["characters"]) for each in found if each.check == "character_bounds"]
    assert told == ([(expected, True, size)] if expected else [])


def test_a_label_may_be_one_character_and_a_translation_may_mix_languages():
    label = Draft("sample", instruction="这句话是褒义还是贬义？请只回答一个字。", output="褒", task_type="情感分析")
    assert codes(label) == []
    mixed = Draft(
        "sample", instruction="把下一句译成英语：他昨天去了学校。", output="He went to school.", language="en"
    )
    assert "wrong_language" in codes(mixed)
    assert codes(mixed, profile=profile_named("translation")) == []


def test_rules_for_inventing_instructions_are_no_fault_of_rows_that_are_there():
    row = Draft("sample", instruction="Draw a conclusion from the two statements about rivers.", output=ANSWER)
    assert codes(row) == []
    assert codes(row, profile=profile_named("instructions")) == ["blocked_word"]


def test_settings_stand_above_those_of_the_profile():
    row = Draft("sample", instruction="Name one river of Europe that ends in the Black Sea.", output="Danube.")
    assert codes(row) == ["output_size"]
    assert codes(row, settings={"output_least": 3}) == []
    own = Profile("own", "Own", only=("size_guide",), by_language={"zh": {"output_least": 2}})
    zh = Draft("sample", instruction="说出欧洲的一条河流的名字。", output="莱茵河", language="zh")
    assert (codes(zh, profile=own), codes(zh)) == ([], ["output_size"])
