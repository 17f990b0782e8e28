"""A whole set's rows by what they ask, and in each group who agrees with whom."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from generation.quality.near_duplicates.clusters import Links
from generation.quality.near_duplicates.conflicts import ALIKE, agree, marked, rouge_l, same_question
from generation.quality.near_duplicates.exact import same_rows
from generation.quality.near_duplicates.index import NearDuplicates

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_PROMPT_WORDS, _OUTPUT_WORDS = 512, 128
"""Words that are compared at most; which prompts are the same to the word is told on all of them."""
_LONG = 20
_LABEL_WORDS, _LABEL_ROWS, _LABELS = 4, 3, 100_000
_CAMPS = 16


@dataclass(frozen=True, slots=True)
class Question:
    """Rows that ask the same, by their outputs: rows of one camp agree. More than one camp is a conflict.

    `similarity` is the least of the prompts with the first one (ROUGE-L, 1.0 when nothing differs).
    """

    camps: tuple[tuple[int, ...], ...]
    similarity: float

    @property
    def rows(self) -> list[int]:
        """All rows in order."""
        return sorted(row for camp in self.camps for row in camp)


class Questions:
    """Rows by what they ask, numbered from 0 as they come.

    Memory: 4 bytes for each word of prompt and output (the first 512 and 128), 16 a row, and for prompts of 20 words
    and more what `NearDuplicates` takes.
    """

    def __init__(self, *, threshold: float = 0.8, alike: float = ALIKE) -> None:
        self._alike = alike
        self._near: NearDuplicates[int] = NearDuplicates(threshold=threshold)
        self._long = array("Q")
        self._digests = bytearray()
        self._prompts, self._outputs = _Texts(_PROMPT_WORDS), _Texts(_OUTPUT_WORDS)
        self._labels: Counter[bytes] = Counter()
        self._closed = bytearray()

    def __len__(self) -> int:
        return len(self._closed)

    def add(self, prompt: bytes, output: bytes, *, closed: bool = False) -> None:
        """Takes in a row's words (`WordHashes.of`); `closed` says that its output is one of a set of labels."""
        self.add_each([(prompt, output, closed)])

    def add_each(self, rows: Sequence[tuple[bytes, bytes, bool]]) -> None:
        """The same for many rows: prompt, output, closed."""
        prompts, asked_each = marked([prompt for prompt, _output, _closed in rows])
        outputs, _ = marked([output for _prompt, output, _closed in rows])
        for (prompt, _output, closed), words, named, said in zip(rows, prompts, asked_each, outputs, strict=True):
            row = len(self._closed)
            name = named or row.to_bytes(8, "little")  # nothing asked is asked by nobody
            self._digests += blake2b(name, digest_size=16).digest()
            self._prompts.add(words)
            self._outputs.add(said)
            self._closed.append(closed)
            if len(words) >= 4 * _LONG:
                self._long.append(row)
                self._near.add_words(row, prompt)
            if 0 < len(said) <= 4 * _LABEL_WORDS and (said in self._labels or len(self._labels) < _LABELS):
                self._labels[said] += 1

    def groups(self) -> list[Question]:
        """Every group of two rows and more, in the order of their first."""
        links = Links(len(self))
        for rows in [*same_rows(self._digests), *self._near_groups()]:
            for row in rows[1:]:
                links.join(rows[0], row)
        return [self._question(rows) for rows in links.groups()]

    def outputs_agree(self, one: int, other: int) -> bool:
        """Whether the outputs of two rows say the same."""
        first, second = self._outputs[one], self._outputs[other]
        closed = bool(self._closed[one] or self._closed[other]) or (self._is_label(first) and self._is_label(second))
        return agree(first, second, closed=closed, alike=self._alike)

    def _near_groups(self) -> list[list[int]]:
        def linked(one: int, other: int) -> bool:
            first, second = (self._prompts[self._long[place]] for place in (one, other))
            return same_question(first, second) > 0.0

        return [[self._long[place] for place in group] for group in self._near.groups(linked=linked)]

    def _question(self, rows: Sequence[int]) -> Question:
        camps: list[list[int]] = []
        for row in rows:
            mine = next((camp for camp in camps if self.outputs_agree(camp[0], row)), None)
            if mine is not None:
                mine.append(row)
            elif len(camps) < _CAMPS:
                camps.append([row])
            else:
                camps[-1].append(row)  # so many answers to one question: which of the last agree matters to nobody
        first = self._prompts[rows[0]]
        least = min(rouge_l(first, self._prompts[row]) for row in rows[1:])
        return Question(tuple(map(tuple, camps)), least)

    def _is_label(self, output: npt.NDArray[np.uint32]) -> bool:
        return len(output) <= _LABEL_WORDS and self._labels[output.tobytes()] >= _LABEL_ROWS


class _Texts:
    """Texts as marks, one behind the other."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._marks, self._ends = array("I"), array("Q", [0])

    def add(self, words: bytes) -> None:
        self._marks.frombytes(words[: 4 * self._most])
        self._ends.append(len(self._marks))

    def __getitem__(self, row: int) -> npt.NDArray[np.uint32]:
        import numpy as np

        return np.frombuffer(self._marks[self._ends[row] : self._ends[row + 1]], dtype=np.uint32)
