"""The seam of constraints: a kind of demand that a reply either meets or does not, told by rules alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Supply:
    """What arguments are drawn from: the language of the request, its own text, and words that fit a reply to it.

    `taken` are the words that other constraints of the same request use: no word is both wanted and forbidden.
    """

    rng: random.Random
    language: str
    prompt: str = ""
    words: Sequence[str] = ()
    taken: set[str] = field(default_factory=set)

    @property
    def chinese(self) -> bool:
        """Whether the request is worded in Chinese."""
        return self.language == "zh"

    def take(self, count: int) -> list[str]:
        """`count` words that no other constraint uses."""
        free = [word for word in dict.fromkeys(self.words) if word.lower() not in self.taken]
        chosen = self.rng.sample(free, min(count, len(free)))
        self.taken.update(word.lower() for word in chosen)
        return chosen

    def relation(self, count: int) -> dict[str, Any]:
        """`count` as a lower or an upper bound."""
        return {"relation": self.rng.choice(RELATIONS), "count": count}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of constraint. `draw` makes its arguments (plain JSON), `holds` says whether a reply meets them.

    `words` is how many words of the supply it uses: a request without any is one that the kind cannot make.
    """

    name: str
    draw: Callable[[Supply], dict[str, Any]]
    holds: Callable[[str, Arguments], bool]
    words: int = 0


RELATIONS = ("at_least", "less_than")


def compared(number: int, args: Arguments) -> bool:
    """Whether the number is at least, or less than, the `count` of the arguments."""
    return number >= args["count"] if args["relation"] == "at_least" else number < args["count"]


def nothing(supply: Supply) -> dict[str, Any]:
    """The arguments of a kind that needs none."""
    return {}
