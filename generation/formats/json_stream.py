"""Rows out of a JSON array, or out of objects one after another, with no more than one row in memory."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from generation.formats.strict_json import MAX_LINE, Fault

_CHUNK = 64 * 1024
_MARK = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{}]', re.DOTALL)
_END_OF_OTHER = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[,\]\n{]', re.DOTALL)
_BLANK = re.compile(rb"[ \t\r\n]*")
_BETWEEN = re.compile(rb"[ \t\r\n,]*")


def slices(file: io.BufferedReader) -> Iterator[tuple[int, bytes | Fault]]:
    """Each element's bytes with the line that it begins on.

    Only the brackets are understood here; what is inside an element is for the caller to parse. A `Fault` stands for
    something between the elements that is no element, or for an end that comes too early.
    """
    return _Slicer(file).run()


class _Slicer:
    """A window on the file: bytes before `_at` are done with and go when the next chunk comes."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self._buffer = b""
        self._at = 0
        self._line = 1
        self._in_array = False

    def run(self) -> Iterator[tuple[int, bytes | Fault]]:
        self._skip(_BLANK)
        if self._next() == b"[":
            self._in_array = True
            self._take(self._at + 1)
        while True:
            self._skip(_BETWEEN)
            first = self._next()
            if not first:
                if self._in_array:
                    yield self._line, Fault("unfinished_array")
                return
            if first == b"]" and self._in_array:
                self._in_array = False
                self._take(self._at + 1)
                continue
            line = self._line
            yield line, self._element() if first == b"{" else self._other()

    def _next(self) -> bytes:
        return self._buffer[self._at : self._at + 1]

    def _fill(self) -> bool:
        """Reads on; positions count from the window's new beginning."""
        data = self._file.read(_CHUNK)
        self._buffer = self._buffer[self._at :] + data
        self._at = 0
        return bool(data)

    def _take(self, end: int) -> bytes:
        taken = self._buffer[self._at : end]
        self._line += taken.count(b"\n")
        self._at = end
        return taken

    def _skip(self, blank: re.Pattern[bytes]) -> None:
        while True:
            found = blank.match(self._buffer, self._at)
            self._take(found.end() if found else self._at)
            if self._next() or not self._fill():
                return

    def _element(self) -> bytes | Fault:
        """The bytes up to the bracket that closes the first one."""
        depth, done = 0, 0
        while True:
            for mark in _MARK.finditer(self._buffer, self._at + done):
                found = mark[0]
                if found == b'"':
                    break
                done = mark.end() - self._at
                if found in b"{[":
                    depth += 1
                elif found in b"}]":
                    depth -= 1
                    if depth == 0:
                        return self._take(mark.end())
            if len(self._buffer) - self._at > MAX_LINE:
                return self._drain("line_too_long")
            if not self._fill():
                return self._drain("unfinished_row")

    def _other(self) -> bytes | Fault:
        """A value that is no object, up to the next comma, bracket or line end at this level."""
        while True:
            for mark in _END_OF_OTHER.finditer(self._buffer, self._at + 1):
                if not mark[0].startswith(b'"'):
                    return self._take(mark.start()).strip()
            if len(self._buffer) - self._at > MAX_LINE:
                return self._drain("line_too_long")
            if not self._fill():
                return self._take(len(self._buffer)).strip()

    def _drain(self, code: str) -> Fault:
        """Gives up on the rest: without a closing bracket nobody can tell where the next row begins."""
        self._take(len(self._buffer))
        while self._fill():
            self._take(len(self._buffer))
        self._in_array = False
        return Fault(code)
