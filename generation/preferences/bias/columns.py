"""A set of pairs as columns of numbers, gathered one pair at a time: texts are looked at and let go.

A hundred thousand pairs are a few megabytes here, and a sample of texts drawn by seed for what needs words.
"""

from __future__ import annotations

import hashlib
import math
import random
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generation.preferences.bias.facts import PairFacts
from generation.preferences.bias.marks import FOREIGN, bits_of, length_of
from generation.quality.language import detect
from generation.quality.text import comparison_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLED = 3000
"""Pairs whose words are counted."""
LONGEST = 2000
"""Characters of a text among them."""
_ORDERS = {"": 0, "chosen": 1, "rejected": 2, "tie": 3, "invalid": 4}
_NONE = math.nan


@dataclass(slots=True)
class Names:
    """Names as small numbers, in the order in which they came."""

    known: dict[str, int] = field(default_factory=dict)

    def of(self, name: str) -> int:
        """The number of a name."""
        return self.known.setdefault(name, len(self.known))

    def listed(self) -> list[str]:
        """The names by number."""
        return list(self.known)


@dataclass(frozen=True, slots=True)
class Sampled:
    """The texts of a pair that was drawn."""

    at: int
    chosen: str
    rejected: str
    prompt: str


class Columns:
    """`add` every pair, then read the columns: arrays of one length, NaN where a number is not known."""

    def __init__(self, *, random_seed: int, sampled: int = SAMPLED) -> None:
        self._most = sampled
        self._rng = random.Random(random_seed)
        self._whole: dict[str, array[Any]] = {name: array(kind) for name, kind in _KINDS.items()}
        self.models, self.sources, self.rubrics, self.scales, self.languages = (Names() for _ in range(5))
        self.models.of("")
        self.rubrics.of("")
        self.sampled: list[Sampled] = []

    def __len__(self) -> int:
        return len(self._whole["id"])

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        """A column as floats; ids and hashes are read by `ids` and `prompts`."""
        import numpy as np

        return np.array(self._whole[name], dtype=np.float64)

    def whole(self, name: str) -> NDArray[np.int64]:
        """A column of whole numbers as they are."""
        import numpy as np

        return np.array(self._whole[name], dtype=np.int64)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids of the pairs."""
        return self.whole("id")

    def add(self, pair: PairFacts) -> None:
        """Looks at one pair."""
        spoken = detect(pair.prompt)
        row = {
            "id": pair.id, "group": pair.group, "prompt": _hash(comparison_key(pair.prompt).split()),
            "chosen_text": _hash([pair.chosen.strip()]), "rejected_text": _hash([pair.rejected.strip()]),
            "chosen_length": length_of(pair.chosen), "rejected_length": length_of(pair.rejected),
            "chosen_bits": _bits(pair.chosen, spoken), "rejected_bits": _bits(pair.rejected, spoken),
            "margin": _NONE if pair.margin is None else pair.margin,
            "chosen_score": _NONE if pair.chosen_score is None else pair.chosen_score,
            "rejected_score": _NONE if pair.rejected_score is None else pair.rejected_score,
            "scale": -1 if pair.low is None or pair.high is None else self.scales.of(f"{pair.low:g} {pair.high:g}"),
            "chosen_model": self.models.of(pair.chosen_model), "rejected_model": self.models.of(pair.rejected_model),
            "source": self.sources.of(pair.source), "language": self.languages.of(spoken), "held": int(pair.held),
            "forward": _ORDERS.get(pair.forward, 0), "backward": _ORDERS.get(pair.backward, 0),
            "first": _ORDERS.get(pair.first, 0), "rubric": self.rubrics.of(pair.rubric),
        }  # fmt: skip
        at = len(self)
        for name, value in row.items():
            self._whole[name].append(value)
        self._draw(at, pair)

    def _draw(self, at: int, pair: PairFacts) -> None:
        """Keeps a sample of texts in which every pair is as likely as any other."""
        place = at if at < self._most else self._rng.randrange(at + 1)
        if place >= self._most:
            return
        drawn = Sampled(at, pair.chosen[:LONGEST], pair.rejected[:LONGEST], pair.prompt[:LONGEST])
        if place == len(self.sampled):
            self.sampled.append(drawn)
        else:
            self.sampled[place] = drawn


_KINDS = {
    "id": "q", "group": "q", "prompt": "q", "chosen_text": "q", "rejected_text": "q",
    "chosen_length": "l", "rejected_length": "l", "chosen_bits": "h",
    "rejected_bits": "h", "margin": "d", "chosen_score": "d", "rejected_score": "d", "scale": "h",
    "chosen_model": "h", "rejected_model": "h", "source": "h", "language": "h", "held": "b", "forward": "b",
    "backward": "b", "first": "b", "rubric": "i",
}  # fmt: skip


def _bits(text: str, spoken: str) -> int:
    said = detect(text)
    return bits_of(text) | (FOREIGN if spoken and said and said != spoken else 0)


def _hash(words: list[str]) -> int:
    said = " ".join(words).encode(errors="replace")
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), signed=True)
