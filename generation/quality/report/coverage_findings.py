"""What the figures of coverage say: holes and heaps, each beside its guide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from generation.quality.diversity import uneven
from generation.quality.report.base import MOST_ROWS
from generation.types import ReportFinding, level_of

CODES = ("empty_task_types", "empty_cells", "topic", "unused_terms", "gold_position")
MOST_OF_ONE_TOPIC = 0.4
MOST_UNUSED_TERMS = 0.2
MOST_AT_ONE_PLACE = 0.4
UNEVEN = 9.49
"""chi² at 4 degrees of freedom that chance exceeds once in twenty."""
_FEW = 20
_SHOWN = 20


def findings_of(
    told: Mapping[str, Any], *, sampled: Sequence[tuple[int, Sequence[str]]], places: Sequence[Sequence[int]],
    settings: Mapping[str, Any],
) -> list[ReportFinding]:  # fmt: skip
    """Of the figures; `sampled` are rows of the sample with their topics, `places` the ids by place of evidence."""
    found = [
        _empty_task_types(told), _empty_cells(told), _topic(told, sampled, settings),
        _unused_terms(told, settings), _gold_position(told, places, settings),
    ]  # fmt: skip
    return [each for each in found if each is not None]


def _empty_task_types(told: Mapping[str, Any]) -> ReportFinding | None:
    """How many of the expected task types have no row."""
    expected = told["expected"].get("task_type", [])
    if not expected:
        return None
    empty = told["empty_values"]["task_type"]
    return ReportFinding(
        "empty_task_types", level_of(outside=bool(empty), sure=True), float(len(empty)), "count", len(expected),
        len(empty), (None, 0.0), remedies=("generate",) if empty else (), detail={"empty": empty[:_SHOWN]},
    )  # fmt: skip


def _empty_cells(told: Mapping[str, Any]) -> ReportFinding | None:
    """The share of expected cells without a row; with one axis there are no cells, only empty values."""
    n, axes = told["cells_expected"], told["empty_axes"]
    if len(axes) < 2 or not n:
        return None
    return ReportFinding(
        "empty_cells", level_of(outside=bool(told["empty"]), sure=False), round(told["empty"] / n, 4), "share", n,
        told["empty"], (None, 0.0), remedies=("generate",) if told["empty"] else (),
        detail={"axes": axes, "cells": told["empty_cells"][:_SHOWN]},
    )  # fmt: skip


def _topic(
    told: Mapping[str, Any], sampled: Sequence[tuple[int, Sequence[str]]], settings: Mapping[str, Any]
) -> ReportFinding | None:
    """The share of the largest topic: of the sample's rows that have a named one, or of all its rows where topics were
    found among them."""
    counts = Counter(topic for _, topics in sampled for topic in topics)
    n = len(sampled) if told["topics_from"] == "sample" else sum(bool(topics) for _, topics in sampled)
    if not counts or len(told["topics"]) < 2:
        return None
    name, hits = min(counts.items(), key=lambda each: (-each[1], each[0]))
    most = float(settings.get("coverage.most_of_one_topic", MOST_OF_ONE_TOPIC))
    rows = sorted(row for row, topics in sampled if name in topics)
    return ReportFinding(
        "topic", level_of(outside=hits / n > most, sure=told["topics_from"] != "sample", known=n >= _FEW),
        round(hits / n, 4), "share", n, hits, (None, most), rows=rows[:MOST_ROWS], remedies=("generate",),
        detail={"name": name, "from": told["topics_from"]},
    )  # fmt: skip


def _unused_terms(told: Mapping[str, Any], settings: Mapping[str, Any]) -> ReportFinding | None:
    """The share of the vocabulary's terms that no row speaks of."""
    n = sum(each["terms"] for each in told["terms"].values())
    if not n:
        return None
    hits = n - sum(each["hit"] for each in told["terms"].values())
    most = float(settings.get("coverage.most_unused_terms", MOST_UNUSED_TERMS))
    missing = {name: each["missing"][:_SHOWN] for name, each in told["terms"].items() if each["missing"]}
    return ReportFinding(
        "unused_terms", level_of(outside=hits / n > most, sure=told["rows"] >= n), round(hits / n, 4), "share", n, hits,
        (None, most), remedies=("generate",) if hits else (), detail={"missing": missing},
    )  # fmt: skip


def _gold_position(
    told: Mapping[str, Any], places: Sequence[Sequence[int]], settings: Mapping[str, Any]
) -> ReportFinding | None:
    """The share of the fullest fifth of a long context: evidence that always stands at one place teaches to look only
    there. Sure when chance would spread it so once in twenty at most."""
    bins, n = told["gold_positions"]["bins"], told["gold_positions"]["rows"]
    if not n:
        return None
    most = float(settings.get("coverage.most_at_one_place", MOST_AT_ONE_PLACE))
    hits = max(bins)
    at = bins.index(hits)
    chi2 = uneven(bins) or 0.0
    return ReportFinding(
        "gold_position", level_of(outside=hits / n > most, sure=chi2 > UNEVEN, known=n >= _FEW), round(hits / n, 4),
        "share", n, hits, (None, most), rows=list(places[at]), remedies=("generate",),
        detail={"bin": at, "bins": bins, "chi2": round(chi2, 2)},
    )  # fmt: skip
