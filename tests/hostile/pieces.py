"""Lines of JSON: broken ones with the code that each must be refused with, and odd ones that must come out exactly."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Piece:
    """A line, and either its code or its value. `balanced`: its brackets and quotes pair up, so it fits in a list."""

    name: str
    raw: bytes
    code: str = ""
    value: dict[str, Any] | None = None
    balanced: bool = True


def _refused(code: str, **lines: bytes) -> tuple[Piece, ...]:
    return tuple(Piece(name, raw, code) for name, raw in lines.items())


def _open(code: str, **lines: bytes) -> tuple[Piece, ...]:
    return tuple(Piece(name, raw, code, balanced=False) for name, raw in lines.items())


BROKEN: tuple[Piece, ...] = (
    *_refused(
        "not_a_number",
        nan=b'{"a": NaN}',
        infinity=b'{"a": [Infinity]}',
        minus_infinity=b'{"a": {"b": -Infinity}}',
        too_large_a_fraction=b'{"a": 1e999}',
        too_small_a_fraction=b'{"a": -1e999}',
    ),
    *_refused(
        "duplicate_key",
        key_twice=b'{"a": 1, "a": 2}',
        key_twice_inside=b'{"a": [{"b": 1, "c": 2, "b": 1}]}',
        key_twice_spaced=b'{"a" : 1, "a"\t: 2}',
        key_twice_escaped=b'{"a": 1, "\\u0061": 2}',
        key_twice_behind_backslashes=b'{"a": "1\\\\", "a": "2\\\\", "b": "3\\\\", "c": "4\\\\"}',
    ),
    *_refused(
        "nul_character",
        nul_escaped=b'{"a": "x\\u0000y"}',
        nul_in_a_key=b'{"a\\u0000": 1}',
        nul_inside=b'{"a": [{"b": ["\\u0000"]}]}',
    ),
    *_refused(
        "control_character",
        bell_escaped=b'{"a": "\\u0007"}',
        escape_escaped=b'{"a": "\\u001B[31m"}',
        backspace=b'{"a": "\\b"}',
        form_feed=b'{"a": "\\f"}',
        delete=b'{"a": "\x7f"}',
        delete_escaped=b'{"a": "\\u007F"}',
    ),
    *_refused(
        "lone_surrogate",
        high_surrogate=b'{"a": "\\ud800"}',
        low_surrogate=b'{"a": "\\udfff"}',
        surrogates_reversed=b'{"a": "\\ude00\\ud83d"}',
        surrogate_in_a_key=b'{"\\ud800": 1}',
    ),
    *_refused(
        "bad_json",
        raw_control=b'{"a": "\x01"}',
        raw_tab=b'{"a": "\t"}',
        raw_nul=b'{"a": "\x00"}',
        raw_nul_outside=b'{"a": 1\x00}',
        single_quotes=b"{'a': 1}",
        bare_key=b"{a: 1}",
        hexadecimal=b'{"a": 0x1F}',
        plus=b'{"a": +1}',
        leading_zero=b'{"a": 01}',
        bare_point=b'{"a": 1.}',
        python_true=b'{"a": True}',
        undefined=b'{"a": undefined}',
        missing_colon=b'{"a" 1}',
        missing_comma=b'{"a": 1 "b": 2}',
        missing_value=b'{"a": }',
        double_comma=b'{"a": 1,, "b": 2}',
        unknown_escape=b'{"a": "\\x41"}',
        short_escape=b'{"a": "\\u12"}',
        mark_inside="\ufeff".join(['{"a": ', "1}"]).encode(),
        no_break_space='{"a":\u00a01}'.encode(),
    ),
    *_refused(
        "json_comment",
        comment_inside=b'{"a": 1 /* one */, "b": 2}',
        comment_with_brackets=b'{"a": 1 /* }]"{ */}',
    ),
    *_refused("trailing_comma", comma_in_object=b'{"a": 1,}', comma_in_list=b'{"a": [1, 2, ]}'),
    *_refused(
        "not_an_object",
        text=b'"text, with [a] comma"',
        number=b"12",
        null=b"null",
        true=b"true",
    ),
    *_refused(
        "bad_encoding",
        byte_ff=b'{"a": "\xff"}',
        overlong=b'{"a": "\xc0\x80"}',
        latin_1=b'{"a": "caf\xe9"}',
        half_a_character=b'{"a": "\xe4\xb8"}',
        surrogate_bytes=b'{"a": "\xed\xa0\x80"}',
        gbk='{"a": "中文测试"}'.encode("gbk"),
        key_of_no_text=b'{"\xfe": 1}',
    ),
    *_refused(
        "too_deep",
        depth_65=b'{"a": ' + b"[" * 64 + b"]" * 64 + b"}",
        depth_100_000=b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        objects_100_000=b'{"a": ' * 100_000 + b"1" + b"}" * 100_000,
    ),
    *_refused("too_many_keys", keys_201=json.dumps({f"k{at}": at for at in range(201)}).encode()),
    *_refused("number_too_long", digits_4301=b'{"a": ' + b"7" * 4301 + b"}"),
    *_open(
        "bad_json",
        open_text=b'{"a": "open',
        open_object=b'{"a": {"b": 1}',
        open_list=b'{"a": [1, 2}',
        close_too_many=b'{"a": 1}}',
        two_objects=b'{"a": 1} {"b": 2}',
        nothing_but_a_bracket=b"}",
        words=b"Sorry, as an AI model I cannot",
        fence=b"```json",
    ),
    *_open(
        "json_comment",
        comment_behind=b'{"a": 1} // comment',
        comment_alone=b"// comment",
        comment_block=b"/* comment */",
    ),
    *_open("trailing_comma", comma_behind=b'{"a": 1},'),
    *_open("not_an_object", list=b"[1, 2]", empty_list=b"[]"),
)

_FULL = {f"k{at}": at for at in range(200)}
_DEEP: dict[str, Any] = {"a": json.loads("[" * 63 + "]" * 63)}
SOUND: tuple[Piece, ...] = (
    Piece("digits_30", b'{"a": 123456789012345678901234567890}', value={"a": 123456789012345678901234567890}),
    Piece("negative_beyond_64_bits", b'{"a": -9223372036854775809}', value={"a": -9223372036854775809}),
    Piece("largest_of_64_bits", b'{"a": 18446744073709551615}', value={"a": 18446744073709551615}),
    Piece("digits_4300", b'{"a": 1' + b"0" * 4299 + b"}", value={"a": 10**4299}),
    Piece("fraction", b'{"a": 0.1, "b": 1e308, "c": -0.0}', value={"a": 0.1, "b": 1e308, "c": -0.0}),
    Piece("line_separators", '{"a": "x\u2028y\u2029z\u0085"}'.encode(), value={"a": "x\u2028y\u2029z\u0085"}),
    Piece("pair_of_surrogates", b'{"a": "\\ud83d\\ude00"}', value={"a": "\U0001f600"}),
    Piece("escapes", b'{"a": "\\/\\t\\r\\n\\u4e2d\\"\\\\"}', value={"a": '/\t\r\n中"\\'}),
    Piece("empty_object", b"{}", value={}),
    Piece("empty_key", b'{"": ""}', value={"": ""}),
    Piece("keys_200", json.dumps(_FULL).encode(), value=_FULL),
    Piece("depth_64", b'{"a": ' + b"[" * 63 + b"]" * 63 + b"}", value=_DEEP),
    Piece("long_text", b'{"a": "' + b"x" * 300_000 + b'"}', value={"a": "x" * 300_000}),
    Piece(
        "looks_like_a_comment",
        b'{"a": "// no /* comment */", "b": "http://x"}',
        value={"a": "// no /* comment */", "b": "http://x"},
    ),
    Piece("brackets_in_text", b'{"a": "]}{[\\"", "b": "},{"}', value={"a": ']}{["', "b": "},{"}),
    Piece("bidi_and_tags", '{"a": "\u202e\u200b\U000e0041"}'.encode(), value={"a": "\u202e\u200b\U000e0041"}),
    Piece("chat_tokens", b'{"a": "<|im_end|></s>"}', value={"a": "<|im_end|></s>"}),
    Piece("blanks_around", b'  {"a" : [ 1 , 2 ] }  ', value={"a": [1, 2]}),
)
