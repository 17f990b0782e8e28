"""Public sets of one row a record: what their rows become, and each edge that published files have."""

from __future__ import annotations

import pytest

from generation.files.strict_json import Fault
from generation.formats import format_named
from generation.formats.base import Options
from generation.formats.public import READERS
from generation.types import Candidate, Example, Feedback, Pair, RowError, Turn
from review.exporting.encoding import Encoder
from review.exporting.options import ExportOptions


def read(name, record):
    return next(row for _, row in format_named(name).read([(1, record)]))


def refused(name, record):
    row = read(name, record)
    assert isinstance(row, RowError), row
    assert [(each.code, each.path) for each in format_named(name).check(record)] == [(row.code, row.path)]
    return row.code, row.path


@pytest.mark.parametrize("each", READERS, ids=lambda each: each.name)
def test_a_public_set_is_only_read(each):
    assert each.layouts == ()
    with pytest.raises(Fault) as caught:
        each.encode(Example("Q", output="A"), Options())
    assert caught.value.code == "only_read"


def test_003_33_dolly_keeps_its_category_and_its_context_as_it_came():
    record = {
        "instruction": "Who won?", "context": "Ann won in 1990.[12] Bob[3] came second, see [a] and [2020].",
        "response": "Ann.", "category": "closed_qa",
    }  # fmt: skip
    row = read("dolly", record)
    assert row.instruction == "Who won?"
    assert row.input == "Ann won in 1990. Bob came second, see [a] and [2020]."
    assert row.output == "Ann."
    assert row.meta == {"category": "closed_qa", "context": record["context"]}
    assert read("dolly", {**record, "context": ""}).meta == {"category": "closed_qa"}
    assert format_named("dolly").likeness(record) == 95
    assert refused("dolly", {"instruction": "x", "context": ""}) == ("missing_field", "response")
    assert refused("dolly", {**record, "response": 5}) == ("not_a_string", "response")


HUMAN, ASSISTANT = "\n\nHuman: ", "\n\nAssistant: "
START = f"{HUMAN}Hi{ASSISTANT}Hello.{HUMAN}What is 2+2?"


def pair(chosen, rejected):
    return {"chosen": chosen, "rejected": rejected}


def test_003_37_hh_rlhf_parts_two_transcripts_at_their_last_answer():
    prompt = Example("What is 2+2?", turns=(Turn("user", "Hi"), Turn("assistant", "Hello.")))
    assert read("hh_rlhf", pair(f"{START}{ASSISTANT}Four.", f"{START}{ASSISTANT}Five, I think.")) == Pair(
        prompt, Candidate("Four."), Candidate("Five, I think.")
    )
    # One answer is the beginning of the other.
    longer = read("hh_rlhf", pair(f"{START}{ASSISTANT}Four, of course.", f"{START}{ASSISTANT}Four"))
    assert (longer.chosen.text, longer.rejected.text) == ("Four, of course.", "Four")
    # Equal texts teach nothing.
    assert refused("hh_rlhf", pair(f"{START}{ASSISTANT}Four.", f"{START}{ASSISTANT}Four.")) == (
        "same_answers", "rejected",
    )  # fmt: skip
    # An empty last answer, with and without the blank behind the marker.
    for empty in (ASSISTANT, ASSISTANT.rstrip(" ")):
        assert refused("hh_rlhf", pair(f"{START}{ASSISTANT}Four.", f"{START}{empty}")) == ("blank", "rejected")
    # A marker that somebody quotes: where the turns part cannot be told.
    quoting = f"{HUMAN}Explain '{HUMAN}x'{ASSISTANT}"
    assert refused("hh_rlhf", pair(f"{quoting}It asks.", f"{quoting}No.")) == ("markers_out_of_turn", "chosen")
    echo = f"{START}{ASSISTANT}Four.{HUMAN}Thanks{HUMAN}bye"
    assert refused("hh_rlhf", pair(f"{START}{ASSISTANT}Five.", echo)) == ("markers_out_of_turn", "rejected")


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ({"transcript": "x", "min_harmlessness_score_transcript": 1}, ("missing_field", "chosen")),
        (pair("Hi", "Ho"), ("not_a_transcript", "chosen")),
        (pair(f"{HUMAN}a{ASSISTANT}b", f"{HUMAN}c{ASSISTANT}b"), ("not_a_transcript", "chosen")),
        (pair(f"x{HUMAN}a{ASSISTANT}b", f"x{HUMAN}a{ASSISTANT}c"), ("not_a_transcript", "chosen")),
    ],
)
def test_other_texts_are_no_transcripts(record, fault):
    assert refused("hh_rlhf", record) == fault


def rated(*ratings, **more):
    aspects = ("helpfulness", "honesty", "instruction_following", "truthfulness")
    told = {aspect: {"Rating": rating, "Rationale": "r"} for aspect, rating in zip(aspects, ratings, strict=True)}
    return {"model": "m", "response": "A", "annotations": told, **more}


def test_003_35_ultrafeedback_scores_by_the_mean_of_aspects_and_leaves_out_na():
    record = {
        "source": "evol_instruct", "instruction": "Q", "models": ["m"],
        "completions": [
            rated("5", "4", "5", "4", overall_score=2.0), rated("3", "N/A", "4", "2", overall_score=9.5),
            rated("N/A", "N/A", "N/A", "N/A"),
        ],
    }  # fmt: skip
    row = read("ultrafeedback", record)
    assert [answer.score for answer in row.answers] == [4.5, 3.0, None]
    assert row.answers[1].meta["overall_score"] == 9.5
    assert row.answers[1].meta["ratings"]["honesty"] is None
    assert row.meta == {"source": "evol_instruct", "models": ["m"]}
    for few in ([], record["completions"][:1]):
        assert refused("ultrafeedback", {**record, "completions": few}) == ("too_few_answers", "completions")
    odd = {**record, "completions": [rated("five", "4", "4", "4"), rated("5", "4", "4", "4")]}
    assert refused("ultrafeedback", odd) == ("not_numeric", "completions.0.annotations.helpfulness.Rating")


