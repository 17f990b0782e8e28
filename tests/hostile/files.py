"""Files that were made to do harm, or are merely broken: what each must come to is written beside it as data.

`corpus(full=True)` makes more than 2,000 of them, the same ones every time: sound rows around a hostile piece, in every
layout and encoding, cut short, swollen or noisy. Nothing is asked of the code under test.
"""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.hostile import tables
from tests.hostile.pieces import BROKEN, SOUND, Piece

ROWS: tuple[dict[str, Any], ...] = (
    {"instruction": "Name a colour.", "input": "", "output": "Blue, for one."},
    {"instruction": "解释“机器学习”。", "input": "一句话\u2028两行", "output": "让机器从数据中学习；{不是}[魔法]。"},
    {"instruction": 'Say "hi",\nplease', "input": "=1+1", "output": "hi\\ // no comment /* none */"},
)
ANYTHING = "anything"
"""Any code will do: the bytes are noise, and only that it is a typed answer counts."""


@dataclass(frozen=True, slots=True)
class HostileFile:
    """`make()` gives the bytes. `rows` are the exact rows that come out, None where noise decides; `codes` are the
    faults in their order, each one or any of several codes; a lone text is the last of them, and `ANYTHING` stands for
    any number of any codes. `options` go to the reader."""

    name: str
    make: Callable[[], bytes]
    rows: list[dict[str, Any]] | None = None
    codes: tuple[str | frozenset[str], ...] | str = ANYTHING
    options: dict[str, bool] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The first word of its name."""
        return self.name.split(":")[0]


def corpus(*, full: bool) -> list[HostileFile]:
    """All files, or about 150 with some of every kind."""
    kinds: dict[str, list[HostileFile]] = {}
    for each in _all():
        kinds.setdefault(each.kind, []).append(each)
    if full:
        return [each for files in kinds.values() for each in files]
    few = {"parquet": 4, "swollen": 2}
    return [each for kind, files in kinds.items() for each in _spread(files, few.get(kind, 18))]


def _spread(files: list[HostileFile], most: int) -> list[HostileFile]:
    return files[:: max(1, len(files) // most)][:most]


def _all() -> Iterator[HostileFile]:
    yield from _in_lines()
    yield from _in_arrays()
    yield from _cut()
    yield from _noisy()
    for name, make, rows, codes, options in tables.made():
        yield HostileFile(name, make, rows, codes, options)


def dumped(row: dict[str, Any]) -> bytes:
    """A row as its line, without the line's end."""
    return json.dumps(row, ensure_ascii=False).encode()


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "utf-8": lambda raw: raw,
    "mark": lambda raw: b"\xef\xbb\xbf" + raw,
    "gzip": lambda raw: gzip.compress(raw, 1, mtime=0),
    "utf-16": lambda raw: raw.decode().encode("utf-16"),
    "utf-16-be": lambda raw: raw.decode().encode("utf-16-be"),
    "gzip utf-16": lambda raw: gzip.compress(raw.decode().encode("utf-16"), 1, mtime=0),
}


def _encodings(piece: bytes) -> dict[str, Callable[[bytes], bytes]]:
    try:
        piece.decode()
        return ENCODINGS
    except UnicodeDecodeError:
        return {name: change for name, change in ENCODINGS.items() if "16" not in name}


def _around(piece: Piece, at: int) -> tuple[list[bytes], list[dict[str, Any]], tuple[str, ...]]:
    """Lines with the piece at place `at` among sound ones, the rows that must come out, and the faults."""
    lines = [dumped(row) for row in ROWS]
    rows = list(ROWS)
    lines.insert(at, piece.raw)
    if piece.value is not None:
        rows.insert(at, piece.value)
    return lines, rows, (piece.code,) if piece.code else ()


