"""Alpaca batches: what a reply of blocks means, which of them stay, and how many calls are planned."""

from collections import Counter
from math import ceil

import pytest

from generation.recipes import recipe
from generation.recipes.alpaca_batch.batch import calls_wanted
from generation.recipes.alpaca_batch.params import Params
from generation.recipes.alpaca_batch.replies import parse_blocks
from generation.types import Draft, Instance, PoolView, Reply, SeedView, Sources, Stock
from generation.types.work import AdmittedView
from tests.contracts.playing import Play
from tests.contracts.recipe_cases.base import demo_seeds

ENGLISH = Sources(demo_seeds("demo_seeds.en.jsonl"))
CHINESE = Sources(demo_seeds("demo_seeds.zh.jsonl"))


def block(number: int, instruction: str, given: str = "<noinput>", output: str = "A plain answer to it.") -> str:
    return f"{number}. Instruction: {instruction}\n{number}. Input: {given}\n{number}. Output: {output}"


def parsed(text: str, **options) -> list[tuple[str, str, str, str]]:
    options = {"first": 4, "truncated": False} | options
    return [(each.instruction, each.input, each.output, each.reason) for each in parse_blocks(text, **options)]


def test_blocks_come_apart_at_separators_and_into_seven_parts():
    text = "\n###\n".join([block(4, "Name a bird."), block(5, "Sort this.", "b, a", "a, b")]) + "\n###\n"
    assert parsed(text) == [("Name a bird.", "", "A plain answer to it.", ""), ("Sort this.", "b, a", "a, b", "")]


def test_a_reply_may_go_on_behind_its_first_label_or_announce_the_list():
    text = block(4, "Name a bird.")
    assert parsed(text.removeprefix("4. Instruction: ")) == parsed(text)
    assert parsed(f"Here are the tasks:\n\n{text}") == parsed(text)
    assert parsed(f"Here are the tasks:\n###\n{text}") == parsed(text)


@pytest.mark.parametrize(
    "form", ["<noinput>", "<NoInput>", "< no input >", "No input", "N/A", "None", "无", "<无输入>"]
)
def test_every_form_of_no_input_is_none(form):
    assert parsed(block(4, "Name a bird.", form))[0][1] == ""


def test_an_input_that_only_holds_such_a_word_stays():
    assert parsed(block(4, "Judge it.", "None of us came."))[0][1] == "None of us came."


def test_chinese_labels_and_bold_ones_are_read():
    assert parsed(
        "4. 指令：说出一种鸟。\n4. 输入：无\n4. 输出：喜鹊。\n###\n5、指令：排序\n5、输入：乙甲\n5、输出：甲乙"
    ) == [
        ("说出一种鸟。", "", "喜鹊。", ""),
        ("排序", "乙甲", "甲乙", ""),
    ]
    assert parsed("**4. Instruction:** Name a bird.\n**4. Input:** <noinput>\n**4. Output:** An owl.") == [
        ("Name a bird.", "", "An owl.", "")
    ]


@pytest.mark.parametrize(
    "torn",
    [
        "4. Instruction: a\n4. Output: b",
        "4. Input: a\n4. Instruction: b\n4. Output: c\n4. Input: d",
        "4. Instruction: a\n4. Input: b\n5. Output: c",
        block(4, "One.") + "\n" + block(5, "Two."),
        "4. Instruction: a",
    ],
)
def test_a_block_that_has_not_seven_parts_is_no_task(torn):
    assert [each[3] for each in parsed(torn)] == ["malformed_block"]


def test_the_last_block_of_a_reply_cut_off_is_dropped_and_no_other():
    text = "\n###\n".join(block(number, f"Task {number}.") for number in range(4, 8))
    assert [each[3] for each in parsed(text, truncated=True)] == ["", "", "", "truncated"]
    assert [each[3] for each in parsed(block(4, "One."), truncated=True)] == ["truncated"]


def test_a_text_that_holds_20_or_a_heading_is_not_cut():
    """The project's own stop text ended every output that said "20."."""
    output = "In 1820. It cost 20.\n20. March came.\n### Notes\nSeen in the 20."
    assert parsed(block(4, "Tell it.", "The year 20.", output)) == [("Tell it.", "The year 20.", output, "")]


def test_a_reply_without_any_label_holds_nothing():
    assert parsed("I have no tasks.") == []
    assert parsed("") == []


FILTERED = {
    "Name two rivers that cross a border.": "",
    "": "empty_instruction",
    "Too short here": "too_short",
    "word " * 151: "too_long",
    "Draw a boat on a lake.": "blocked_word",
    "Suggest music for a long drive.": "blocked_word",
    "Explain the flowchart of an election.": "blocked_word",
    "Write a program that counts words.": "write_a_program",
    "- a torn item of a list": "starts_with_punctuation",
    "Écrire une lettre à un ami.": "non_ascii_start",
    "Q 写一封短信感谢老师。": "wrong_language",
    "Name two rivers that cross a bridge.": "too_similar",
    "Suggest a name for a kitten.": "",
}
"""One task for each filter of the instruction, with the reason that a person would give."""


