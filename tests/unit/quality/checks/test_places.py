"""What each of the later checks says, and that it points at the place itself."""

from __future__ import annotations

import pytest

from generation.quality.checks import check
from generation.types import Draft

LOOP = "It flows to the sea and back. "
FOUND = [
    ("empty_marker", {"input": " <noinput> "}, "empty_marker", "input", ["<noinput>"]),
    ("empty_marker", {"instruction": "Name a river. <noinput>"}, "empty_marker", "instruction", ["<noinput>"]),
    ("field_labels", {"output": "输出：多瑙河"}, "field_label", "output", ["输出："]),
    ("field_labels", {"output": "Yes.\n### Input:\nx"}, "field_label", "output", ["### Input:"]),
    ("mojibake", {"output": "It doesn\u00e2\u20ac\u2122t."}, "mojibake", "output", ["\u00e2\u20ac\u2122"]),
    ("mojibake", {"input": "好\ufffd\ufffd吗"}, "mojibake", "input", ["\ufffd\ufffd"]),
    ("repetition", {"output": "Long. " + LOOP * 6}, "ends_in_loop", "output", [". " + (LOOP * 6)[:-1]]),
    (
        "truncation",
        {"output": "1. Rain falls.\n2. Water runs.\n3."},
        "empty_list_item",
        "output",
        ["3."],
    ),
    (
        "truncation",
        {"output": "Code:\n```python\nx = 1\nif x"},
        "open_code_block",
        "output",
        ["```python\nx = 1\nif x"],
    ),
    ("truncation", {"output": "It passes ten countries (Germany, Aus"}, "open_bracket", "output", ["("]),
    ("truncation", {"output": "水流在弯道的外侧比较快，因为外侧的"}, "mid_sentence", "output", ["的"]),
    ("truncation", {"output": "The water slowly wears away the rock on its way..."}, "trails_off", "output", ["..."]),
    ("personal_data", {"system": "Ask m.keller@posteo.de."}, "email_address", "system", ["m.keller@posteo.de"]),
    ("personal_data", {"input": "电话13758294016。"}, "phone_number", "input", ["13758294016"]),
    ("personal_data", {"output": "号码110105198512046520"}, "identity_number", "output", ["110105198512046520"]),
    ("personal_data", {"output": "Pay 4539 1488 0343 6467."}, "card_number", "output", ["4539 1488 0343 6467"]),
    (
        "personal_data",
        {"output": "To DE44 5001 0517 5407 3249 31, please"},
        "bank_account",
        "output",
        ["DE44 5001 0517 5407 3249 31"],
    ),
    ("personal_data", {"output": "At 81.169.145.92 now"}, "ip_address", "output", ["81.169.145.92"]),
    (
        "broken_code",
        {"output": "See:\n```python\nx = 1\nif x = 2:\n    y()\n```"},
        "broken_code",
        "output",
        ["if x = 2:"],
    ),
    (
        "arithmetic_answer",
        {"instruction": "Calculate 12 * 4.", "output": "12 * 4 is 46."},
        "wrong_answer",
        "output",
        ["46"],
    ),
    (
        "unsupported_ability",
        {"instruction": "Please set an alarm for six."},
        "unsupported_ability",
        "instruction",
        ["set an alarm"],
    ),
    (
        "unsupported_ability",
        {"output": "I have sent the email."},
        "unsupported_ability",
        "output",
        ["I have sent the email"],
    ),
]


@pytest.mark.parametrize(("name", "texts", "code", "field", "quoted"), FOUND)
def test_a_finding_points_at_its_place(name, texts, code, field, quoted):
    [finding] = check(name)(Draft("sample", **texts), {})
    text = texts[field]
    assert (finding.code, finding.detail["field"]) == (code, field)
    assert [text[start:end] for start, end in finding.detail["spans"]] == quoted
    assert finding.detail["count"] == len(quoted)


def test_only_a_loop_is_dropped():
    drops = {each.code for name, texts, *_ in FOUND for each in check(name)(Draft("sample", **texts), {}) if each.drop}
    assert drops == {"ends_in_loop"}


def test_personal_data_are_not_written_down_again():
    [finding] = check("personal_data")(Draft("sample", output="Ask m.keller@posteo.de."), {})
    assert dict(finding.detail) == {"field": "output", "spans": [[4, 22]], "count": 1}


def test_earlier_turns_are_read_too():
    draft = Draft(
        "sample", history=(("Hi", "Write to m.keller@posteo.de"), ("And?", "```python\n(\n```")), output="Yes."
    )
    assert [each.detail["field"] for each in check("personal_data")(draft, {})] == ["turn 2"]
    assert [each.detail["field"] for each in check("broken_code")(draft, {})] == ["turn 4"]


@pytest.mark.parametrize(
    ("name", "setting", "loose", "text"),
    [
        ("few_letters", "min_letters", 0.0, "123 456 789 !!! 000"),
        ("many_capitals", "max_capitals", 1.0, "THE SEA IS WIDE AND DEEP AND BLUE."),
        ("special_characters", "max_signs", 1.0, "### sea *** @@@ $$$"),
        ("unique_words", "min_unique_words", 0.0, "buy now " * 20),
        ("word_guide", "min_row_words", 1, "Fine."),
    ],
)
def test_bounds_are_settings(name, setting, loose, text):
    draft = Draft("sample", instruction="Praise the sea.", output=text)
    assert check(name)(draft, {})
    assert check(name)(draft, {setting: loose}) == []
