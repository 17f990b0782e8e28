"""Files whose parsers are large and written in C are read by a child process with little memory, time and rights.

The child (`confined_parquet`, `confined_zip`) gets the file as its standard input and answers on its standard output;
a child that dies, swells or hangs costs a fault of this file and nothing else.
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
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from generation.formats.strict_json import MAX_LINE, Fault

PATIENCE = 60.0
"""Seconds without a byte from the child after which it is given up."""

_CHUNK = 64 * 1024


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


def _fault(told: bytes) -> Fault:
    code, path, message = [*told.decode("utf-8", "replace").split("\t"), "", ""][:3]
    return Fault(code, path=path, message=message)


@contextmanager
def _child(program: str, file: BinaryIO) -> Iterator[Any]:
    """The running child's output; it is gone when the block ends, however that comes."""
    with _as_real_file(file) as real:
        script = Path(__file__).with_name(f"{program}.py")
        child = subprocess.Popen(
            [sys.executable, "-I", str(script)],
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
