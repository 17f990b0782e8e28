"""An inverted index that says, for every kept text, how many words it shares with a new one."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Postings:
    """Texts by the words they hold. The n-th occurrence of a word is a word of its own, so counts are exact."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, array[int]] = {}
        self._lengths = array("i")

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, words: Iterable[Hashable]) -> int:
        """Takes one text's words and returns its row, counted from 0."""
        row, count = len(self._lengths), 0
        for key in occurrences(words):
            self._rows.setdefault(key, array("i")).append(row)
            count += 1
        self._lengths.append(count)
        return row

    def bounds(self, words: Iterable[Hashable]) -> npt.NDArray[np.float64]:
        """For each row the highest F1 that any order of the shared words could reach."""
        import numpy as np

        total, keys = len(self._lengths), list(occurrences(words))
        found = [self._rows[key] for key in keys if key in self._rows]
        if not found:
            return np.zeros(total)
        rows = np.concatenate([np.frombuffer(each, dtype=np.int32) for each in found])
        shared = np.bincount(rows, minlength=total)
        return 2.0 * shared / (np.frombuffer(self._lengths, dtype=np.int32) + len(keys))


def occurrences(words: Iterable[Hashable]) -> Iterable[tuple[Hashable, int]]:
    """Each word with the number of times it came before: ("a", 0), ("b", 0), ("a", 1)."""
    seen: dict[Hashable, int] = {}
    for word in words:
        before = seen.get(word, 0)
        seen[word] = before + 1
        yield word, before
