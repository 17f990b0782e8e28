"""Every way from one format to another: nothing is lost, or what is lost is refused or said.

`FDC_TRUST=1` draws ten times as many rows.
"""

from __future__ import annotations

import os

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generation.files.strict_json import Fault
from generation.formats import FORMATS, format_named
from generation.formats.base import Options
from generation.types import RowError
from tests.contracts.rows_of import ANNOTATIONS, FEATURES, held, plain, read_back, row_of, rows, verdict, written

EXAMPLES = 2000 if os.environ.get("FDC_TRUST") else 200
NEEDS_MORE = {"axolotl_reflection", "axolotl_creative_acr_critique", "axolotl_creative_acr_revise"}
"""Shapes with a field of their own that no other kind of row has; their own files are read and written."""
ONE_WAY = {"rendered_text"}
"""What was rendered cannot be read back."""
MOVES_THE_CUT = {"trl_preference_implicit"}
"""Where both answers begin with the same words, these count as prompt."""

WRITTEN = [each for each in FORMATS if each.layouts and each.name not in NEEDS_MORE | ONE_WAY]
HELD = {each.name: held(each, each.kind) for each in WRITTEN}
many = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

MULTI = {"system", "turns"}
TOOLS = {"tools", "answer_tools"}
ARROWS = {
    # Alpaca and conversations: the input joins the instruction; names, calls and weights have no place in Alpaca.
    ("alpaca", "sharegpt"): {"input"},
    ("alpaca", "openai_messages"): {"input", "videos", "audios"},
    ("sharegpt", "alpaca"): {"names", "tools", "calls", "weight"},
    ("openai_messages", "alpaca"): {"names", "developer", "tools", "calls", "weight"},
    ("sharegpt", "openai_messages"): {"videos", "audios"},
    ("openai_messages", "sharegpt"): {"developer"},
    # Preferences.
    ("preference", "trl_preference_chat"): {"scores"},
    ("trl_preference_chat", "preference"): {"images", *TOOLS},
    ("preference", "trl_preference"): {"names", "developer", "scores", *MULTI},
    ("trl_preference", "preference"): set(),
    ("preference", "llama_factory_preference"): {"names", "developer", "scores"},
    ("llama_factory_preference", "preference"): {"input", "images", "videos", "audios"},
    ("preference", "llama_factory_preference_sharegpt"): {"developer", "scores"},
    ("llama_factory_preference_sharegpt", "preference"): {"images", "videos", "audios", "tools"},
    ("preference", "openai_preference"): {"scores"},
    ("openai_preference", "preference"): TOOLS,
    ("preference", "bailian_dpo"): {"names", "developer", "scores"},
    ("bailian_dpo", "preference"): set(),
    ("preference", "axolotl_dpo_chat_template"): {"names", "developer", "scores"},
    ("axolotl_dpo_chat_template", "preference"): set(),
    ("preference", "axolotl_dpo_argilla"): {"turns", "names", "developer", "scores"},
    ("axolotl_dpo_argilla", "preference"): set(),
    ("trl_preference_chat", "openai_preference"): {"images"},
    ("openai_preference", "trl_preference_chat"): set(),
    ("bailian_dpo", "openai_preference"): set(),
    # Ratings and rankings.
    ("kto", "trl_unpaired_chat"): set(),
    ("kto", "llama_factory_kto_sharegpt"): {"developer"},
    ("llama_factory_kto_sharegpt", "kto"): {"tools", "images", "videos", "audios"},
    ("kto", "axolotl_kto_argilla_chat"): {"names", "developer"},
    ("trl_unpaired_chat", "kto"): {"tools", "images"},
    ("ranked", "ranked_columns"): set(),
    ("ranked_columns", "ranked"): set(),
}
"""The arrows of the conversion matrix and what does not come along, written down by hand."""


@pytest.mark.parametrize("each", WRITTEN, ids=lambda each: each.name)
def test_a_format_keeps_a_part_refuses_it_or_says_where_it_went(each):
    assert read_back(each, each.encode(row_of(each.kind, (), plain))) == row_of(each.kind, (), plain)
    found = {feature: verdict(each, each.kind, feature) for feature in FEATURES[each.kind]}
    assert set(found.values()) <= {"kept", "refused", "joined", "left out"}, found
    assert {feature for feature, what in found.items() if what == "left out"} <= ANNOTATIONS, found
    assert {feature for feature, what in found.items() if what == "joined"} <= {"input"}, found


@pytest.mark.parametrize("kind", FEATURES)
@given(data=st.data())
@many
def test_between_formats_that_hold_a_row_nothing_is_lost(kind, data):
    features, row = data.draw(rows(kind))
    formats = [each for each in WRITTEN if each.kind == kind and features <= HELD[each.name]]
    records, read = {}, {}
    for each in formats:
        record = each.encode(row)
        assert orjson.loads(orjson.dumps(record)) == record
        faults = [fault for fault in each.check(record) if fault.severity == "error"]
        assert faults == [], each.name
        records[each.name], read[each.name] = record, read_back(each, record)
        assert read[each.name] == row or each.name in MOVES_THE_CUT, each.name
    for source in formats:
        for target in formats:
            if source.name not in MOVES_THE_CUT:
                assert target.encode(read[source.name]) == records[target.name], (source.name, target.name)


@pytest.mark.parametrize("kind", FEATURES)
@given(data=st.data())
@many
def test_what_a_format_has_no_place_for_is_refused_by_its_name(kind, data):
    features, row = data.draw(rows(kind))
    for each in WRITTEN:
        missing = features - HELD[each.name]
        if each.kind != kind or not missing:
            continue
        record = written(each, row)
        if isinstance(record, Fault):
            assert record.code in ("not_representable", "media_count"), each.name
            assert record.path, each.name
        else:
            assert missing <= {"input"} | ANNOTATIONS, (each.name, missing)
            assert not isinstance(read_back(each, record), RowError), each.name


@pytest.mark.parametrize(("source", "target"), ARROWS, ids=lambda name: name)
def test_an_arrow_loses_what_is_written_down_and_nothing_else(source, target):
    assert HELD[source] - HELD[target] == ARROWS[source, target]


@pytest.mark.parametrize("kind", ["sft", "preference", "feedback"])
@given(data=st.data())
@settings(parent=many, max_examples=EXAMPLES // 4)
def test_tools_are_left_out_on_request_and_the_rest_stays(kind, data):
    features, row = data.draw(rows(kind))
    for each in WRITTEN:
        lost = (features - HELD[each.name]) - {"tools", "answer_tools", "input"} - ANNOTATIONS
        if each.kind == kind and not lost and "calls" not in features:
            assert not isinstance(read_back(each, each.encode(row, Options(drop_tools=True))), RowError), each.name


@given(data=st.data())
@many
def test_a_prompt_inside_the_answers_gives_the_trainer_the_same_texts(data):
    implicit, explicit = format_named("trl_preference_implicit"), format_named("trl_preference")
    _, row = data.draw(rows("preference", among=HELD["trl_preference"]))
    written, whole = implicit.encode(row), explicit.encode(row)
    assert written == {side: whole["prompt"] + whole[side] for side in ("chosen", "rejected")}
    assert implicit.encode(read_back(implicit, written)) == written
