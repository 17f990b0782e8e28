"""Hostile tables, swollen and foreign files, Parquet that was cut or changed: each with what it must come to."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Callable, Iterator
from typing import Any

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "gzip": lambda text: gzip.compress(text.encode(), 1, mtime=0),
    "utf-16": lambda text: text.encode("utf-16"),
}
DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";"}

# A record in quotes where it is needed, with "|" for the delimiter, and the faults or the cells that it must come to.
BROKEN_RECORDS: dict[str, tuple[str, str]] = {
    "too few": ("only one", "wrong_column_count"),
    "too many": ("1|2|3", "wrong_column_count"),
    "nul": ("a\0|b", "nul_character"),
    "bell": ("a\x07|b", "control_character"),
    "delete": ("a|b\x7f", "control_character"),
    "junk behind a quote": ('"a"b|c', "bad_csv"),
    "quote never closed": ('"a|b', "unbalanced_quote"),
}
SOUND_RECORDS: dict[str, tuple[str, list[str]]] = {
    "line ends": ('"two\nlines"|"CR\r\nLF"', ["two\nlines", "CR\r\nLF"]),
    "quotes": ('"say ""hi"""|""', ['say "hi"', ""]),
    "formulas": ('=1+1|"=HYPERLINK(""http://x"",""y"")"', ["=1+1", '=HYPERLINK("http://x","y")']),
    "signs": ("+1|-1", ["+1", "-1"]),
    "at": ("@SUM(1)|'=quoted", ["@SUM(1)", "'=quoted"]),
    "delimiters": ('",;\t"|"|,"', [",;\t", "|,"]),
    "blanks": ("  a  | b ", ["  a  ", " b "]),
    "json": ('"{""a"": NaN}"|[1', ['{"a": NaN}', "[1"]),
    "separators": ("x\u2028y|z\u0085", ["x\u2028y", "z\u0085"]),
    "bidi": ("\u202e中文|\U0001f600", ["\u202e中文", "\U0001f600"]),
    "long": ("x" * 200_000 + "|y", ["x" * 200_000, "y"]),
}
FOREIGN = {
    "zip": b"PK\x03\x04" + b"\0" * 60,
    "pdf": b"%PDF-1.7\n" + b"x" * 60,
    "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 60,
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60,
    "zstd": b"\x28\xb5\x2f\xfd" + b"\0" * 60,
    "xz": b"\xfd7zXZ\0" + b"\0" * 60,
    "sqlite": b"SQLite format 3\0" + b"\0" * 60,
    "utf-32": "[{}]".encode("utf-32"),
    "utf-32-be": b"\0\0\xfe\xff" + "[{}]".encode("utf-32-be"),
    "rar": b"Rar!\x1a\x07\0" + b"\0" * 60,
}

Made = tuple[str, Callable[[], bytes], "list[dict[str, Any]] | None", "tuple[str, ...] | str", dict[str, bool]]


def made() -> Iterator[Made]:
    """Name, maker, rows, codes and options of each file."""
    yield from _tables()
    yield from _whole_tables()
    for name, raw in FOREIGN.items():
        for times in (1, 3):
            yield f"foreign: {name} {times}", lambda raw=raw, times=times: raw * times, [], ("unreadable_file",), {}
    yield from _swollen()
    yield from _parquet()


def _tables() -> Iterator[Made]:
    """One odd record between sound ones."""
    before, after = {"first": "1", "second": "eins"}, {"first": "2", "second": "二"}
    for delimiter_name, delimiter in DELIMITERS.items():
        for encoding, change in ENCODINGS.items():
            for name, (record, code) in BROKEN_RECORDS.items():
                text = f"first|second\r\n1|eins\r\n{record}\r\n2|二\r\n".replace("|", delimiter)
                title = f"table: {name}, {delimiter_name}, {encoding}"
                yield title, lambda text=text, change=change: change(text), [before, after], (code,), {}
            for name, (record, cells) in SOUND_RECORDS.items():
                if name == "delimiters" and delimiter_name != "comma":
                    continue
                body = record if name == "delimiters" else record.replace("|", delimiter)
                if name == "delimiters":
                    body = '",;\t",";,"'
                    cells = [",;\t", ";,"]
                text = f"first{delimiter}second\n1{delimiter}eins\n{body}\n2{delimiter}二"
                rows = [before, dict(zip(("first", "second"), cells, strict=True)), after]
                title = f"table: {name}, {delimiter_name}, {encoding}"
                yield title, lambda text=text, change=change: change(text), rows, (), {}


