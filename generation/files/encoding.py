"""Bytes as they come: gzip, byte order marks and UTF-16 are told apart here; everything after sees UTF-8."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from typing import Any, BinaryIO, cast

from generation.files.strict_json import Fault

MAX_DECODED = 2 * 1024**3
MAX_RATIO = 100
_RATIO_FROM = 10 * 1024 * 1024
_CHUNK = 64 * 1024
_OTHER_FILES = {
    "zip, xlsx": b"PK\x03\x04",
    "xls": b"\xd0\xcf\x11\xe0",
    "pdf": b"%PDF-",
    "zstd": b"\x28\xb5\x2f\xfd",
    "xz": b"\xfd7zXZ",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "rar": b"Rar!\x1a",
    "arrow": b"ARROW1\0\0",
    "sqlite": b"SQLite format 3",
    "png": b"\x89PNG",
    "utf-32": b"\xff\xfe\0\0",
    "utf-32, big-endian": b"\0\0\xfe\xff",
}


def unpacked(file: BinaryIO) -> tuple[io.BufferedReader, bool]:
    """The file with its gzip taken off as it is read, and whether there was any.

    `file` must be seekable. `Fault`: "too_large" when it swells beyond all measure, "bad_gzip" for gzip in gzip.
    """
    if not _peek(file).startswith(b"\x1f\x8b"):
        return _buffered(file), False
    plain: io.BufferedReader = io.BufferedReader(_Unpacked(file), _CHUNK)
    if _peek(cast(BinaryIO, plain)).startswith(b"\x1f\x8b"):
        raise Fault("bad_gzip", message="gzip in gzip")
    return plain, True


def utf8(file: BinaryIO) -> tuple[io.BufferedReader, str]:
    """The file as UTF-8 without a byte order mark, and what it was ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be").

    `file` must be seekable and unpacked. `Fault("unreadable_file")` when it begins like something that is no text.
    """
    start = file.tell()
    head = _peek(file)
    for name, mark in _OTHER_FILES.items():
        if head.startswith(mark):
            raise Fault("unreadable_file", message=name)
    encoding, size = _encoding(head[:4])
    file.seek(start + size)
    if encoding.startswith("utf-8"):
        return (file if isinstance(file, io.BufferedReader) else _buffered(file)), encoding
    return io.BufferedReader(_Transcoded(file, encoding), _CHUNK), encoding


def _peek(file: BinaryIO) -> bytes:
    start = file.tell()
    head = file.read(16)
    file.seek(start)
    return head


def _buffered(file: BinaryIO) -> io.BufferedReader:
    """The same file with `readline`, without taking over its closing."""
    return io.BufferedReader(_Plain(file), _CHUNK)


def _encoding(head: bytes) -> tuple[str, int]:
    """The encoding that the first bytes tell, and the length of its mark."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", 3
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le", 2
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be", 2
    if len(head) == 4 and head[1] == head[3] == 0 and head[0] and head[2]:
        return "utf-16-le", 0
    if len(head) == 4 and head[0] == head[2] == 0 and head[1] and head[3]:
        return "utf-16-be", 0
    return "utf-8", 0


class _Plain(io.RawIOBase):
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Transcoded(_Plain):
    """UTF-16 in, UTF-8 out; a broken pair becomes a lone surrogate's bytes, which the row check then refuses."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        super().__init__(file)
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
        self._rest = b""
        self._ended = False

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise io.UnsupportedOperation

    def readinto(self, buffer: Any) -> int:
        while not self._rest and not self._ended:
            data = self._file.read(_CHUNK)
            self._ended = not data
            try:
                self._rest = self._decoder.decode(data, final=self._ended).encode("utf-8", "surrogatepass")
            except UnicodeDecodeError:
                self._rest = b"\xff"
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


class _Unpacked(_Plain):
    """Gzip in, plain out, with a stop for archives that swell; seekable enough to look at the first bytes again."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self._packed = file
        self._gzip = gzip.GzipFile(fileobj=file, mode="rb")

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._gzip.seek(offset, whence)

    def tell(self) -> int:
        return self._gzip.tell()

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._gzip.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise Fault("bad_gzip", message=str(error)) from None
        done, packed = self._gzip.tell(), self._packed.tell()
        if done > MAX_DECODED or (done > _RATIO_FROM and done > MAX_RATIO * max(packed, 1)):
            raise Fault("too_large")
        buffer[: len(data)] = data
        return len(data)
