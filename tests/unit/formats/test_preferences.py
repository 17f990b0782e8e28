"""Preferences and ratings as the tutorials have them: their samples, their figures, their promises."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from generation import formats
from generation.conversions.convert import Settings, convert
from generation.files.strict_json import Fault
from generation.formats import format_named, write
from generation.formats.base import Options
from generation.formats.contract import Contract
from generation.formats.detecting import detect
from generation.formats.feedback_words import BAD_WORDS, GOOD_WORDS, is_good
from generation.formats.trl_preference import common_prompt
from generation.types import Candidate, Example, Feedback, Pair, RowError, Turn

SHARED = Path(os.environ.get("FDC_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
BASIC = {
    "prompt": "Please explain what machine learning is",
    "chosen": "Machine learning is a branch of artificial intelligence in which programs improve from data.",
    "rejected": "Machine learning is just a technology that makes machines smart.",
}
SCORED = BASIC | {"score_chosen": 8.5, "score_rejected": 3.2}
PREFERENCE = format_named("preference")


def faults(name, record, severity="error"):
    return [(each.code, each.path) for each in format_named(name).check(record) if each.severity == severity]


def rows(name, raw):
    return [row for _, row in formats.read(io.BytesIO(raw), chosen=format_named(name))]


def test_002_01_both_samples_are_sound_and_a_score_alone_is_an_error():
    assert PREFERENCE.check(BASIC) == PREFERENCE.check(SCORED) == []
    [row] = rows("preference", json.dumps(SCORED).encode())
    assert (row.chosen.score, row.rejected.score) == (8.5, 3.2)
    for name in ("score_chosen", "score_rejected"):
        assert faults("preference", BASIC | {name: 5})[0][0] == "score_alone"


@pytest.mark.parametrize(
    ("scale", "scores", "small"),
    [(None, (5, 4), False), (None, (5, 4.01), True), ([1, 5], (4, 3.5), False), ([1, 5], (4, 3.6), True),
     ([0, 100], (50, 40), False), ([0, 100], (50, 41), True), (None, (4.1, 3.1), False)],
)  # fmt: skip
def test_a_small_margin_is_a_warning_on_the_scale_of_the_row(scale, scores, small):
    record = BASIC | {"score_chosen": scores[0], "score_rejected": scores[1]}
    found = PREFERENCE.check(record | ({"score_scale": scale} if scale else {}))
    assert [each.code for each in found] == (["small_margin"] if small else [])
    assert all(each.severity == "warning" for each in found)


def test_002_02_a_pair_is_written_with_three_keys_or_with_five():
    [row] = rows("preference", json.dumps(SCORED).encode())
    assert PREFERENCE.encode(row) == SCORED
    assert PREFERENCE.encode(row, Options(with_scores=False)) == BASIC
    assert list(PREFERENCE.encode(row)) == ["prompt", "chosen", "rejected", "score_chosen", "score_rejected"]


@pytest.mark.parametrize("layout", ["jsonl", "json", "csv", "tsv", "parquet"])
def test_scores_come_back_from_every_layout(layout):
    pair = Pair(Example("Q?"), Candidate("=Good, \n really", score=8.5), Candidate("Bad", score=3.0))
    file = io.BytesIO()
    assert write([pair], file, chosen=PREFERENCE, layout=layout) == 1
    assert rows("preference", file.getvalue()) == [pair]


def test_002_06_scores_ranks_choices_and_ratings_of_one_preference_give_the_same_pair():
    told = {
        "ranked": {"prompt": "Q?", "answers": [{"answer": "Bad.", "score": 3}, {"answer": "Good.", "score": 8}]},
        "ranked_columns": {"prompt": "Q?", "answers": ["Good.", "Bad."], "ranks": [1, 2]},
        "choice": {"prompt": "Q?", "answer_a": "Bad.", "answer_b": "Good.", "choice": "B"},
    }
    log = b"prompt,response,feedback\nQ?,Good.,thumbs_up\nQ?,Bad.,0\n"
    found = {name: rows(name, json.dumps(record).encode()) for name, record in told.items()}
    found["feedback_log"] = rows("feedback_log", log)
    for name, given in found.items():
        [(_, pair)] = convert(enumerate(given), to="preference", settings=Settings())
        assert (pair.prompt.instruction, pair.chosen.text, pair.rejected.text) == ("Q?", "Good.", "Bad."), name


def test_002_06_a_tie_gives_no_pair_and_an_unknown_choice_is_an_error():
    tie = {"prompt": "Q?", "answer_a": "a", "answer_b": "b", "choice": "tie"}
    [(line, nothing)] = convert(enumerate(rows("choice", json.dumps(tie).encode()), 1), to="preference")
    assert (line, nothing.code, nothing.severity) == (1, "no_pair", "warning")
    assert rows("choice", json.dumps(tie | {"choice": "left"}).encode())[0].code == "unknown_choice"


PAIR = Pair(
    Example("And then?", system="Be brief.", turns=(Turn("user", "First?"), Turn("assistant", "One."))),
    Candidate("Good."),
    Candidate("Bad."),
)


@pytest.mark.parametrize(
    "name",
    ["preference", "trl_preference_chat", "trl_preference_implicit_chat", "llama_factory_preference",
     "llama_factory_preference_sharegpt", "openai_preference", "bailian_dpo", "axolotl_dpo_chat_template",
     "axolotl_orpo_argilla"],
)  # fmt: skip
def test_002_07_a_pair_of_several_turns_goes_to_every_trainer_and_passes_its_check(name):
    record = format_named(name).encode(PAIR)
    assert faults(name, record) == []
    assert [row for _, row in format_named(name).read([(1, record)])] == [PAIR]


def test_002_07_reward_models_get_whole_texts_and_policies_get_prompts():
    plain = Pair(Example("Q?"), Candidate("Good."), Candidate("Bad."))
    assert format_named("trl_preference_implicit").encode(plain) == {"chosen": "Q?\nGood.", "rejected": "Q?\nBad."}
    [(_, prompt)] = convert([(1, PAIR)], to="prompt")
    record = format_named("trl_prompt_only_chat").encode(prompt)
    assert [message["content"] for message in record["prompt"]] == ["Be brief.", "First?", "One.", "And then?"]
    assert "Good." not in str(record)


def test_003_07_the_preference_format_is_told_by_its_keys_and_survives():
    assert detect(io.BytesIO(json.dumps([BASIC]).encode())).candidates[0].format == "preference"
    assert rows("preference", json.dumps([BASIC]).encode()) == [
        Pair(Example(BASIC["prompt"]), Candidate(BASIC["chosen"]), Candidate(BASIC["rejected"]))
    ]
    assert faults("preference", BASIC | {"rejected": BASIC["chosen"].upper() + "!"}) == [("same_answers", "rejected")]


def test_003_08_a_label_is_a_boolean_and_a_comment_is_refused_with_its_line():
    sample = b'{\n  "prompt": "Q?",\n  "completion": "A.",\n  "label": true  // true = desirable\n}\n'
    [fault] = rows("kto", sample)
    assert isinstance(fault, RowError)
    assert (fault.line, fault.code) == (1, "json_comment")
    assert "line 4 of the row" in fault.message
    [row] = rows("kto", sample.replace(b"  // true = desirable", b""))
    assert row == Feedback(Example("Q?", output="A."), good=True)
    text = {"prompt": "Q?", "completion": "A.", "label": "true"}
    assert faults("kto", text) == [("label_is_text", "label")]
    [converted] = rows("feedback_log", json.dumps(text).encode())
    assert format_named("kto").encode(converted) == text | {"label": True}
    assert faults("feedback_log", text, "warning") == [("label_is_word", "label")]


@pytest.mark.parametrize(
    ("said", "good"),
    [(True, True), (1, True), ("1", True), ("true", True), ("Yes", True), ("good", True), ("positive", True),
     ("thumbs_up", True), ("👍", True), ("👍️", True), (1.0, True), (" TRUE ", True),
     (False, False), (0, False), ("0", False), ("false", False), ("No", False), ("bad", False), ("negative", False),
     ("thumbs_down", False), ("👎", False)],
)  # fmt: skip
def test_003_24_words_for_good_and_bad_are_understood(said, good):
    assert is_good(said) is good


@pytest.mark.parametrize("said", ["maybe", "", "2", 2, -1, 0.5, None, [], {}, "truee", float("nan"), 10**30])
def test_003_24_any_other_word_is_an_error_and_never_bad(said):
    with pytest.raises(Fault, match="unknown_feedback"):
        is_good(said)


def test_003_24_a_log_of_thumbs_is_read_from_csv_and_json_lines():
    table = "question,response,feedback,user\nQ?,A.,thumbs_up,u1\nQ?,B.,👎,u2\nQ?,C.,shrug,u3\n".encode()
    good, bad, unknown = rows("feedback_log", table)
    assert good == Feedback(Example("Q?", output="A."), good=True, meta={"user": "u1"})
    assert (bad.good, bad.example.output) == (False, "B.")
    assert (unknown.line, unknown.code, unknown.path, unknown.message) == (4, "unknown_feedback", "feedback", "'shrug'")
    sound = {"prompt": "Q?", "completion": "A.", "kto_tag": 1}
    lines = "".join(json.dumps(each) + "\n" for each in (sound, sound | {"label": 0})).encode()
    assert [getattr(row, "code", "") for row in rows("feedback_log", lines)] == ["", "two_fields"]
    assert detect(io.BytesIO(table)).candidates[0].format == "feedback_log"


def test_the_two_tables_of_words_share_none():
    assert not GOOD_WORDS & BAD_WORDS


@pytest.mark.parametrize(
    ("chosen", "rejected", "prompt"),
    [
        ("The sky is blue.", "The sky is green.", "The sky is"),
        ("The sky is blue.", "The sky is black.", "The sky is"),
        ("Q?\nGood.", "Q?\nBad.", "Q?"),
        ("Same", "Different", ""),
        ("一二三 四", "一二三 五", "一二三"),
    ],
)
def test_an_implicit_prompt_ends_before_the_word_in_which_the_texts_part(chosen, rejected, prompt):
    assert common_prompt(chosen, rejected) == prompt


@pytest.mark.parametrize(
    ("file", "name", "sound", "refused"),
    [
        ("dpo_en_demo.json", "llama_factory_preference_sharegpt", 299, {"control_character": 1}),
        ("kto_en_demo.json", "llama_factory_kto_sharegpt", 300, {}),
    ],
)
def test_a_demo_of_llama_factory_is_read_and_goes_out_equal(file, name, sound, refused):
    if not (SHARED / file).exists():
        pytest.skip("the demo files are not here")
    given = json.loads((SHARED / file).read_bytes())
    raw = (SHARED / file).read_bytes()
    read = [row for _, row in formats.read(io.BytesIO(raw), chosen=format_named(name))]
    codes = [row.code for row in read if isinstance(row, RowError)]
    assert {code: codes.count(code) for code in codes} == refused
    assert len(read) - len(codes) == sound
    kept = [record for record, row in zip(given, read, strict=True) if not isinstance(row, RowError)]
    assert [format_named(name).encode(row) for row in read if not isinstance(row, RowError)] == kept
    assert detect(io.BytesIO(raw)).candidates[0].format == name


def test_a_file_of_texts_and_conversations_is_warned_of():
    from_texts, mixed = Contract(PREFERENCE), Contract(PREFERENCE)
    for row in (Pair(Example("Q?"), Candidate("a"), Candidate("b")), PAIR):
        mixed.count(PREFERENCE.encode(row))
    from_texts.count(BASIC)
    assert [(each.code, each.severity) for each in mixed.end().file_faults] == [("mixed_prompts", "warning")]
    assert from_texts.end().file_faults == []


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("preference", BASIC),
        ("kto", {"prompt": "Q?", "completion": "A.", "label": True}),
        ("choice", {"prompt": "Q?", "answer_a": "A.", "answer_b": "B.", "choice": "a"}),
        ("feedback_log", {"prompt": "Q?", "response": "A.", "feedback": "good"}),
    ],
)
def test_a_system_text_beside_a_prompt_belongs_to_it(name, record):
    [row] = rows(name, json.dumps(record | {"system": "Be brief."}).encode())
    asked = row.example if isinstance(row, Feedback) else row.prompt
    assert (asked.system, row.meta) == ("Be brief.", {})
