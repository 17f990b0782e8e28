"""The report on a set of preference pairs: figures for charts, and findings worst first. Plain JSON, kept as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generation.preferences.bias import figures, findings, more_findings
from generation.preferences.bias.columns import Columns
from generation.preferences.bias.facts import PairFacts
from generation.preferences.bias.lexical import leakage
from generation.preferences.bias.statistics import rounded
from generation.types import LEVELS, ReportFinding

VERSION = 1
_TOLD_EVERY = 500
_MOST_HELD = 10_000
"""Pairs that are kept in memory while no other has come."""


@dataclass(frozen=True, slots=True)
class Report:
    """`told` is the report without ids; `rows` maps a finding to the ids that it speaks of, worst first."""

    told: Mapping[str, Any]
    rows: Mapping[str, list[int]]


def report_of(
    pairs: Iterable[PairFacts], *, random_seed: int, told: Callable[[int], None] = lambda done: None
) -> Report:
    """The report; `told` hears every so often how many pairs were read. The same pairs and seed, the same report.

    Pairs that are held back count for margins and for what the judge said in both orders, and for nothing else; where
    there are no others, for everything.
    """
    every, columns = Columns(random_seed=random_seed, sampled=0), Columns(random_seed=random_seed)
    kept: list[PairFacts] = []
    for done, pair in enumerate(pairs, 1):
        every.add(pair)
        if not pair.held:
            columns.add(pair)
        elif not len(columns) and len(kept) < _MOST_HELD:
            kept.append(pair)
        if done % _TOLD_EVERY == 0:
            told(done)
    if not len(columns):
        for pair in kept:
            columns.add(pair)
    found = findings_of(columns, every, random_seed=random_seed)
    report = {
        "report": VERSION, "pairs": len(columns), "held": int(every.whole("held").sum()), "random_seed": random_seed,
        "sampled": len(columns.sampled),
        "findings": [finding_as_json(each) for each in found],
        "margins": figures.margin_figures(every), "lengths": figures.length_figures(columns),
        "models": figures.model_figures(columns), "sources": figures.source_figures(columns),
        "languages": _languages(columns),
    }  # fmt: skip
    return Report(report, {each.code: list(each.rows) for each in found})


def findings_of(columns: Columns, every: Columns, *, random_seed: int) -> list[ReportFinding]:
    """Every finding, worst first, in the order of `CODES` among equals. `every` has what is held back too."""
    groups = columns.whole("group")
    words = leakage(columns.sampled, [int(groups[each.at]) for each in columns.sampled], random_seed=random_seed)
    position = replace(more_findings.position(every), rows=more_findings.position(columns).rows)
    found = [
        findings.longer_wins(columns), findings.length_score(columns), findings.margins(columns),
        findings.formats(columns), more_findings.lexical(columns, words), findings.refusals(columns),
        position, more_findings.models(columns), findings.languages(columns),
        more_findings.duplicates(columns), more_findings.contradictions(columns), more_findings.diversity(columns),
        more_findings.rubrics(columns),
    ]  # fmt: skip
    return sorted(found, key=lambda each: LEVELS.index(each.level))


def finding_as_json(found: ReportFinding) -> dict[str, Any]:
    """The finding without its rows; how many there are stays."""
    return {
        "code": found.code, "level": found.level, "value": found.value, "unit": found.unit, "n": found.n,
        "hits": found.hits, "guide": list(found.guide),
        "interval": [rounded(each) for each in found.interval] if found.interval else None, "p": found.p,
        "rows": len(found.rows), "reason": found.reason, "remedies": list(found.remedies),
        "detail": dict(found.detail),
    }  # fmt: skip


def _languages(columns: Columns) -> dict[str, int]:
    language = columns.whole("language")
    return {name: int((language == at).sum()) for at, name in enumerate(columns.languages.listed())}