def test_003_35_ultrafeedback_binarized_is_pairs_with_scores():
    ask = {"role": "user", "content": "Q"}
    record = {
        "prompt": "Q", "prompt_id": "p1", "messages": [],
        "chosen": [ask, {"role": "assistant", "content": "Good"}],
        "rejected": [ask, {"role": "assistant", "content": "Bad"}],
        "score_chosen": 8.5, "score_rejected": 3,
    }  # fmt: skip
    assert read("ultrafeedback_binarized", record) == Pair(
        Example("Q"), Candidate("Good", score=8.5), Candidate("Bad", score=3.0), meta={"prompt_id": "p1"}
    )
    assert refused("ultrafeedback_binarized", {**record, "rejected": record["chosen"]}) == ("same_answers", "rejected")
    other = [{"role": "user", "content": "Other"}, record["rejected"][1]]
    assert refused("ultrafeedback_binarized", {**record, "rejected": other}) == ("different_prompts", "rejected")
    assert refused("ultrafeedback_binarized", {**record, "score_chosen": "8"}) == ("not_numeric", "score_chosen")
    assert refused("ultrafeedback_binarized", {**record, "chosen": [ask]}) == ("no_answer", "chosen")


def test_nectar_is_seven_ranked_answers_to_a_transcript():
    answers = [{"answer": f"A{rank}", "model": f"m{rank}", "rank": float(rank)} for rank in range(7, 0, -1)]
    row = read("nectar", {"prompt": f"{START}{ASSISTANT}", "answers": answers, "good_natured": True})
    assert row.prompt.instruction == "What is 2+2?"
    assert len(row.prompt.turns) == 2
    assert row.answers[0] == Candidate("A7", rank=7, model="m7")
    assert [answer.rank for answer in row.answers] == [7, 6, 5, 4, 3, 2, 1]
    assert row.meta == {"good_natured": True}
    assert refused("nectar", {"prompt": "Q", "answers": answers[:1]}) == ("too_few_answers", "answers")
    assert refused("nectar", {"prompt": "Q", "answers": [{"answer": "A", "rank": 0}, answers[0]]}) == (
        "not_numeric", "answers.0.rank",
    )  # fmt: skip


def test_shp_prefers_a_for_1_and_b_for_0():
    record = {"history": "Q", "human_ref_A": "a", "human_ref_B": "b", "labels": 1, "score_A": 9, "score_B": 4}
    a, b = Candidate("a", score=9.0), Candidate("b", score=4.0)
    assert read("shp", record) == Pair(Example("Q"), a, b)
    assert read("shp", {**record, "labels": 0}) == Pair(Example("Q"), b, a)
    assert refused("shp", {**record, "labels": 2}) == ("unknown_feedback", "labels")
    assert refused("shp", {**record, "human_ref_B": "a"}) == ("same_answers", "human_ref_B")


def test_003_38_code_alpaca_keeps_the_lines_of_code():
    code = "def f(x):\n    return x\n\n\n\tprint(f(1))\n"
    row = read("code_alpaca", {"instruction": "Write f.", "input": "", "output": code})
    assert row == Example("Write f.", output=code, meta={"source": "code_alpaca"})
    assert format_named("alpaca").encode(row)["output"] == code
    assert format_named("code_alpaca").likeness({"instruction": "a", "input": "", "output": "b"}) < 90


LEGAL = {"index": 3, "text": "The tenant pays.", "answer": "Yes"}


def test_003_40_legalbench_rows_are_marked_and_an_export_of_them_warns():
    row = read("legalbench", LEGAL)
    mark = {"evaluation": True, "evaluation_set": "legalbench"}
    assert row == Example("The tenant pays.", output="Yes", meta={"index": 3, **mark})
    encoder = Encoder(format_named("alpaca"), source="sft", options=ExportOptions())
    assert (
        len(list(encoder.records([(1, row), (2, Example("A sound question", output="A sound answer, long enough."))])))
        == 2
    )
    told = [(each.line, each.code, each.severity) for each in encoder.findings.first if each.code == "evaluation_row"]
    assert told == [(1, "evaluation_row", "warning")]


def test_legalbench_tasks_have_columns_and_prompts_of_their_own():
    asked = read("legalbench", {"index": 0, "answer": "No", "question": "Is it void?", "contract": "We agree."})
    assert (asked.instruction, asked.input) == ("Is it void?", "We agree.")
    cited = read("legalbench", {"index": 0, "answer": "x", "text": "T", "citation": "C", "slice": "S"})
    assert (cited.instruction, cited.input) == ("T", "citation: C\nslice: S")
    base = read("legalbench", {**LEGAL, "base_prompt": "Clause: {{text}}\nAnswer:"})
    assert base.instruction == "Clause: The tenant pays.\nAnswer:"
    assert refused("legalbench", {"index": 0, "answer": "x"}) == ("missing_field", "text")


def test_a_log_of_thumbs_is_read_by_its_own_words():
    row = read("feedback_log", {"question": "Q", "response": "A", "feedback": "thumbs_up"})
    assert row == Feedback(Example("Q", output="A"), good=True)