def _in_lines() -> Iterator[HostileFile]:
    """JSON lines, ended by LF or CRLF, in every encoding, the piece first, in between and last."""
    for piece in (*BROKEN, *SOUND):
        for encoding, change in _encodings(piece.raw).items():
            for at in (0, 1, 3):
                if at == 0 and not piece.raw.startswith(b"{"):
                    continue  # the first bytes say what the file is
                lines, rows, codes = _around(piece, at)
                end = b"\r\n" if at == 1 else b"\n"
                raw = end.join(lines) + (b"" if at == 3 else end)
                name = f"lines: {piece.name}, {encoding}, at {at}"
                yield HostileFile(name, lambda raw=raw, change=change: change(raw), rows, codes)


def _in_arrays() -> Iterator[HostileFile]:
    """Arrays on one line, indented, and with brackets on lines of their own."""
    frames = {
        "tight": (b"[", b",", b"]"),
        "loose": (b"[\n  ", b",\n  ", b"\n]\n"),
        "odd": (b"\n[ ", b"\t,\r\n ", b"] "),
    }
    for piece in (*BROKEN, *SOUND):
        if not piece.balanced:
            continue
        for encoding in ("utf-8", "mark", "gzip", "utf-16"):
            if encoding not in _encodings(piece.raw):
                continue
            for frame, (begin, between, end) in frames.items():
                at = {"tight": 1, "loose": 3, "odd": 0}[frame]
                lines, rows, codes = _around(piece, at)
                raw = begin + between.join(lines) + end
                change = ENCODINGS[encoding]
                name = f"array: {piece.name}, {encoding}, {frame}"
                yield HostileFile(name, lambda raw=raw, change=change: change(raw), rows, codes)


def _cut() -> Iterator[HostileFile]:
    """Files that end too early: what came whole before the cut comes out, the rest is one fault."""
    rng = random.Random(2303)
    rows = [{"n": at, "text": "x" * 20 + str(at)} for at in range(40)]
    lines = [dumped(row) for row in rows]
    for number in range(60):
        keep = rng.randrange(len(rows))
        cut = lines[keep][: rng.randrange(1, len(lines[keep]) - 1)]
        raw = b"\n".join([*lines[:keep], cut])
        code = frozenset({"bad_json", "unfinished_row"})  # alone in its file, it is an object over several lines
        yield HostileFile(f"cut: lines {number}", lambda raw=raw: raw, rows[:keep], (code,))
        raw = b"[" + b", ".join([*lines[:keep], cut])
        yield HostileFile(f"cut: array {number}", lambda raw=raw: raw, rows[:keep], ("unfinished_row",))
        raw = b"[" + b", ".join(lines[: keep + 1]) + rng.choice([b"", b" ", b",", b",\n"])
        yield HostileFile(f"cut: array between {number}", lambda raw=raw: raw, rows[: keep + 1], ("unfinished_array",))
        packed = gzip.compress(b"\n".join(lines), mtime=0)
        packed = packed[: rng.randrange(20, len(packed) - 1)]
        yield HostileFile(f"cut: gzip {number}", lambda raw=packed: raw)


def _noisy() -> Iterator[HostileFile]:
    """Noise, and sound files with some bytes changed."""
    rng = random.Random(1606)
    whole = b"\n".join(dumped(row) for row in ROWS)
    wholes = {
        "lines": whole,
        "array": b"[" + whole.replace(b"\n", b",\n") + b"]",
        "table": b"a,b,c\r\n" + b'1,"2 "",x",3\r\n' * 20,
        "gzip": gzip.compress(whole * 20, mtime=0),
        "utf-16": whole.decode().encode("utf-16"),
    }
    for number in range(60):
        begin = rng.choice([b"", b"{", b"[", b"[{", b"\x1f\x8b\x08", b"\xff\xfe", b"PAR", b'"', b"//", b"a,b\n"])
        raw = begin + rng.randbytes(rng.randrange(2000))
        yield HostileFile(f"noise: {number}", lambda raw=raw: raw)
        for name, sound in wholes.items():
            changed = bytearray(sound)
            for _ in range(rng.choice([1, 1, 2, 10])):
                changed[rng.randrange(len(changed))] = rng.randrange(256)
            yield HostileFile(f"changed: {name} {number}", lambda raw=bytes(changed): raw)


def read(file: HostileFile) -> io.BytesIO:
    """The file, ready to be read."""
    return io.BytesIO(file.make())
