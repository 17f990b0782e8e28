"""A flight recorder: which item's code was running when the process died.

One small file per drain, locked for as long as its process lives. Whoever finds it unlocked knows that the owner is
dead, however it died, and reads there which item to blame: so an item that kills its worker is found at once, and the
hundreds that were merely waiting for an answer are not.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_ITEM = struct.Struct("<q")


class Recorder(Protocol):
    """Where a drain notes what it is about to do."""

    def mark(self, item_id: int) -> None:
        """Code of this item runs next; 0 when none does."""
        ...


class NoRecorder:
    """Notes nothing."""

    def mark(self, item_id: int) -> None:
        """Nothing."""


class FileRecorder:
    """A recorder in `folder`, under the name of its owner. The note survives kill -9, not a power cut."""

    def __init__(self, folder: Path, owner: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / owner
        self._file = open(self._path, "w+b")  # noqa: SIM115 - held open on purpose: the lock lives as long as it
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._file.write(_ITEM.pack(0))
        self._file.flush()
        self._map = mmap.mmap(self._file.fileno(), _ITEM.size)

    def mark(self, item_id: int) -> None:
        """Notes the item, without a system call."""
        _ITEM.pack_into(self._map, 0, item_id)

    def close(self) -> None:
        """Ends the note in good order."""
        self._path.unlink(missing_ok=True)
        self.abandon()

    def abandon(self) -> None:
        """Lets go and leaves the note, as the end of the process would: what this owner held is taken back at once."""
        self._map.close()
        self._file.close()


@dataclass(frozen=True, slots=True)
class Fate:
    """What is known of an owner: `alive`, dead with the item to blame (0 for none), or neither: `item` is None."""

    alive: bool = False
    item: int | None = None


def fate(folder: Path, owner: str) -> Fate:
    """Whether `owner` lives on this machine, and if not, whose code ran when it died."""
    if "/" in owner or not owner:
        return Fate()
    try:
        with open(folder / owner, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            note = file.read(_ITEM.size)
    except FileNotFoundError:
        return Fate()
    except BlockingIOError:
        return Fate(alive=True)
    return Fate(item=_ITEM.unpack(note)[0] if len(note) == _ITEM.size else 0)


def forget(folder: Path, owner: str) -> None:
    """Clears away what a dead owner left."""
    (folder / owner).unlink(missing_ok=True)


def owner_name(sequence: int, host: str) -> str:
    """A name for one drain of this process that no other process, here or elsewhere, will bear."""
    return f"{host[:30].replace('/', '_')}-{os.getpid()}-{os.urandom(4).hex()}-{sequence}"
