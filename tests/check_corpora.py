"""Labelled texts for every check, and how well it does on them.

`tests/corpora/checks/<check>.jsonl` holds a text a line: fields of a draft, `hit` (whether a person who knows the rule
would point at it), `lang` (en or zh) and `note` (why it is there). Hits that are missed and near-misses that are caught
are told on docs/reference/checks.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from generation.quality.checks import check
from generation.types import Draft
from tests.house import ROOT

FOLDER = ROOT / "tests" / "corpora" / "checks"
HELD_OUT = ROOT / "tests" / "corpora" / "held_out"
"""Texts of the same form that no check was mended by: they say what the others cannot."""
SILENT = {"recipe_notes": "repeats what a recipe said, and reads no text"}
"""Checks that have no corpus, and why."""
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Labelled:
    """One text and what it is labelled."""

    draft: Draft
    hit: bool
    lang: str
    note: str


@dataclass
class Scored:
    """How a check does on its corpus: counts by (language, hit, found), the codes it gave, and what went wrong."""

    counts: Counter[tuple[str, bool, bool]] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    drops: bool = False
    wrong: list[Labelled] = field(default_factory=list)

    def number(self, *, hit: bool, langs: tuple[str, ...] = LANGUAGES) -> int:
        """Rows that are labelled so."""
        return sum(self.counts[lang, hit, found] for lang in langs for found in (True, False))

    def precision(self, *langs: str) -> float:
        """Hits among what was found; 1 where nothing was."""
        right, false = self._sum(langs, hit=True), self._sum(langs, hit=False)
        return right / (right + false) if right + false else 1.0

    def recall(self, *langs: str) -> float:
        """What was found among the hits."""
        return self._sum(langs, hit=True) / self.number(hit=True, langs=langs or LANGUAGES)

    def _sum(self, langs: tuple[str, ...], *, hit: bool) -> int:
        return sum(self.counts[lang, hit, True] for lang in langs or LANGUAGES)


def corpus(name: str, *, folder: Path = FOLDER) -> Iterator[Labelled]:
    """The labelled texts of a check; none where the folder has no file of it."""
    path = folder / f"{name}.jsonl"
    # Not `splitlines`: what it takes for a line end may be the very text.
    for line in path.read_text(encoding="utf-8").split("\n") if path.exists() else ():
        if line:
            yield _labelled(json.loads(line))


def _labelled(row: dict[str, Any]) -> Labelled:
    hit, lang, note = row.pop("hit"), row.pop("lang"), row.pop("note")
    row["history"] = tuple((asked, said) for asked, said in row.get("history", ()))
    return Labelled(Draft("sample", **row), hit, lang, note)


@cache
def scored(name: str, *, folder: Path = FOLDER) -> Scored:
    """The check over its corpus."""
    told, asked = Scored(), check(name)
    for row in corpus(name, folder=folder):
        found = asked(row.draft, {})
        told.counts[row.lang, row.hit, bool(found)] += 1
        told.codes.update(each.code for each in found)
        told.drops |= any(each.drop for each in found)
        if bool(found) != row.hit:
            told.wrong.append(row)
    return told
