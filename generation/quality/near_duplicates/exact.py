"""Texts that are the same but for case, width and blanks: rows are told apart by a hash of what is compared.

What is compared is a choice: the instruction alone, instruction and input, the whole row, or a pair's three texts.
Hashing without separators, or without the input, merges rows that differ; both are known faults of older scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from generation.quality.near_duplicates.clusters import Cluster
from generation.quality.places import turns_of
from generation.quality.rows import BESIDE
from generation.quality.text import comparison_key
from generation.types import Draft

Compared = Literal["instruction", "prompt", "row", "pair"]
Key = TypeVar("Key", bound=Hashable)

_FIELD, _PART = "\x1f", "\x1e"
"""Between fields and between turns. `plain` leaves neither in a text, since both count as blanks."""


def plain(text: str) -> str:
    """The text as exact duplicates see it: NFKC, lower case, each run of blanks one blank, none at the ends."""
    return " ".join(comparison_key(text).split()) if text else ""


class _Plain(NamedTuple):
    """A draft's texts as they are compared; the prompt is system, turns, instruction, input, tools and media."""

    prompt: list[str]
    instruction: str
    output: str
    rejected: str


def _plain(draft: Draft) -> _Plain:
    turns = _PART.join(f"{role}{_PART}{plain(text)}" for _field, role, text in turns_of(draft)) if draft.history else ""
    instruction, beside = plain(draft.instruction), plain(str(draft.data.get(BESIDE) or ""))
    prompt = [plain(draft.system), turns, instruction, plain(draft.input), *filter(None, [beside])]
    return _Plain(prompt, instruction, plain(draft.output), plain(draft.rejected))


COMPARED: Mapping[Compared, Callable[[_Plain], list[str]]] = {
    "instruction": lambda texts: [texts.instruction],
    "prompt": lambda texts: texts.prompt,
    "row": lambda texts: [*texts.prompt, texts.output, texts.rejected],
    "pair": lambda texts: [" ".join(filter(None, texts.prompt)), texts.output, texts.rejected],
}
"""What is compared -> the texts of a draft that are; "prompt" is system, turns, instruction and input, with the tools
and media beside them."""


def digest(draft: Draft, *, by: Compared = "row") -> bytes:
    """16 bytes that two drafts share when what is compared is the same in both, in every version of Python."""
    return digests(draft, by=(by,))[0]


def digests(draft: Draft, *, by: Sequence[Compared]) -> list[bytes]:
    """The same for several comparisons at once."""
    texts = _plain(draft)
    joined = (_FIELD.join(COMPARED[each](texts)) for each in by)
    return [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in joined]


class ExactDuplicates(Generic[Key]):
    """Rows by what is compared. Memory: 16 bytes a row, and its key."""

    def __init__(self, *, by: Compared = "row") -> None:
        self.by = by
        self._digests = bytearray()
        self._keys: list[Key] = []

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Key, draft: Draft) -> None:
        """Takes one row in."""
        self._digests += digest(draft, by=self.by)
        self._keys.append(key)

    def clusters(self) -> list[Cluster[Key]]:
        """Rows that are the same, two and more to a cluster, in the order in which they came."""
        return [
            Cluster(tuple(self._keys[row] for row in rows), (1.0,) * len(rows)) for rows in same_rows(self._digests)
        ]


def same_rows(digests: bytearray) -> list[list[int]]:
    """Numbers of the rows with equal digests of 16 bytes, each group in order, groups by their first row."""
    import numpy as np

    halves: Any = np.frombuffer(bytes(digests), dtype="<u8").reshape(-1, 2)
    if len(halves) < 2:
        return []
    order = np.lexsort((np.arange(len(halves)), halves[:, 1], halves[:, 0]))
    ordered = halves[order]
    new = np.concatenate(([True], (ordered[1:] != ordered[:-1]).any(axis=1)))
    starts = np.flatnonzero(new)
    sizes = np.diff(np.append(starts, len(ordered)))
    return sorted(
        order[start : start + size].tolist()
        for start, size in zip(starts.tolist(), sizes.tolist(), strict=True)
        if size > 1
    )
