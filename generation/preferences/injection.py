"""Marks of texts that speak to a judge instead of to whoever asked: fifteen kinds, in English and Chinese.

A mark is a reason to hold a pair back for a person to look at, not a proof: an answer about grading may bear one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from generation.preferences.disguises import disguises, visible

_FILE = Path(__file__).parent / "injection_marks.txt"
_RAW = ("hidden",)
"""Kinds that are looked for in the text as it is, unseen characters and all."""


def _read(text: str) -> dict[str, Sequence[re.Pattern[str]]]:
    """The patterns of each kind."""
    words: dict[str, str] = {}
    found: dict[str, list[re.Pattern[str]]] = {}
    kind = ""
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if named := re.fullmatch(r"\[(\w+)\]", line):
            kind = named[1]
        elif not kind:
            name, _, value = line.partition(" = ")
            words[name] = value
        else:
            for name, value in words.items():
                line = line.replace(name, value)
            found.setdefault(kind, []).append(re.compile(line, re.IGNORECASE))
    return dict(found)


_PATTERNS: Mapping[str, Sequence[re.Pattern[str]]] = _read(_FILE.read_text(encoding="utf-8"))
KINDS = (*_PATTERNS, "encoded")
"""What a mark may say."""


def marks(text: str) -> tuple[str, ...]:
    """The kinds of attack that the text bears marks of, in the order of `KINDS`; empty for an honest answer."""
    found = _plain(text)
    if any(set(_plain(each)) - set(found) for each in disguises(text)):
        found.append("encoded")
    return tuple(found)


def speaks_to_judge(text: str) -> bool:
    """Whether the text bears any mark."""
    return bool(marks(text))


def _plain(text: str) -> list[str]:
    seen = visible(text)
    return [
        kind
        for kind, patterns in _PATTERNS.items()
        if any(pattern.search(text if kind in _RAW else seen) for pattern in patterns)
    ]
