"""Rows out of CSV and TSV (RFC 4180: quotes, doubled quotes, line ends inside quotes; a header is required)."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator

from generation.files.strict_json import MAX_KEYS, MAX_LINE, Fault
from generation.files.text import check_file_text

DELIMITERS = (",", "\t", ";")
csv.field_size_limit(MAX_LINE)


def sniff(header: str) -> str:
    """The delimiter that occurs most often outside quotes in the header line; a comma when none does."""
    outside = "".join(header.split('"')[0::2])
    return max(DELIMITERS, key=lambda each: (outside.count(each), each == ","))


def rows(file: io.BufferedReader, *, controls: bool = False) -> Iterator[tuple[int, dict[str, str] | Fault]]:
    """Each record as a dict by the header, with the line that it begins on. With `controls`, cells may hold control
    characters, for a cleaner to take out."""
    records = _records(file)
    first = next(records, None)
    if first is None:
        return
    line, text = first
    if isinstance(text, Fault):
        yield line, text
        return
    delimiter = sniff(text)
    try:
        header = _header(text, delimiter)
    except Fault as fault:
        yield line, fault
        return
    for line, text in records:
        yield line, text if isinstance(text, Fault) else _row(text, header, delimiter, controls)


def _header(text: str, delimiter: str) -> list[str]:
    """The column names, each there and each once; `Fault` otherwise, since no row could be read without them."""
    try:
        header = [name.strip() for name in _cells(text, delimiter)]
    except csv.Error as error:
        raise Fault("bad_csv", message=str(error), raw=text) from None
    if code := check_file_text(text):
        raise Fault(code, raw=text)
    if not all(header):
        raise Fault("missing_header", path=str(header.index("")), raw=text)
    if len(set(header)) != len(header):
        raise Fault("duplicate_key", path=next(name for name in header if header.count(name) > 1), raw=text)
    if len(header) > MAX_KEYS:
        raise Fault("too_many_keys", raw=text[:1000])
    return header


def _row(text: str, header: list[str], delimiter: str, controls: bool) -> dict[str, str] | Fault:
    try:
        cells = _cells(text, delimiter)
    except csv.Error as error:
        return Fault("bad_csv", message=str(error), raw=text)
    if len(cells) != len(header):
        return Fault("wrong_column_count", message=f"{len(cells)} / {len(header)}", raw=text)
    for name, cell in zip(header, cells, strict=True):
        code = None if controls else check_file_text(cell)
        if code:
            return Fault(code, path=name, raw=text)
    return dict(zip(header, cells, strict=True))


def _cells(text: str, delimiter: str) -> list[str]:
    return next(csv.reader([text], delimiter=delimiter, strict=True), [])


def _records(file: io.BufferedReader) -> Iterator[tuple[int, str | Fault]]:
    """Records as text without their line end. A quote that is never closed costs its own line, not the whole file."""
    waiting: deque[bytes] = deque()
    number = 0
    while True:
        taken = _balanced(file, waiting)
        if taken is None:
            return
        line = number + 1
        if not taken:
            number += 1
            yield line, Fault("unbalanced_quote", raw=waiting.popleft())
            continue
        number += len(taken)
        raw = b"".join(taken)
        if raw.strip(b" \r\n"):  # a row of nothing but tabs is one of empty cells
            yield line, _decoded(raw)


def _balanced(file: io.BufferedReader, waiting: deque[bytes]) -> list[bytes] | None:
    """The next lines whose quotes pair up, taken off `waiting`; [] when they never do, None at the end."""
    taken: list[bytes] = []
    quotes = size = 0
    while True:
        if len(taken) == len(waiting):
            following = file.readline(MAX_LINE + 1)
            if not following:
                return [] if taken else None
            waiting.append(following)
        taken.append(waiting[len(taken)])
        quotes += taken[-1].count(b'"')
        size += len(taken[-1])
        if quotes % 2 == 0:
            for _ in taken:
                waiting.popleft()
            return taken
        if size > MAX_LINE:
            return []


def _decoded(raw: bytes) -> str | Fault:
    try:
        return raw.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        return Fault("bad_encoding", message=f"byte {error.start}", raw=raw)
