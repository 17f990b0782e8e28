"""Two rows that ask the same: their outputs agree, and one of them is redundant, or they are in conflict.

A conflict is for a person to settle and never dropped. That two questions look alike is not enough, since "the capital
of France" and "the capital of Spain" differ in one word of six: what one asks and the other does not must be words that
can go (`kinds.py`), or in a long prompt a few words more on one side, no number and no "not" among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from generation.quality.near_duplicates.kinds import (
    CONTENT,
    DENIES_NOTHING,
    FUNCTION,
    NEGATION,
    NUMBER,
    NUMERALS,
)
from generation.quality.near_duplicates.words import WordHashes
from generation.quality.novelty import Pool

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

ALIKE = 0.3
"""ROUGE-L of two outputs below which they disagree."""
_FEW = 20
"""One word in so many may be more on one side."""
_SHORT = 48
"""Words, or Chinese characters, up to which an output says one thing: another number or a "not" contradicts it."""
_SENTENCE, _NAME = 24, 4
"""Words of a sentence at most, and of what stands in place of something else in it."""

Relation = Literal["conflict", "redundant"]


class Meeting(NamedTuple):
    """A kept row that asks the same as a new one: how alike the prompts and the outputs are (ROUGE-L, 0 to 1)."""

    key: Hashable
    relation: Relation
    prompts: float
    outputs: float


def marks(words: bytes) -> npt.NDArray[np.uint32]:
    """A number for each word of `WordHashes.of`: its hash, and in the lowest two bits its kind."""
    import numpy as np

    return np.frombuffer(words, dtype="<u8").astype(np.uint32)


def marked(texts: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
    """For each of many texts its marks as bytes, and of these what `asked` keeps."""
    import numpy as np

    ends = np.cumsum([0, *map(len, texts)]) // 8
    every = marks(b"".join(texts))
    keeps = every & 3 != FUNCTION
    kept = np.concatenate(([0], np.cumsum(keeps)))[ends]
    words, content = _cut(every, ends), _cut(every[keeps], kept)
    return words, [some or all_ for some, all_ in zip(content, words, strict=True)]


def _cut(every: npt.NDArray[np.uint32], ends: npt.NDArray[np.int64]) -> list[bytes]:
    flat, places = every.tobytes(), (4 * ends).tolist()
    return [flat[begin:end] for begin, end in pairwise(places)]


def rouge_l(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> float:
    """The F1 of ROUGE-L of two texts as marks; two texts without a word are alike."""
    if not len(one) and not len(other):
        return 1.0
    return 2 * _common(one, other) / (len(one) + len(other))


def same_question(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> float:
    """How alike two prompts are (ROUGE-L) that ask the same; 0 when they ask something else."""
    import numpy as np

    first, second = asked(one), asked(other)
    if not np.array_equal(first, second):
        longer, shorter = (first, second) if len(first) >= len(second) else (second, first)
        more = len(longer) - len(shorter)
        if not 0 < more <= len(longer) // _FEW or _common(longer, shorter) < len(shorter):
            return 0.0
        if _left_over(longer, shorter) - {CONTENT}:
            return 0.0
    return rouge_l(one, other)


def asked(prompt: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The words that make the question what it is; all of them where there are no others."""
    content = prompt[prompt & 3 != FUNCTION]
    return content if len(content) else prompt


def agree(
    one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32], *, closed: bool = False, alike: float = ALIKE
) -> bool:
    """Whether two outputs say the same: ROUGE-L at or above `alike`; `closed` ones, labels, when they are equal.

    Of two short outputs neither may have a number in place of the other's, nor may only one of them say "not"; and two
    sentences may not differ in one name alone.
    """
    import numpy as np

    if np.array_equal(one, other):
        return True
    return not closed and rouge_l(one, other) >= alike and not _contradict(one, other)


