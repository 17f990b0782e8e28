"""Rows out of a JSON array, or out of objects one after another, with no more than one row in memory."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from generation.files.strict_json import MAX_LINE, Fault

_CHUNK = 64 * 1024
# Every alternative begins with a character of its own: so `re` leaps to the next of them.
_MARK = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(")?|\[|\]|\{|\}|//[^\n]*(\n)?|/\*.*?(\*/|\Z)', re.DOTALL)
_COMMENT = re.compile(rb"//[^\n]*|/\*.*?\*/", re.DOTALL)
_END_OF_OTHER = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[,\]\n{]', re.DOTALL)
_TAIL = re.compile(rb"[\]}\s]*\Z")
_HEAD = re.compile(rb'\{\s*"[^"\\]*"\s*:')
_BLANK = re.compile(rb"[ \t\r\n]*")
_OPENERS, _CLOSERS = (b"{", b"["), (b"}", b"]")
_LONGEST_GAP = 200
_MOST_MISSES = 50

Known = Callable[[bytes], dict[str, Any] | None]


def slices(
    file: io.BufferedReader, *, lenient: bool = False, known: Known | None = None
) -> Iterator[tuple[int, bytes | dict[str, Any] | Fault]]:
    """Each element's bytes with the line that it begins on.

    Only the brackets are understood here; what is inside an element is for the caller to parse. A `Fault` stands for
    something between the elements that is no element, or for an end that comes too early: bytes that give no fault
    here nor in their elements are valid JSON. With `lenient`, comments and commas too many are read over. `known` gives
    the object in some bytes if they surely are one: then the end of an element is first looked for where the last one
    ended, and comes as an object; a whole object has but one end.
    """
    return _Slicer(file, lenient, known).run()


class _Slicer:
    """A window on the file: bytes before `_at` are done with and go when the next chunk comes."""

    def __init__(self, file: io.BufferedReader, lenient: bool, known: Known | None) -> None:
        self._file = file
        self._lenient = lenient
        self._known = known
        self._gap = b""
        """What was read over since the last element."""
        self._hits = self._misses = 0
        self._ends = (b"}", b"{")
        self._reach = _CHUNK
        self._buffer = b""
        self._at = 0
        self._line = 1
        self._in_array = False
        self._after = ""
        """What came last at this level: "", "element" or "comma"."""

    def run(self) -> Iterator[tuple[int, bytes | dict[str, Any] | Fault]]:
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
                if first == b"{" and self._known and self._after:
                    yield from self._guessed(self._known)
                    line = self._line
                yield line, self._element() if first in _OPENERS else self._other()
                self._after, self._gap = "element", b""
            started = True

    def _guessed(self, known: Known) -> Iterator[tuple[int, dict[str, Any]]]:
        """Elements as long as they end, are divided and begin again as the last one did; ends where one begins.

        Where that is hardly ever so, guessing costs more than it saves and stops.
        """
        tail, head = self._ends
        between = tail + self._gap + head
        while len(self._gap) < _LONGEST_GAP and self._misses < _MOST_MISSES + self._hits // 4:
            found = self._buffer.find(between, self._at, self._at + self._reach)
            end = found + len(tail)
            row = known(self._buffer[self._at : end]) if found >= 0 else None
            if row is None:
                self._misses += 1
                return
            self._hits += 1
            line = self._line
            self._take(end + len(self._gap))
            yield line, row

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
        self._gap += self._take(self._at + 1)
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
        self._gap = b" " * _LONGEST_GAP
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
            taken = self._take(found.end() if found else self._at)
            self._gap += taken[: _LONGEST_GAP + 1 - len(self._gap)]
            if self._next() or not self._fill():
                return

    def _element(self) -> bytes | Fault:
        """The bytes up to the bracket that closes the first one."""
        depth, done = 0, 0
        while True:
            for mark in _MARK.finditer(self._buffer, self._at + done):
                found = mark[0]
                if found in _CLOSERS:
                    depth -= 1
                    if depth == 0:
                        return self._noted(self._take(mark.end()))
                elif found in _OPENERS:
                    depth += 1
                elif not mark.lastindex or not mark[mark.lastindex]:
                    break
                done = mark.end() - self._at
            if len(self._buffer) - self._at > MAX_LINE:
                return self._drain("line_too_long")
            if not self._fill():
                return self._drain("unfinished_row")

    def _noted(self, element: bytes) -> bytes:
        """The same; how it begins and ends and how long it is are what is expected of the next."""
        head, tail = _HEAD.match(element), _TAIL.search(element, max(0, len(element) - _LONGEST_GAP))
        self._ends = (tail[0] if tail else b"}", head[0] if head else b"{")
        self._reach = 8 * len(element) + _CHUNK // 8
        return element

    def _other(self) -> bytes | Fault:
        """A value that is no object, up to the next comma, bracket or line end at this level."""
        while True:
            begin = self._at if self._next() == b'"' else self._at + 1
            for mark in _END_OF_OTHER.finditer(self._buffer, begin):
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
