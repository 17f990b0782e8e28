"""Files whose parsers are large and written in C are read by a child process with little memory, time and rights.

The child (`confined_parquet`, `confined_zip`, `confined_document`) gets the file as its standard input and answers on
its standard output; a child that dies, swells or hangs costs a fault of this file and nothing else.
"""

from __future__ import annotations

import io
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from generation.files.strict_json import MAX_LINE, Fault

PATIENCE = 60.0
"""Seconds without a byte from the child after which it is given up."""

_CHUNK = 64 * 1024
_FAULT_NEXT = 2**32 - 1


def parquet_lines(file: BinaryIO) -> Iterator[tuple[int, bytes | Fault]]:
    """Each row of a Parquet file as JSON, with its number from 1; a `Fault` for a row or for the rest of the file."""
    number = 0
    with _child("confined_parquet", file) as output:
        for line in _lines(output):
            number += 1
            if not isinstance(line, bytes):
                yield number, line
                return
            kind, told = line[:1], line[1:]
            if kind == b"R":
                yield number, told
            else:
                yield number, _fault(told)


class Member:
    """One file of an archive. It must be read before the next one is asked for; what is left of it is skipped then."""

    def __init__(self, name: str, source: _Pipe) -> None:
        self.name = name
        """As the archive has it: with forward slashes, inside the archive's own folder."""
        self._source = source
        self._left = 0
        self._ended = False

    def read(self, size: int = _CHUNK) -> bytes:
        """At most `size` bytes, none at the end. `Fault` when the rest is damaged or too large."""
        while not self._left and not self._ended:
            self._left = int.from_bytes(self._source.exactly(4), "big")
            if self._left == _FAULT_NEXT:
                self._ended, self._left = True, 0
                raise _fault(self._source.line())
            self._ended = not self._left
        data = self._source.exactly(min(size, self._left))
        self._left -= len(data)
        return data

    def skip(self) -> None:
        """Passes over the rest."""
        with suppress(Fault):
            while self.read():
                pass


def members(file: BinaryIO) -> Iterator[Member | Fault]:
    """The files of a zip archive one after another, and a `Fault` for each that is refused.

    Folders are left out. Codes: "bad_zip", "too_large", "too_many_files", "unsafe_path" (absolute, with "..", a link),
    "encrypted", "duplicate_name", "child_died", "took_too_long"; the path says which file, empty for the archive.
    """
    with _child("confined_zip", file) as child:
        pipe = _Pipe(child)
        try:
            while line := pipe.line():
                if line.startswith(b"F"):
                    yield _fault(line[1:])
                    continue
                member = Member(line[1:].decode("utf-8", "replace"), pipe)
                yield member
                member.skip()
        except Fault as fault:
            yield fault
            return
        if child.wait() != 0:
            yield Fault("child_died", message=f"status {child.returncode}")


class _Pipe:
    """The child's output, some bytes or a line at a time."""

    def __init__(self, child: Any) -> None:
        self._child = child
        self._rest = b""

    def exactly(self, size: int) -> bytes:
        while len(self._rest) < size:
            data = _read(self._child)
            if not data:
                raise Fault("child_died")
            self._rest += data
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def line(self) -> bytes:
        """Up to the next line feed and without it; nothing at the end."""
        while b"\n" not in self._rest:
            data = _read(self._child)
            if not data:
                if self._rest:
                    raise Fault("child_died")
                return b""
            self._rest += data
        taken, _, self._rest = self._rest.partition(b"\n")
        return taken


def _fault(told: bytes) -> Fault:
    code, path, message = [*told.decode("utf-8", "replace").split("\t"), "", ""][:3]
    return Fault(code, path=path, message=message)


def document_blocks(file: BinaryIO, *, kind: str) -> Iterator[tuple[str, bytes] | Fault]:
    """What a document of that kind ("pdf", "docx", "html", "markdown") is made of, in order: pieces as
    `confined_document` tells them, each a letter and JSON. A `Fault` is the last of them, when there is one."""
    with _child("confined_document", file, kind) as output:
        for line in _lines(output):
            if isinstance(line, Fault):
                yield line
                return
            if line[:1] == b"F":
                yield _fault(line[1:])
                return
            yield line[:1].decode("ascii", "replace"), line[1:]


@contextmanager
def _child(program: str, file: BinaryIO, *arguments: str) -> Iterator[Any]:
    """The running child's output; it is gone when the block ends, however that comes."""
    with _as_real_file(file) as real:
        script = Path(__file__).with_name(f"{program}.py")
        child = subprocess.Popen(
            [sys.executable, "-I", str(script), *arguments],
            stdin=real,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            cwd="/",
            env={"LC_ALL": "C.UTF-8"},
        )
        try:
            yield child
        finally:
            child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()


@contextmanager
def _as_real_file(file: BinaryIO) -> Iterator[BinaryIO]:
    """A file of the operating system with the same bytes, read from its beginning."""
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy, _CHUNK)
        copy.flush()
        copy.seek(0)
        yield copy  # type: ignore[misc]


def _lines(child: Any) -> Iterator[bytes | Fault]:
    """The child's lines without their ends, then a `Fault` unless it ended well."""
    rest = io.BytesIO()
    ended = False
    while not ended:
        try:
            data = _read(child)
        except Fault as fault:
            yield fault
            return
        ended = not data
        *lines, last = data.split(b"\n")
        if not lines:
            rest.write(last)
            if rest.tell() > 2 * MAX_LINE:
                yield Fault("line_too_long")
                return
            continue
        yield rest.getvalue() + lines[0]
        yield from lines[1:]
        rest = io.BytesIO()
        rest.write(last)
    if child.wait() != 0 or rest.tell():
        yield Fault("child_died", message=f"status {child.returncode}")


def _read(child: Any) -> bytes:
    """The next bytes, none at the end; only the time that the child makes us wait counts against it."""
    ready, _, _ = select.select([child.stdout], [], [], PATIENCE)
    if not ready:
        raise Fault("took_too_long")
    return os.read(child.stdout.fileno(), _CHUNK)
