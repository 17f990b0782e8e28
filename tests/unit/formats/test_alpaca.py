"""Alpaca rows: exact bytes out, strict rows in."""

from __future__ import annotations

import io

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation import formats
from generation.files.strict_json import Fault
from generation.formats import UnknownFormat, alpaca, format_named
from generation.formats.base import Options
from generation.formats.turns import from_exchanges
from generation.types import Example, RowError, ToolCall, Turn

EXAMPLES = [
    Example("Translate.", "你好", "Hello"),
    Example("说一句话", "", 'He said "yes"\n\u2028🙂', system="Be kind.", turns=from_exchanges([("a", "b")])),
]


ALPACA = format_named("alpaca")


def written(layout: str, examples: list[Example]) -> bytes:
    file = io.BytesIO()
    assert formats.write(examples, file, chosen=ALPACA, layout=layout) == len(examples)
    return file.getvalue()


def read(raw: bytes) -> list[Example | RowError]:
    return [row for _, row in formats.read(io.BytesIO(raw), chosen=ALPACA)]


def test_lines_are_compact_utf8_in_a_fixed_order():
    assert written("jsonl", EXAMPLES).decode() == (
        '{"instruction":"Translate.","input":"你好","output":"Hello"}\n'
        '{"instruction":"说一句话","input":"","output":"He said \\"yes\\"\\n\u2028🙂",'
        '"system":"Be kind.","history":[["a","b"]]}\n'
    )


def test_the_array_has_a_row_a_line_and_ends_with_a_line_feed():
    assert written("json", EXAMPLES[:1]).decode() == (
        '[\n  {"instruction":"Translate.","input":"你好","output":"Hello"}\n]\n'
    )
    assert written("json", []) == b"[]\n"
    assert written("jsonl", []) == b""


@pytest.mark.parametrize("layout", ["jsonl", "json"])
def test_what_is_written_reads_the_same(layout):
    assert read(written(layout, EXAMPLES)) == EXAMPLES


@pytest.mark.parametrize("layout", ["jsonl", "json"])
def test_the_bytes_depend_on_the_rows_alone(layout):
    assert written(layout, EXAMPLES) == written(layout, read(written(layout, EXAMPLES)))


@pytest.mark.parametrize(
    ("raw", "code", "path"),
    [
        (b'{"instruction": "x"}', "missing_field", "output"),
        (b'{"instruction": "x", "output": 3}', "not_a_string", "output"),
        (b'{"instruction": "x", "output": "y", "input": 3}', "not_a_string", "input"),
        (b'{"instruction": "x", "output": "y", "history": [["a"]]}', "not_a_turn", "history.0"),
        (b'{"instruction": "x", "output": "y", "images": "a.png"}', "not_a_list", "images"),
    ],
)
def test_rows_that_do_not_fit_have_a_code_and_a_path(raw, code, path):
    [error] = read(raw)
    assert (error.code, error.path) == (code, path)


def test_a_missing_or_null_input_is_empty_and_other_keys_are_kept_aside():
    raw = b'{"instruction": "x", "output": "y"}\n{"instruction": "x", "output": "y", "input": null, "source": "s"}'
    first, second = read(raw)
    assert first.input == second.input == ""
    assert second.meta == {"source": "s"}


@pytest.mark.parametrize(("size", "found"), [(9, True), (10, False), (1000, False), (1001, True)])
def test_instruction_sizes_are_warned_of_outside_inclusive_bounds(size, found):
    errors = ALPACA.check({"instruction": "字" * size, "output": "x" * 50})
    assert [(each.code, each.severity) for each in errors] == ([("instruction_size", "warning")] if found else [])


@pytest.mark.parametrize(("size", "found"), [(19, True), (20, False), (4000, False), (4001, True)])
def test_output_sizes_are_warned_of_outside_inclusive_bounds(size, found):
    errors = ALPACA.check({"instruction": "x" * 50, "output": "🙂" * size})
    assert [each.code for each in errors] == (["output_size"] if found else [])


def test_a_trainer_would_stumble_over_blanks_placeholders_and_lone_media():
    errors = ALPACA.check({"instruction": " ", "input": "<image>", "output": "TODO"})
    assert {"blank", "placeholder_output", "media_count"} <= {each.code for each in errors}
    seen = ALPACA.check({"instruction": "Look at it: <image>", "output": "x" * 30, "images": ["a.png"]})
    assert [each.code for each in seen] == ["beyond_alpaca"]


def test_an_unknown_format_is_named():
    with pytest.raises(UnknownFormat):
        format_named("parquet")


