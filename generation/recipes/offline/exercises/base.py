"""What an exercise is: a task that rules can invent and, given its words alone, recognise and carry out truthfully."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Slots = Mapping[str, str]
Answers = list[tuple[str, dict[str, str]]]
"""For each instance its input ("" for none) and the values that the answer's text is made of."""

_FOLDER = Path(__file__).parent
_SLOT = re.compile(r"\{([a-z_]+)\}")
_NUMBERS = frozenset(
    (
        *("price", "count", "percent", "amount", "hours", "speed", "people", "days", "minutes", "length", "width"),
        *("first", "second", "third", "limit"),
    )
)
"""Slots that hold a whole number: what follows them may touch them, as it does in Chinese."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, our own vocabulary, and the texts that the prompt showed."""

    language: str
    table: Mapping[str, Any]
    texts: Sequence[str] = ()

    def __getitem__(self, name: str) -> Any:
        return self.table[name]


@dataclass(frozen=True, slots=True)
class Exercise:
    """`draw` chooses the slots of a new task, None when it cannot; `solve` finds its instances from them alone."""

    name: str
    draw: Callable[[random.Random, Words], dict[str, str] | None]
    solve: Callable[[Slots, random.Random, Words], Answers]
    labels: bool = False


@cache
def vocabulary(language: str) -> dict[str, Any]:
    """Our own words of a language: lists and small tables of facts."""
    return _load(f"vocabulary.{language}.json")


@cache
def phrasings(language: str) -> dict[str, dict[str, list[str]]]:
    """For each exercise the ways to ask for it (`ask`) and to answer it (`say`)."""
    return _load(f"phrasings.{language}.json")


@cache
def pattern(phrasing: str) -> re.Pattern[str]:
    """What recognises a phrasing and finds its slots again; a slot named twice must say the same twice."""
    parts: list[str] = []
    seen: set[str] = set()
    for at, piece in enumerate(_SLOT.split(phrasing)):
        slot = f"(?P={piece})" if piece in seen else f"(?P<{piece}>{'[0-9]+' if piece in _NUMBERS else '.+?'})"
        parts.append(slot if at % 2 else re.escape(piece))
        if at % 2:
            seen.add(piece)
    return re.compile("".join(parts), re.DOTALL)


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return loaded
