"""Rows that repeat evaluation texts: how many of each set's items, which rows, which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from generation.quality.contamination import PRESETS, Contamination, Hit
from generation.quality.contamination.beside import parts_of_item
from generation.quality.places import texts_of
from generation.quality.report.base import MOST_ROWS, Asked, HeldOut, RowFacts
from generation.types import ReportFinding, level_of

EXAMPLES = 200


class Contaminated:
    """Training rows against `Asked.held_out`, by the rule that `contamination.preset` names (13 words when it names
    none); rows kept for evaluation and those of a held-out split are left out, and no row repeats the item that was
    made of it. Memory: the evaluation texts, 36 bytes a word, and the hits.
    """

    name = "contamination"

    def __init__(self, asked: Asked) -> None:
        preset = PRESETS[str(asked.settings.get("contamination.preset", "thirteen_words"))]
        self._given = bool(asked.held_out)
        sets = _named_apart(asked.held_out)
        self._texts = {name: held.texts for name, held in sets.items()}
        made_of = {name: held.rows for name, held in sets.items() if held.rows}
        self._found = Contamination(self._texts.items(), preset=preset, made_of=made_of)
        self._rows = 0

    def see(self, row: RowFacts) -> None:
        """Looks for evaluation texts in one row."""
        if self._given and not row.evaluation and not row.held_out:
            self._rows += 1
            self._found.see(row.id, dict(texts_of(row.draft)))

    def told(self) -> Mapping[str, Any]:
        """The rule; for each set its items, those that are hit and whether they are too many; hits as examples, the
        most complete first: row, set, item, share of the item, the words, and where they stand; `beside` holds the
        row's fields and the evaluation text in pieces, of which every second one is in both."""
        hits = sorted(self._found.hits(), key=_worst_first)
        return {
            "rows": self._rows, "preset": self._found.preset.name,
            "sets": [{"name": name, **figures} for name, figures in self._found.told().items()],
            "examples": [
                {
                    "row": hit.key, "set": hit.set, "item": hit.item, "share": hit.share, "exact": hit.exact,
                    "text": hit.text, "spans": [list(span) for span in hit.spans], "beside": self._beside(hit),
                }
                for hit in hits[:EXAMPLES]
            ],
        }  # fmt: skip

    def _beside(self, hit: Hit) -> dict[str, Any]:
        return {
            "row": [[name, list(pieces)] for name, pieces in hit.row],
            "item": parts_of_item(self._texts[hit.set][hit.item], hit.words),
        }

    def findings(self) -> list[ReportFinding]:
        """The rows that hit an item, the most complete first; none when nothing was held out or nothing was read."""
        if not self._given or not self._rows:
            return []
        rows: defaultdict[int, float] = defaultdict(float)
        for hit in self._found.hits():
            rows[_id(hit)] = max(rows[_id(hit)], hit.share)
        worst = sorted(rows, key=lambda row: (-rows[row], row))
        sets = [name for name, figures in self._found.told().items() if figures["contaminated"]]
        return [
            ReportFinding(
                "contaminated", level_of(outside=bool(rows), sure=bool(sets)), len(rows) / self._rows, "share",
                self._rows, len(rows), (None, 0.0), rows=worst[:MOST_ROWS], reason="contaminated",
                remedies=("drop", "review") if rows else (),
                detail={"sets": sets, "preset": self._found.preset.name},
            )
        ]  # fmt: skip


def _named_apart(sets: Sequence[HeldOut]) -> dict[str, HeldOut]:
    """The sets by name; of two files with one name the second one is told apart by a number."""
    named: dict[str, HeldOut] = {}
    for held in sets:
        again = sum(name == held.name or name.startswith(f"{held.name} (") for name in named)
        named[f"{held.name} ({again + 1})" if again else held.name] = held
    return named


def _id(hit: Hit) -> int:
    return int(str(hit.key))


def _worst_first(hit: Hit) -> tuple[float, int, str, int]:
    return -hit.share, _id(hit), hit.set, hit.item
