"""What a mix chooses from: the rows of one source as columns of numbers, small enough for millions of them."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


HASH = 64
"""Characters of a content hash: SHA-256 in hex."""

Keys: TypeAlias = "npt.NDArray[np.uint64]"


@dataclass(slots=True)
class Pool:
    """The rows that one selection found, in the order of their ids. Each list has one entry a row.

    `group` numbers what rows are balanced by, `names` names the groups; `prompt` is a key of the prompt's text and
    `family` a number that rows of one origin share, both empty where nobody asked for them. `answers` holds, by row,
    what `DatasetRow.answers` pins.
    """

    ids: array[int] = field(default_factory=lambda: array("q"))
    revisions: array[int] = field(default_factory=lambda: array("i"))
    hashes: bytearray = field(default_factory=bytearray)
    group: array[int] = field(default_factory=lambda: array("i"))
    names: list[str] = field(default_factory=list)
    prompt: array[int] = field(default_factory=lambda: array("Q"))
    family: array[int] = field(default_factory=lambda: array("q"))
    answers: dict[int, list[Any]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    _codes: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, row: int, *, revision: int, content_hash: str, group: str = "") -> None:
        """Takes one row; `content_hash` is a SHA-256 in hex."""
        self.ids.append(row)
        self.revisions.append(revision)
        self.hashes += content_hash.encode("ascii").ljust(HASH)[:HASH]
        code = self._codes.get(group)
        if code is None:
            code = self._codes[group] = len(self.names)
            self.names.append(group)
        self.group.append(code)

    def hash_of(self, at: int) -> bytes:
        """The content hash of the row at this place."""
        return bytes(self.hashes[at * HASH : (at + 1) * HASH])

    def hash_column(self) -> npt.NDArray[np.bytes_]:
        """The content hashes of all rows."""
        import numpy as np

        return np.frombuffer(bytes(self.hashes), dtype=f"S{HASH}")

    def keys(self, seed: int) -> Keys:
        """A number for each row that depends on its content and the seed alone: sorting by it draws the rows."""
        return drawn(prefixes(self.hash_column()), seed)


def prefixes(hashes: npt.NDArray[np.bytes_]) -> Keys:
    """The first 64 bits of hashes in hex."""
    import numpy as np

    digits = np.frombuffer(hashes.tobytes(), dtype=np.uint8).reshape(len(hashes), HASH)[:, :16]
    values = np.where(digits >= ord("a"), digits - (ord("a") - 10), digits - ord("0")).astype(np.uint64)
    shifts = np.arange(60, -1, -4, dtype=np.uint64)
    return np.asarray((values << shifts).sum(axis=1, dtype=np.uint64))


def drawn(content: Keys, seed: int) -> Keys:
    """Numbers mixed with a seed (splitmix64): as good as random, and the same on every machine for all time."""
    import numpy as np

    with np.errstate(over="ignore"):
        mixed = content + np.uint64((seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) % 2**64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(mixed ^ (mixed >> np.uint64(31)))
