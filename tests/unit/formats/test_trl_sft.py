"""TRL's types for SFT and prompts: where texts part, and what a prompt may end with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.files.strict_json import Fault
from generation.formats import format_named
from generation.formats.joints import joined, parted
from generation.types import Example, Text, Turn
from tests.unit.formats.test_messages_rules import ASK, SAY, SYSTEM


def read(name, record):
    return next(row for _, row in format_named(name).read([(1, record)]))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [("Q", "A", "Q\n"), ("Q", " A", "Q"), ("Q\n", "A", "Q\n\n"), ("Q", "\nA", "Q"), ("", "A", ""), ("Q", "", "Q")],
)
def test_a_line_end_is_added_only_where_nothing_else_parts_two_texts(before, after, told):
    assert joined(before, after) == told
    assert parted(told, after) == before


@given(st.text(max_size=9), st.text(max_size=9))
def test_what_is_joined_parts_again_at_the_same_place(before, after):
    assert parted(joined(before, after), after) == before


def test_a_text_pair_is_parted_by_a_line_end_and_a_published_one_stays_as_it_is():
    assert format_named("trl_prompt_completion").encode(Example("Q", output="A")) == {
        "prompt": "Q\n",
        "completion": "A",
    }
    sample = {"prompt": "The sky is", "completion": " blue."}
    assert read("trl_prompt_completion", sample) == Example("The sky is", output=" blue.")
    assert format_named("trl_prompt_completion").encode(read("trl_prompt_completion", sample)) == sample


def test_a_conversational_pair_keeps_earlier_turns_in_the_prompt():
    record = {"prompt": [SYSTEM, ASK, SAY, ASK], "completion": [SAY]}
    row = read("trl_prompt_completion_chat", record)
    assert row.system == "Be brief."
    assert row.turns == (Turn("user", ASK["content"]), Turn("assistant", SAY["content"]))
    assert format_named("trl_prompt_completion_chat").encode(row) == record


def test_a_prompt_may_end_with_the_user_or_with_the_beginning_of_an_answer():
    record = {"prompt": [ASK, {"role": "assistant", "content": "It is"}]}
    row = read("trl_prompt_only_chat", record)
    assert row == Example(ASK["content"], steps=(Turn("assistant", "It is"),))
    assert format_named("trl_prompt_only_chat").encode(row) == record
    assert format_named("trl_prompt_only_chat").check({"prompt": [ASK]}) == []
    assert read("trl_prompt_only", {"prompt": "Q"}) == Example("Q")


def test_an_answer_has_no_place_in_a_prompt():
    for name in ("trl_prompt_only", "trl_prompt_only_chat"):
        with pytest.raises(Fault) as caught:
            format_named(name).encode(Example("Q", output="A"))
        assert caught.value.path == "output"


def test_settings_of_the_chat_template_stay_with_the_row():
    record = {"messages": [ASK, SAY], "chat_template_kwargs": {"enable_thinking": False}}
    name = "trl_language_modeling_chat"
    assert format_named(name).encode(read(name, record)) == record


def test_004_06_pretraining_rows_are_a_text_and_nothing_else():
    for name in ("text", "bailian_cpt", "trl_language_modeling", "axolotl_completion"):
        assert read(name, {"text": "天\n\tx "}) == Text("天\n\tx ")
        assert format_named(name).encode(Text("天\n\tx ", {"source": "web"})) == {"text": "天\n\tx "}
        assert [each.code for each in format_named(name).check({"text": " "})] == ["blank"]
        assert [each.code for each in format_named(name).check({})] == ["missing_field"]
        assert format_named(name).check({"text": "x"}) == []
