"""What replies mean, and which examples in them are kept."""

from __future__ import annotations

import random

import pytest

from generation.recipes.self_instruct.replies import (
    parse_input_first,
    parse_instructions,
    parse_output_first,
    parse_verdict,
    sift,
)
from generation.types import Instance


@pytest.mark.parametrize(
    ("reply", "items"),
    [
        ("9. First task.\n10. Second task.", ["First task.", "Second task."]),
        ("First task.\n10. Second task.", ["First task.", "Second task."]),
        ("Here are the tasks:\n9. First task.\n10. Second task.", ["First task.", "Second task."]),
        ("9. First\n   goes on.\n\n10 . Second.", ["First goes on.", "Second."]),
        ("9、第一个任务。\n10．第二个任务。\n11.第三个任务。", ["第一个任务。", "第二个任务。", "第三个任务。"]),
        ("9. Ask NASA about it.", ["Ask NASA about it."]),
        ("9. Weigh 3.5 kg of\n2.5 kg apples.", ["Weigh 3.5 kg of 2.5 kg apples."]),
        ("9.\n10. Second.", ["", "Second."]),
        ("I have nothing to add.", []),
        ("", []),
    ],
)
def test_numbered_lists_are_read_and_capitals_are_left_alone(reply, items):
    assert parse_instructions(reply) == items


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [("Yes", True), (" YES. ", True), ("是。", True), ("No", False), ("否", False), ("Yes, because", None), ("", None)],
)
def test_only_yes_is_yes(reply, verdict):
    assert parse_verdict(reply) is verdict


def test_input_first_blocks_give_inputs_and_outputs():
    reply = "Example 1\nInput: a\nOutput: b\n\nExample 2\nInput: c\nd: e\nOutput: f\ng"
    assert parse_input_first(reply, truncated=False) == ([Instance("a", "b"), Instance("c\nd: e", "f\ng")], [])


def test_fields_in_an_input_keep_their_names():
    [found], _ = parse_input_first("Example 1\nSentence: x\nWord: y\nOutput: z", truncated=False)
    assert found == Instance("Sentence: x\nWord: y", "z")


def test_chinese_markers_are_read_too():
    found, _ = parse_input_first("示例 1\n输入：甲\n输出：乙\n示例 2\n输入：丙\n输出：丁", truncated=False)
    assert found == [Instance("甲", "乙"), Instance("丙", "丁")]


def test_an_output_alone_is_one_instance_and_no_marker_is_none():
    assert parse_input_first("Output: b", truncated=False)[0] == [Instance("", "b")]
    assert parse_input_first("just text", truncated=False) == ([], [])


def test_a_second_input_inside_an_output_ends_it():
    [found], _ = parse_input_first("Example 1\nInput: a\nOutput: b\nInput: c\nOutput: d", truncated=False)
    assert found == Instance("a", "b")


def test_a_preface_before_the_first_example_is_no_instance():
    assert parse_input_first("Sure!\nExample 1\nOutput: b", truncated=False)[0] == [Instance("", "b")]


@pytest.mark.parametrize("marker", ["<noinput>", "No input", "None", "N/A", "无", "无输入"])
def test_markers_for_no_input_become_empty(marker):
    [found], _ = parse_input_first(f"Example 1\nInput: {marker}\nOutput: b", truncated=False)
    assert found.input == ""


def test_the_last_instance_of_a_truncated_reply_is_cut_off():
    assert parse_input_first("Example 1\nOutput: a\nExample 2\nOutput: b", truncated=True) == (
        [Instance("", "a")],
        [Instance("", "b")],
    )
    assert parse_output_first("Class label: x\na", truncated=True) == ([], [Instance("a", "x")])


def test_output_first_blocks_give_the_label_as_output():
    reply = "Class label: spam\nSubject: win!\nClass label: ham\nInput: see you"
    assert parse_output_first(reply, truncated=False)[0] == [
        Instance("Subject: win!", "spam"),
        Instance("see you", "ham"),
    ]
    assert parse_output_first("类别标签：正面\n很好", truncated=False)[0] == [Instance("很好", "正面")]


def test_an_empty_label_does_not_take_the_input_for_its_name():
    assert parse_output_first("Class label: \nsome text", truncated=False)[0] == [Instance("some text", "")]


def kept(*instances: tuple[str, str], most: int = 5) -> list[str]:
    return [reason for _, reason in sift([Instance(*each) for each in instances], most=most, rng=random.Random(1))]


def test_each_filter_has_its_reason():
    assert kept(("a", "a"), ("b", ""), ("c:", "d"), ("e", "f："), ("g", "h")) == [
        "input_equals_output",
        "empty_output",
        "ends_with_colon",
        "ends_with_colon",
        "",
    ]


def test_one_input_with_two_outputs_discredits_the_whole_task():
    assert kept(("a", "x"), ("b", "y"), ("a", "z"), ("c", "")) == [
        "conflicting_outputs",
        "conflicting_outputs",
        "conflicting_outputs",
        "empty_output",
    ]


def test_different_outputs_without_an_input_are_no_conflict():
    assert kept(("", "x"), ("", "y")) == ["", ""]


def test_a_duplicate_is_dropped_and_the_first_stays():
    assert kept(("a", "x"), ("a", "x")) == ["", "duplicate_instance"]


def test_five_stay_by_lot_and_the_lot_is_the_tasks_own():
    many = [(f"i{n}", f"o{n}") for n in range(9)]
    assert kept(*many).count("over_limit") == 4
    assert kept(*many) == kept(*many)
    assert kept(*many, most=10).count("over_limit") == 0


def test_markers_in_bold_or_as_headings_are_markers_too():
    reply = "## Example 1\n**Input:** a\n**Output:** b\n\n**Example 2:**\n**Input**: c\n**Output**: d"
    assert parse_input_first(reply, truncated=False)[0] == [Instance("a", "b"), Instance("c", "d")]
    assert parse_output_first("**Class label:** x\na", truncated=False)[0] == [Instance("a", "x")]


def test_an_example_may_begin_on_the_line_of_its_number():
    assert parse_input_first("Example 1: Input: a\nOutput: b\n例 2：\n输出：丁", truncated=False)[0] == [
        Instance("a", "b"),
        Instance("", "丁"),
    ]
