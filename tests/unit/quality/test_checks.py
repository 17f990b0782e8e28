"""Each check on texts that it must catch and texts that it must let pass."""

from __future__ import annotations

import pytest

from generation.quality.checks import check
from generation.types import Draft


def codes(name: str, draft: Draft, **settings) -> list[str]:
    return [finding.code for finding in check(name)(draft, settings)]


def asked(text: str, language: str = "en") -> Draft:
    return Draft("instruction", instruction=text, language=language)


def answered(output: str, *, instruction: str = "Say something useful.", **fields) -> Draft:
    return Draft("sample", instruction=instruction, output=output, **fields)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Name three rivers", "en", ["too_short"]),
        ("Name three long rivers", "en", []),
        (" ".join(["word"] * 150), "en", []),
        (" ".join(["word"] * 151), "en", ["too_long"]),
        ("说出河流吧", "zh", ["too_short"]),
        ("说出三条河流", "zh", []),
        ("河" * 225, "zh", []),
        ("河" * 226, "zh", ["too_long"]),
    ],
)
def test_instructions_have_four_to_a_hundred_and_fifty_words(text, language, expected):
    assert codes("word_bounds", asked(text, language)) == expected


@pytest.mark.parametrize(
    "text", ["Draw a house.", "Look at the PICTURE and describe it.", "Go to the shop.", "描述这张图片", "画一只猫"]
)
def test_what_text_cannot_do_is_blocked(text):
    assert codes("blocked_words", asked(text)) == ["blocked_word"]


@pytest.mark.parametrize("text", ["Explain a paragraph about drawers.", "Profile the plotter.", "解释画蛇添足的意思"])
def test_words_that_only_contain_a_blocked_word_pass(text):
    assert codes("blocked_words", asked(text)) == []


@pytest.mark.parametrize(
    "text", ["Write a program that sorts.", "write a program", "编写一个程序，输出质数", "写一个程序"]
)
def test_programs_are_not_asked_for(text):
    assert codes("write_a_program", asked(text)) == ["write_a_program"]


def test_a_programme_of_events_is_no_program():
    assert codes("write_a_program", asked("Explain how to write a program for a festival.")) == []


@pytest.mark.parametrize(
    ("text", "bad"), [("- a list item", True), ("……接着说", True), ("《论语》讲什么？", False), ("Say", False)]
)
def test_torn_list_items_start_with_punctuation(text, bad):
    assert codes("starts_with_punctuation", asked(text)) == (["starts_with_punctuation"] if bad else [])


def test_english_starts_in_ascii_and_chinese_need_not():
    assert codes("non_ascii_start", asked("Écrire une phrase")) == ["non_ascii_start"]
    assert codes("non_ascii_start", asked("写一句话", "zh")) == []
    assert codes("non_ascii_start", asked("写一句话", "")) == []


def test_another_language_than_asked_for_is_dropped_and_any_language_passes_without_a_wish():
    assert codes("language_mismatch", asked("请写一句话", "en")) == ["wrong_language"]
    assert codes("language_mismatch", asked("Write a sentence", "zh")) == ["wrong_language"]
    assert codes("language_mismatch", asked("Write a sentence", "")) == []


def test_a_quotation_in_another_language_is_no_mismatch():
    english = "Translate this into English: 请你明天下午三点之前把这份合同发给我们公司的法务部门"
    chinese = "翻译这句话：The quick brown fox jumps over the lazy dog near the river"
    assert codes("language_mismatch", asked(english, "en")) == []
    assert codes("language_mismatch", asked(chinese, "zh")) == []


@pytest.mark.parametrize("text", ["a\x00b", "bell\x07", "half \ud800", "tag \U000e0041"])
def test_controls_are_dropped_in_any_field(text):
    assert codes("control_characters", answered(text)) == ["control_characters"]
    assert codes("control_characters", asked(text)) == ["control_characters"]


