"""Zip archives whose bytes depend on their content alone, written as a stream."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import BinaryIO, cast

from review.exporting.disk import HashedFile

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


class Archive:
    """An archive that is being written; each member knows its size and SHA-256 once it is whole."""

    def __init__(self, file: HashedFile) -> None:
        self._zip = zipfile.ZipFile(cast(BinaryIO, file), "w", allowZip64=True)
        self._taken: set[str] = set()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # A broken-off archive is thrown away by whoever opened the file; an index for it would only hide the fault.
        if kind is None:
            self._zip.close()

    def has_room_for(self, name: str) -> bool:
        """Whether no member would be overwritten, nor be taken for this one's folder, when everything is unpacked."""
        return not self._taken.intersection(_and_folders(name.casefold()))

    @contextmanager
    def member(self, name: str, *, packed: bool = True) -> Iterator[HashedFile]:
        """A file in the archive, open for writing; `packed` False stores it as it is (pictures are packed already)."""
        self._taken.add(name.casefold())
        info = zipfile.ZipInfo(name, _LONG_AGO)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.create_system, info.external_attr = 3, _READABLE
        with self._zip.open(info, "w", force_zip64=True) as file:
            member = HashedFile(cast(BinaryIO, file))
            yield member
            member.flush()


def _and_folders(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
