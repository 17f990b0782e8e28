"""How different the rows are from each other: n-grams, neighbours, what tasks ask for, how many seeds they grew from.

Figures of a set's texts come from a fixed sample (2,000 rows, the same for the same ids and random seed): most of them
depend on how much text is looked at, and would not compare otherwise.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from generation.quality.diversity import Reservoir, by_seeds, concentration, verb_noun
from generation.quality.diversity.concentration import rounded
from generation.quality.report.base import Asked, RowFacts
from generation.quality.report.diversity_figures import Figures, figures_of
from generation.quality.report.diversity_findings import Sampling, Verbs, findings_of
from generation.quality.text import tokens
from generation.types import ReportFinding

SAMPLE = 2000
_LONGEST = 2000
"""Code points of a text that are looked at."""
TOP_VERBS, TOP_NOUNS = 20, 4
"""What the figure of Self-Instruct shows."""
_MOST_PAIRS = 50_000
_MOST_SEEDS = 200_000
_TOLD_SEEDS = 50


class Drawn(NamedTuple):
    """A row of the sample."""

    id: int
    instruction: str
    output: str
    seed: int


class Diversity:
    """Memory: the sample's texts, twelve bytes a row for verbs and nouns, a number for each seed."""

    name = "diversity"

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._sample: Reservoir[Drawn] = Reservoir(size=SAMPLE, random_seed=asked.random_seed)
        self._pairs: dict[tuple[str, str], int] = {}
        self._ids, self._pair_of = array("q"), array("i")
        self._seeds: Counter[int] = Counter()
        self._rows = self._unseeded = 0
        self._figures: Mapping[str, Figures] | None = None

    def see(self, row: RowFacts) -> None:
        """Takes one row in."""
        self._rows += 1
        if (pair := verb_noun(row.draft.instruction)) is not None:
            code = self._pairs.get(pair, -1)
            if code < 0 and len(self._pairs) < _MOST_PAIRS:
                code = self._pairs[pair] = len(self._pairs)
            if code >= 0:
                self._ids.append(row.id)
                self._pair_of.append(code)
        if not row.seed or (row.seed not in self._seeds and len(self._seeds) >= _MOST_SEEDS):
            self._unseeded += 1
        else:
            self._seeds[row.seed] += 1
        if (drawn := self._sample.wants(row.id)) is not None:
            texts = row.draft.instruction[:_LONGEST], row.draft.output[:_LONGEST]
            self._sample.take(row.id, Drawn(row.id, *texts, row.seed), drawn=drawn)

    def told(self) -> Mapping[str, Any]:
        """Rows, how many of them were drawn and by which random seed; figures of instructions and outputs, each with
        how much of the sample it looked at (`tokens`, `self_bleu_rows`, `vendi_rows`, `nearest_rows`); verbs with their
        nouns for a sunburst; seeds, and what more of them bring."""
        return {
            "rows": self._rows, "sampled": len(self._sample), "random_seed": self._asked.random_seed,
            "fields": {name: each.told() for name, each in self._measured().items()},
            "verb_nouns": self._verbs_told(), "seeds": self._seeds_told(),
        }  # fmt: skip

    def findings(self) -> list[ReportFinding]:
        """Instructions that repeat each other, one kind of task for many rows, few seeds for many rows."""
        counts = Counter(self._pair_of)
        names = list(self._pairs)
        verbs = Verbs(len(self._ids), {names[code]: count for code, count in counts.items()}, self._rows_of)
        return findings_of(
            self._measured()["instruction"], verbs=verbs, seeds=self._seeds, settings=self._asked.settings,
            sampling=Sampling(self._rows, self._asked.random_seed),
        )  # fmt: skip

    def _measured(self) -> Mapping[str, Figures]:
        if self._figures is None:
            rows = self._sample.rows()
            ids = [row.id for row in rows]
            self._figures = {
                "instruction": figures_of([row.instruction for row in rows], ids=ids),
                "output": figures_of([row.output for row in rows], ids=ids),
            }
        return self._figures

    def _rows_of(self, pair: tuple[str, str]) -> list[int]:
        wanted = self._pairs[pair]
        return [row for row, code in zip(self._ids, self._pair_of, strict=True) if code == wanted]

    def _verbs_told(self) -> dict[str, Any]:
        """The most frequent verbs, each with its most frequent nouns; `found` is of how many rows the rules know."""
        names = list(self._pairs)
        verbs: Counter[str] = Counter()
        nouns: dict[str, Counter[str]] = {}
        for code, count in Counter(self._pair_of).items():
            verb, noun = names[code]
            verbs[verb] += count
            nouns.setdefault(verb, Counter())[noun] += count
        return {
            "rows": self._rows, "found": len(self._ids), "pairs": len(self._pairs),
            "verbs": [
                {"verb": verb, "rows": count, "nouns": _ranked(nouns[verb])[:TOP_NOUNS]}
                for verb, count in _ranked(verbs)[:TOP_VERBS]
            ],
        }  # fmt: skip

    def _seeds_told(self) -> dict[str, Any]:
        found = concentration(self._seeds.values())
        texts: dict[int, list[list[str]]] = {}
        for row in self._sample.rows():
            if row.seed:
                texts.setdefault(row.seed, []).append(tokens(row.instruction))
        return {
            "figures": rounded(found) if found else None, "without": self._unseeded,
            "most": _ranked(self._seeds)[:_TOLD_SEEDS],
            "curve": [
                {"seeds": each.seeds, "rows": each.rows, "distinct_2": round(each.distinct_2, 4),
                 "vendi": round(each.vendi, 2)}
                for each in by_seeds(texts, random_seed=self._asked.random_seed)
            ],
        }  # fmt: skip


def _ranked(counts: Counter[Any]) -> list[list[Any]]:
    """[name, rows], the most frequent first, equal ones by name."""
    return [list(each) for each in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]