def test_003_06_alpaca_needs_instruction_and_output_and_the_input_may_be_empty():
    bare = {"instruction": "Name three primary colours.", "input": "", "output": "Red, yellow and blue."}
    [row] = read(orjson.dumps(bare))
    assert row == Example("Name three primary colours.", output="Red, yellow and blue.")
    assert ALPACA.encode(row) == bare
    assert ALPACA.check(bare) == []
    without = {name: text for name, text in bare.items() if name != "input"}
    assert ALPACA.check(without) == ALPACA.check({**bare, "input": None}) == []
    for name in ("instruction", "output"):
        assert ("blank", name) in [(each.code, each.path) for each in ALPACA.check({**bare, name: " "})]
        missing = {key: text for key, text in bare.items() if key != name}
        assert [(each.code, each.path) for each in ALPACA.check(missing)] == [("missing_field", name)]


@pytest.mark.parametrize(
    ("history", "code", "path"),
    [
        ([["only one"]], "not_a_turn", "history.0"),
        ([["a", "b"], ["a", "b", "c"]], "not_a_turn", "history.1"),
        ([["a", 5]], "not_a_turn", "history.0"),
        ([["a", None]], "not_a_turn", "history.0"),
        (["ab"], "not_a_turn", "history.0"),
        ("ab", "not_a_list", "history"),
    ],
)
def test_004_07_history_is_pairs_of_two_texts(history, code, path):
    record = {"instruction": "And in French?", "input": "", "output": "Bonjour, tout le monde.", "history": history}
    [error] = read(orjson.dumps(record))
    assert (error.code, error.path) == (code, path)
    assert [(each.code, each.path) for each in ALPACA.check(record)] == [(code, path)]


def test_004_07_system_and_history_come_back_in_their_order():
    record = {
        "instruction": "And in French?", "input": "greeting", "output": "Bonjour, tout le monde.",
        "system": "Be a translator.", "history": [["Hello in German?", "Hallo."], ["In Latin?", "Salve."]],
    }  # fmt: skip
    [row] = read(orjson.dumps(record))
    assert row.system == "Be a translator."
    assert [turn.content for turn in row.turns] == ["Hello in German?", "Hallo.", "In Latin?", "Salve."]
    assert ALPACA.encode(row) == record
    told = [(each.code, each.path, each.severity) for each in ALPACA.check(record)]
    assert told == [("beyond_alpaca", "system", "warning"), ("beyond_alpaca", "history", "warning")]
    hidden = ALPACA.check({**record, "history": [["a", "b"], ["c", "d\u0007"]]})
    assert ("control_character", "history.1.1") in [(each.code, each.path) for each in hidden]


@pytest.mark.parametrize("output", ["TODO", "todo: write this", "TBD", "[answer here]", "N/A", "n/a"])
def test_an_output_that_nobody_wrote_is_an_error(output):
    errors = ALPACA.check({"instruction": "Name three colours.", "output": output})
    assert "placeholder_output" in [each.code for each in errors]


@pytest.mark.parametrize("output", ["[1, 2, 3]", '["red"]', "NASA", "to do or not to do", "The answer is N/A"])
def test_an_output_that_only_looks_like_a_placeholder_is_none(output):
    errors = ALPACA.check({"instruction": "Name three colours.", "output": output})
    assert "placeholder_output" not in [each.code for each in errors]


@pytest.mark.parametrize(("images", "found"), [([], True), (["a"], True), (["a", "b"], False), (["a", "b", "c"], True)])
def test_media_are_as_many_as_their_placeholders(images, found):
    record = {"instruction": "<image> Compare these.", "input": "<image>", "output": "x" * 30, "images": images}
    assert ("media_count" in [each.code for each in ALPACA.check(record)]) is found


def test_tool_turns_are_left_out_on_request_wherever_they_stand():
    call = Turn("assistant", calls=(ToolCall("look"),))
    turns = (Turn("user", "a"), call, Turn("tool", "9"), Turn("assistant", "b"))
    row = Example("Q", output="A", turns=turns, tools="[]")
    with pytest.raises(Fault) as caught:
        ALPACA.encode(row)
    assert (caught.value.code, caught.value.path) == ("not_representable", "tools")
    record = ALPACA.encode(row, Options(drop_tools=True))
    assert record == {"instruction": "Q", "input": "", "output": "A", "history": [["a", "b"]]}


_PIECES = [
    "A usual sentence of some length. ", "说明一下为什么天是蓝的。", "<image>", "TODO: ", "[answer]", "N/A", "\x0b",
    "\x7f", "\n", " ", "\ud800", "x" * 900,
]  # fmt: skip
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=5).map("".join)


@given(asked=_TEXTS, given_=_TEXTS, said=_TEXTS)
def test_the_quick_look_lets_nothing_through_that_the_careful_one_finds(asked, given_, said):
    record = {"instruction": asked, "input": given_, "output": said}
    assert not (alpaca.surely_sound(record) and list(alpaca.faults(record)))


def test_the_quick_look_knows_a_usual_row():
    usual = {"instruction": "Why is the sky blue?", "input": "", "output": "因为蓝光散射得更多。" * 3}
    assert alpaca.surely_sound(usual)
    assert not alpaca.surely_sound(usual | {"system": "Be brief."})
