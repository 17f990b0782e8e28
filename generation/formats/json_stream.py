"""Rows out of a JSON array, or out of objects one after another, with no more than one row in memory."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from generation.formats.strict_json import MAX_LINE, Fault

_CHUNK = 64 * 1024
_MARK = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{}]|//[^\n]*\n|/\*.*?\*/|/[/*]', re.DOTALL)
_COMMENT = re.compile(rb"//[^\n]*|/\*.*?\*/", re.DOTALL)
_END_OF_OTHER = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[,\]\n{]', re.DOTALL)
_OPEN_ENDED = (b'"', b"//", b"/*")
_BLANK = re.compile(rb"[ \t\r\n]*")


def slices(file: io.BufferedReader, *, lenient: bool = False) -> Iterator[tuple[int, bytes | Fault]]:
    """Each element's bytes with the line that it begins on.

    Only the brackets are understood here; what is inside an element is for the caller to parse. A `Fault` stands for
    something between the elements that is no element, or for an end that comes too early: bytes that give no fault
    here nor in their elements are valid JSON. With `lenient`, comments and commas too many are read over.
    """
    return _Slicer(file, lenient).run()


class _Slicer:
    """A window on the file: bytes before `_at` are done with and go when the next chunk comes."""

    def __init__(self, file: io.BufferedReader, lenient: bool) -> None:
        self._file = file
        self._lenient = lenient
        self._buffer = b""
        self._at = 0
        self._line = 1
        self._in_array = False
        self._after = ""
        """What came last at this level: "", "element" or "comma"."""

    def run(self) -> Iterator[tuple[int, bytes | Fault]]:
        self._skip(_BLANK)
        started = False
        while True:
            self._skip(_BLANK)
            first, line = self._next(), self._line
            if not first:
                if self._in_array:
                    yield line, Fault("unfinished_array")
                return
            if first == b"[" and not started:
                self._in_array = True
                self._take(self._at + 1)
            elif first == b"]" and self._in_array:
                if self._after == "comma" and not self._lenient:
                    yield line, Fault("trailing_comma")
                self._take(self._at + 1)
                yield from self._ending()
                return
            elif first in (b",", b"/"):
                fault = self._comma() if first == b"," else self._comment()
                if fault:
                    yield line, fault
                started = started or first == b","
                continue
            else:
                if self._after == "element" and self._in_array:
                    yield line, Fault("bad_json", message="a comma is missing")
                yield line, self._element() if first == b"{" else self._other()
                self._after = "element"
            started = True

    def _ending(self) -> Iterator[tuple[int, Fault]]:
        """What follows the end of an array: nothing, or a fault for all of it."""
        while True:
            self._skip(_BLANK)
            line, first = self._line, self._next()
            if not first:
                return
            fault = self._comment() if first == b"/" else self._drain("trailing_data")
            if fault:
                yield line, fault

    def _comma(self) -> Fault | None:
        self._take(self._at + 1)
        expected = self._after == "element"
        self._after = "comma"
        if self._in_array:
            return None if expected else Fault("bad_json", message="a comma too many")
        return None if expected and self._lenient else Fault("trailing_comma")

    def _comment(self) -> Fault | None:
        """Takes a comment, or the slash and what belongs to it when it begins none."""
        while True:
            found = _COMMENT.match(self._buffer, self._at)
            whole = found and (found.end() < len(self._buffer) or found[0].startswith(b"/*"))
            if whole or len(self._buffer) - self._at > MAX_LINE or not self._fill():
                break
        found = _COMMENT.match(self._buffer, self._at)
        if found is None:
            taken = self._other()
            return taken if isinstance(taken, Fault) else Fault("bad_json", raw=taken)
        raw = self._take(found.end())
        return None if self._lenient else Fault("json_comment", raw=raw)

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
                if found in _OPEN_ENDED:
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