def _whole_tables() -> Iterator[Made]:
    """What costs the whole table: its header."""
    heads = {
        "column twice": ("a,a\n1,2\n", "duplicate_key"),
        "no name": ("a,,c\n1,2,3\n", "missing_header"),
        "nul": ("a,b\0\n1,2\n", "nul_character"),
        "too many": (",".join(f"c{at}" for at in range(201)) + "\n1\n", "too_many_keys"),
    }
    for encoding, change in ENCODINGS.items():
        for name, (text, code) in heads.items():
            yield f"header: {name}, {encoding}", lambda text=text, change=change: change(text), [], (code,), {}
        text = "a,b\n'=1+1,''@x\n'plain,'\uff1d1\n"
        rows = [{"a": "=1+1", "b": "'@x"}, {"a": "'plain", "b": "\uff1d1"}]
        name = f"escaped: {encoding}"
        yield name, lambda text=text, change=change: change(text), rows, (), {"spreadsheet_safe": True}


def _swollen() -> Iterator[Made]:
    """Little files that grow: gzip of nothing much, gzip in gzip, and its checksum wrong."""
    row = b'{"a": 1}\n'
    for name, filling in {"blanks": b" ", "line ends": b"\n", "zeros": b"\0", "texts": b"x"}.items():
        for megabytes in (11, 13):
            maker = lambda filling=filling, megabytes=megabytes: gzip.compress(  # noqa: E731
                row + filling * (megabytes * 1024 * 1024), 9, mtime=0
            )
            yield f"swollen: {name} {megabytes}", maker, None, "too_large", {}
    for depth in (2, 3, 40):
        yield f"nested: gzip {depth}", lambda depth=depth: _packed(row, depth), [], ("bad_gzip",), {}
    packed = gzip.compress(row * 3, mtime=0)
    for at in range(1, 9):
        raw = packed[:-at] + bytes([packed[-at] ^ 0x55]) + packed[len(packed) - at + 1 :]
        yield f"checksum: {at}", lambda raw=raw: raw, None, "bad_gzip", {}


def _packed(raw: bytes, depth: int) -> bytes:
    for _ in range(depth):
        raw = gzip.compress(raw, mtime=0)
    return raw


def _parquet() -> Iterator[Made]:
    """Parquet cut short, changed in its footer, swollen, and with columns of no use."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def file(table: Any, **options: Any) -> bytes:
        out = io.BytesIO()
        pq.write_table(table, out, **options)
        return out.getvalue()

    sound = file(pa.table({"a": ["x", "中"], "n": [1, 2]}))
    yield "parquet: sound", lambda: sound, [{"a": "x", "n": 1}, {"a": "中", "n": 2}], (), {}
    rng = random.Random(49955)
    for number in range(16):
        at = rng.randrange(4, len(sound) - 1)
        yield f"parquet: cut {number}", lambda at=at: sound[:at], [], ("bad_parquet",), {}
    for number in range(24):
        raw = bytearray(sound)
        raw[rng.randrange(4, len(raw))] ^= 1 << rng.randrange(8)
        yield f"parquet: changed {number}", lambda raw=bytes(raw): raw, None, "anything", {}
    nan = file(pa.table({"a": [1.5, float("nan")]}))
    yield "parquet: nan", lambda: nan, [{"a": 1.5}], ("not_a_number",), {}
    binary = file(pa.table({"a": pa.array([b"x"]), "b": ["y"]}))
    yield "parquet: binary", lambda: binary, [], ("column_type",), {}
    nul = file(pa.table({"a": ["x\0", "ok"]}))
    yield "parquet: nul", lambda: nul, [{"a": "ok"}], ("nul_character",), {}

    def _bomb() -> Any:
        return pa.DictionaryArray.from_arrays(pa.array([0] * 40, pa.int32()), ["x" * 3_000_000])

    yield "parquet: bomb", lambda: file(pa.table({"a": _bomb()})), None, "too_large", {}
    nested = pa.array([[[["x"]]]])
    yield "parquet: nested", lambda: file(pa.table({"a": nested})), [{"a": [[["x"]]]}], (), {}