def _contradict(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> bool:
    if max(len(one), len(other)) > _SHORT:
        return False
    if _denies(one) != _denies(other):
        return True
    first, second = _numbers(one), _numbers(other)
    return bool(first - second and second - first) or _one_place(one, other)


def _denies(words: npt.NDArray[np.uint32]) -> bool:
    """Whether a "not" stands in the text that is no part of another word (非常, "not only")."""
    said = words.tolist()
    pairs = [pair in _denying_nothing() for pair in pairwise(said)]
    part = zip([False, *pairs], [*pairs, False], strict=True)
    return any(word & 3 == NEGATION and not any(beside) for word, beside in zip(said, part, strict=True))


def _one_place(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> bool:
    """Whether two sentences differ at one place alone, where each has a word or a name of its own."""
    import numpy as np

    shorter, longer = sorted((len(one), len(other)))
    if longer > _SENTENCE:
        return False
    first, second = _in_digits(one), _in_digits(other)
    ahead = int(np.append(first[:shorter] == second[:shorter], False).argmin())
    rest = shorter - ahead
    behind = int(np.append(first[::-1][:rest] == second[::-1][:rest], False).argmin())
    return rest - behind > 0 and longer - ahead - behind <= _NAME


def _numbers(words: npt.NDArray[np.uint32]) -> set[int]:
    """The numbers in a text: "two", "2" and 两 are one."""
    known = _numerals()
    return {known.get(word, word) for word in words.tolist() if word in known or word & 3 == NUMBER}


def _in_digits(words: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    import numpy as np

    known = _numerals()
    return np.array([known.get(word, word) for word in words.tolist()], dtype=np.int64)


@cache
def _denying_nothing() -> frozenset[tuple[int, int]]:
    hashes = WordHashes()
    return frozenset((int(first), int(second)) for first, second in (marks(hashes.of(two)) for two in DENIES_NOTHING))


@cache
def _numerals() -> dict[int, int]:
    hashes = WordHashes()
    return {int(marks(hashes.of(word))[0]): value for value, words in NUMERALS.items() for word in words.split()}


class Answered:
    """Questions that have their answer, to meet new ones against. Prompts are found by ROUGE-L, as novelty finds them.

    Memory: the prompts' words in an inverted index, 4 bytes for each word of an output.
    """

    def __init__(self, *, near: float = 0.5, alike: float = ALIKE) -> None:
        self._near, self._alike = near, alike
        self._hashes = WordHashes()
        self._pool = Pool(threshold=near)
        self._rows: list[tuple[Hashable, str, npt.NDArray[np.uint32], bool]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, key: Hashable, *, prompt: str, output: str, closed: bool = False) -> None:
        """Keeps a row; `prompt` is instruction and input, `closed` says that its output is a label."""
        self._pool.add(prompt)
        self._rows.append((key, prompt, marks(self._hashes.of(output)), closed))

    def meets(self, *, prompt: str, output: str, closed: bool = False, limit: int = 10) -> list[Meeting]:
        """The kept rows that ask the same, conflicts first, then the likest; looked for among the `limit` likest."""
        mine, said = marks(self._hashes.of(prompt)), marks(self._hashes.of(output))
        met = []
        for near in self._pool.most_similar(prompt, limit=limit):
            key, other, output_there, label = self._rows[cast(int, near.id)]
            prompts = same_question(mine, marks(self._hashes.of(other))) if near.score >= self._near else 0.0
            if prompts:
                fits = agree(said, output_there, closed=closed or label, alike=self._alike)
                met.append(Meeting(key, "redundant" if fits else "conflict", prompts, rouge_l(said, output_there)))
        return sorted(met, key=lambda each: (each.relation != "conflict", -each.prompts))


def _common(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> int:
    from rapidfuzz.distance import LCSseq

    return int(LCSseq.similarity(one.tolist(), other.tolist()))


def _left_over(longer: npt.NDArray[np.uint32], shorter: npt.NDArray[np.uint32]) -> set[int]:
    """The kinds of the words that the longer text has more often."""
    return {word & 3 for word in Counter(longer.tolist()) - Counter(shorter.tolist())}