def test_004_10_prompts_and_a_model_build_samples_and_every_drop_is_counted():
    blocks = [block(number, text) for number, text in enumerate(FILTERED, 4)]
    blocks += [
        block(17, "Name a plant for a dark room.", output=""),
        block(18, "Repeat what the sender says.", "Come at nine.", "Come at nine."),
        block(19, "Tell a story of the sea.", output="I'm sorry, but I cannot help with that."),
        block(20, "List what a tent needs.", output="TODO"),
        "21. Instruction: torn\n21. Output: apart",
        block(22, "Say how long an egg cooks."),
        block(23, "Name the longest day of the year."),
    ]
    each = recipe("alpaca_batch")
    reply = Reply("\n###\n".join(blocks))
    play = Play(each, each.Params(target=4), ENGLISH, answer=lambda prompt, _: reply).run()
    expected = Counter(("alpaca_batch.batch", reason) for reason in FILTERED.values())
    reasons = ("empty_output", "input_equals_output", "refusal", "placeholder_output", "malformed_block", "", "")
    expected.update(("alpaca_batch.batch", reason) for reason in reasons)
    assert play.reasons == expected
    assert expected.total() == 20
    assert [draft.instruction for draft in play.made()][:1] == ["Name two rivers that cross a border."]
    assert all(len(draft.seed_ids) == 3 and draft.input == "" for draft in play.made())


@pytest.mark.parametrize(
    ("target", "per_call", "acceptance", "calls"),
    [
        (100, 20, 1.0, 5),
        (100, 20, 0.7, 8),
        (101, 20, 1.0, 6),
        (52_002, 20, 0.5, 5201),
        (7, 20, 0.7, 1),
        (30, 10, 0.6, 5),
    ],
)
def test_planned_calls_are_the_target_over_what_a_call_is_expected_to_bring(target, per_call, acceptance, calls):
    params = Params(target=target, tasks_per_call=per_call, acceptance=acceptance, wave_size=256)
    assert params.expected_calls == ceil(round(target / (per_call * acceptance), 9)) == calls
    assert calls_wanted(PoolView(0, ENGLISH.seeds), params) == min(calls, 256)


def test_later_waves_go_by_what_stayed():
    params = Params(target=100, acceptance=1.0)
    kept = tuple(AdmittedView(n, 0, Draft("sample", data={"ordinal": n // 10})) for n in range(50))
    view = PoolView(2, ENGLISH.seeds, admitted={"alpaca_batch.batch": kept}, planned={"alpaca_batch.batch": 5},
                    finished={"alpaca_batch.batch": 5})  # fmt: skip
    assert calls_wanted(view, params) == 5


def test_a_run_that_brings_nothing_gives_up_at_the_number_it_promised():
    each = recipe("alpaca_batch")
    params = each.Params(target=40, wave_size=2)
    play = Play(each, params, ENGLISH, answer=lambda prompt, _: Reply("nothing")).run()
    assert play.reasons == {("alpaca_batch.batch", "nothing_parsed"): len(play.prompts)}
    assert len(play.prompts) <= each.planned_calls(params, Stock(seeds=len(ENGLISH.seeds)))[1]


def test_three_of_peoples_seeds_are_shown_in_blocks_and_never_the_models_own():
    each = recipe("alpaca_batch")
    play = Play(each, each.Params(target=60, wave_size=1), ENGLISH).run()
    own = {seed.instruction for seed in ENGLISH.seeds}
    for prompt in play.prompts:
        assert len(prompt.variables["instructions"]) == 3
        assert set(prompt.variables["instructions"]) <= own
        shown = prompt.messages[-1].content
        assert shown.count("\n###") == 3
        assert "3. Output:" in shown
        assert "4. Instruction:" in shown
        assert prompt.sampling.stop == ()


def test_seeds_of_the_runs_language_are_shown_where_there_are_enough():
    each = recipe("alpaca_batch")
    both = Sources([*ENGLISH.seeds, *CHINESE.seeds])
    play = Play(each, each.Params(target=20), both, language="zh").run()
    chinese = {seed.instruction for seed in CHINESE.seeds}
    assert all(set(prompt.variables["instructions"]) <= chinese for prompt in play.prompts)
    assert all("指令：" in prompt.messages[-1].content for prompt in play.prompts)


def test_seeds_without_an_output_are_never_shown():
    bare = Sources([SeedView(1, "Say hello to a friend."), SeedView(2, "Name a town.", (Instance("", "Ulm"),))])
    each = recipe("alpaca_batch")
    play = Play(each, each.Params(target=1), bare).run()
    assert all(prompt.variables["instructions"] == ["Name a town."] for prompt in play.prompts)
