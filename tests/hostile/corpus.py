"""Texts that were written to do harm, kept as data in corpus.json.

Wherever one of them is obeyed it calls `fired()`, asks for /fired, or asks for beacon.example. An entry is the text, or
what it is repeated from. `REFUSED` holds those that no database can store: they must be turned away at the entrance.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

POLYGLOT = (
    "'\"><img src=x onerror=fired()><p hx-get=/fired hx-trigger=load data-hx-post=/fired>[x](javascript:fired())"
    "$\\href{javascript:fired()}{x}$\u202e</textarea></title></script><script>fired()</script>{{7*7}}%s"
)
"""Many of them at once, for places that hold one text."""


def _text(entry: str | dict[str, Any]) -> str:
    if isinstance(entry, str):
        return entry
    return str(entry.get("before", "") + entry["repeat"] * entry["times"] + entry.get("after", ""))


def data(name: str) -> dict[str, Any]:
    """Another file of data beside this one: "addresses" or "odd"."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="ascii"))
    return found


def _read(kind: str) -> dict[str, tuple[str, ...]]:
    groups = data("corpus")[kind]
    return {name: tuple(_text(entry) for entry in entries) for name, entries in groups.items()}


GROUPS = _read("texts")
HOSTILE: tuple[str, ...] = (POLYGLOT, *chain.from_iterable(GROUPS.values()))
REFUSED: tuple[str, ...] = tuple(chain.from_iterable(_read("refused").values()))


def of_length(longest: int, texts: Sequence[str] = HOSTILE) -> list[str]:
    """Those with at most `longest` characters."""
    return [text for text in texts if len(text) <= longest]
