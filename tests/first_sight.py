"""What the checks said of texts by somebody who did not know their rules, counted before any was mended by them.

`tests/corpora/held_out/first_sight.json` holds, for each check, its hits (`found`, `missed`) and near misses
(`passed`, `false`) as they were counted twice: `first` with the checks as they stood when the texts were written,
`later` when the checks had been mended by other texts, and nobody who mended them had read these. The counts are kept,
since they cannot be taken again: whoever reads the texts may mend a check by them. `texts` is the SHA-256 of the files,
in the order of their names.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache

from tests.check_corpora import HELD_OUT

PATH = HELD_OUT / "first_sight.json"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Hits that were found or missed, near misses that passed or were falsely found."""

    found: int = 0
    missed: int = 0
    passed: int = 0
    false: int = 0

    @property
    def right(self) -> int:
        """Verdicts that are right."""
        return self.found + self.passed

    @property
    def total(self) -> int:
        """All verdicts."""
        return self.right + self.missed + self.false

    @property
    def precision(self) -> float:
        """Hits among what was found."""
        return self.found / (self.found + self.false)

    @property
    def recall(self) -> float:
        """What was found among the hits."""
        return self.found / (self.found + self.missed)

    def __add__(self, other: Verdicts) -> Verdicts:
        return Verdicts(
            self.found + other.found, self.missed + other.missed, self.passed + other.passed, self.false + other.false
        )


def verdicts(when: str) -> dict[str, Verdicts]:
    """Check -> its verdicts; `when` is "first" or "later"."""
    return {name: Verdicts(**counts[when]) for name, counts in _kept()["verdicts"].items()}


def in_all(when: str) -> Verdicts:
    """All checks together."""
    return sum(verdicts(when).values(), Verdicts())


def digest() -> str:
    """The SHA-256 of the texts as they stand."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(HELD_OUT.glob("*.jsonl")))).hexdigest()


@cache
def _kept() -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    return json.loads(PATH.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
