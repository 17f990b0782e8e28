"""Files that are either whole or not there: written beside their place, synced, then renamed."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

GATHERED = 1 << 16
"""Bytes."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class DiskFullError(Exception):
    """There is no room for the file; nothing of it was left behind."""


class HashedFile:
    """A binary file for writing that knows its size and SHA-256. Small writes are gathered into large ones."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._waiting: list[bytes] = []
        self._gathered = 0
        self.size = 0

    def write(self, data: bytes) -> int:
        """Writes `data` at the end; it reaches the file beneath with `flush` or with the hash at the latest."""
        size = len(data)
        self._waiting.append(bytes(data))
        self._gathered += size
        self.size += size
        if self._gathered >= GATHERED:
            self._pass_on()
        return size

    def flush(self) -> None:
        """Hands everything on to the file beneath."""
        self._pass_on()
        self._file.flush()

    @property
    def sha256(self) -> str:
        """The hash of everything written so far, in hexadecimal; all of it is in the file beneath then."""
        self._pass_on()
        return self._digest.hexdigest()

    def _pass_on(self) -> None:
        if self._waiting:
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._gathered = 0
            self._digest.update(data)
            self._file.write(data)


@contextmanager
def part_of(place: Path, *, mark: str) -> Iterator[BinaryIO]:
    """A new file `<place>.<mark>.part` that is on the disk when the block ends, and gone when the block fails.

    `DiskFullError` when the disk is. The caller renames it with `publish` once its rows say so.
    """
    part = part_path(place, mark=mark)
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(part, "wb", buffering=1 << 20) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _FULL:
            raise DiskFullError from error
        raise


def part_path(place: Path, *, mark: str) -> Path:
    """Where the file lies until it is published."""
    return place.with_name(f"{place.name}.{mark}.part")


def publish(place: Path, *, mark: str) -> None:
    """Gives the finished part its name; whoever opens the name gets the whole file or none."""
    os.replace(part_path(place, mark=mark), place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sweep(place: Path) -> None:
    """Removes what broken-off tries left beside `place`."""
    for part in place.parent.glob(f"{place.name}.*.part"):
        part.unlink(missing_ok=True)