def test_tabs_and_line_ends_are_text():
    assert codes("control_characters", answered("a\tb\r\nc")) == []


def test_special_tokens_are_counted_by_field_and_not_dropped():
    [finding] = check("special_tokens")(answered("</s> and <|im_end|>"), {})
    assert (finding.code, finding.drop) == ("special_token", False)
    assert finding.detail == {"field": "output", "count": 2, "first": "</s>", "spans": [[0, 4], [9, 19]]}
    assert codes("special_tokens", answered("<think>\nhm\n</think>\n\nSo.")) == []


def test_hidden_characters_are_shown_and_not_dropped():
    [finding] = check("hidden_characters")(answered("pay\u202epal"), {})
    assert (finding.code, finding.drop, finding.detail["field"]) == ("hidden_characters", False, "output")
    assert codes("hidden_characters", answered("family 👨‍👩‍👧")) == []


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I’m sorry, I cannot answer this.",
        "As an AI language model, I have no feelings.",
        "Unfortunately, I cannot open links.",
        "很抱歉，我无法回答这个问题。",
        "作为一个人工智能，我没有感受。",
    ],
)
def test_refusals_are_known_in_two_languages(text):
    assert codes("refusal", answered(text)) == ["refusal"]


@pytest.mark.parametrize(
    "text", ["Sorry for the delay, here is the list.", "The AI cannot see it.", "抱歉迟到了，这是名单。"]
)
def test_an_apology_is_no_refusal(text):
    assert codes("refusal", answered(text)) == []


@pytest.mark.parametrize("text", ["TODO", "tbd: later", "[your answer]", "N/A", "…", "待补充"])
def test_placeholders_are_no_outputs(text):
    assert codes("placeholder_output", answered(text)) == ["placeholder_output"]


@pytest.mark.parametrize("text", ["[1, 2, 3]", '["a"]', "<p>", "Todd", "na und"])
def test_data_in_brackets_is_an_output(text):
    assert codes("placeholder_output", answered(text)) == []


def test_an_empty_output_and_a_copied_input_are_dropped():
    assert codes("empty_output", answered(" \n")) == ["empty_output"]
    assert codes("input_equals_output", answered("same ", input="same")) == ["input_equals_output"]
    assert codes("input_equals_output", answered("")) == []


def test_sizes_are_a_guide_with_inclusive_bounds_and_labels_are_exempt():
    assert codes("size_guide", answered("x" * 19, instruction="x" * 9)) == ["instruction_size", "output_size"]
    assert codes("size_guide", answered("x" * 20, instruction="x" * 10)) == []
    assert codes("size_guide", answered("字" * 4000, instruction="字" * 1000)) == []
    assert codes("size_guide", answered("x" * 4001, instruction="x" * 1001)) == ["instruction_size", "output_size"]
    assert codes("size_guide", answered("Negative", instruction="x" * 10, task_type="classification")) == []


def test_an_answer_in_another_language_is_pointed_out_unless_it_translates():
    chinese = "这是一个很长的中文回答，没有英文。"
    assert codes("output_language", answered(chinese)) == ["output_language_differs"]
    assert codes("output_language", answered(chinese, instruction="Translate the sentence.")) == []
    assert codes("output_language", answered(chinese, task_type="translate")) == []


def test_tasks_run_together_are_pointed_out():
    assert codes("merged_tasks", answered("Done.\n2. Instruction: next")) == ["merged_tasks"]
    assert codes("merged_tasks", answered("1. Stir.\n2. Bake.")) == []


def test_characters_have_the_bounds_of_the_run():
    assert codes("character_bounds", asked("x" * 9)) == ["too_short"]
    assert codes("character_bounds", asked("x" * 1001)) == ["too_long"]
    assert codes("character_bounds", asked("x" * 1001), max_chars=4000) == []


def test_notes_of_the_recipe_are_findings():
    assert codes("recipe_notes", answered("x", data={"notes": ["fewer_examples"]})) == ["fewer_examples"]
