"""What is to be said of rows that repeat or contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

from generation.quality.intervals import wilson
from generation.quality.report.base import MOST_ROWS
from generation.quality.report.duplicates_settled import Settled
from generation.types import Remedy, ReportFinding, level_of

NEAR_GUIDE = 0.01
"""The largest share of rows that may say what others say; of the very same rows there should be none."""


def findings_of(found: Settled, *, ids: Sequence[int]) -> list[ReportFinding]:
    """Four findings, none of an empty set: rows to drop of each kind, and the rows in conflict, group behind group."""
    if not found.rows:
        return []
    return [
        _repeated("exact_duplicates", found.exact["row"], "duplicate_row", 0.0, ids=ids),
        _repeated("near_duplicates", found.near_clusters, "near_duplicate", NEAR_GUIDE, ids=ids),
        _repeated("redundant_answers", found.redundant, "redundant_row", NEAR_GUIDE, ids=ids),
        _conflicts(found, ids=ids),
    ]


def _repeated(
    code: str, groups: Sequence[Sequence[int]], reason: str, guide: float, *, ids: Sequence[int]
) -> ReportFinding:
    repeated = [row for rows in groups for row in rows[1:]]
    share, interval = len(repeated) / len(ids), wilson(len(repeated), len(ids))
    return ReportFinding(
        code, level_of(outside=share > guide, sure=interval[0] > guide), share, "share", len(ids), len(repeated),
        (None, guide), interval, rows=_named(repeated, ids), reason=reason,
        remedies=("drop",) if repeated else (), detail={"groups": len(groups)},
    )  # fmt: skip


def _conflicts(found: Settled, *, ids: Sequence[int]) -> ReportFinding:
    rows = list(dict.fromkeys(row for group in found.conflicts for row in group.rows))
    share = len(rows) / len(ids)
    same = sum(group.same for group in found.conflicts)
    remedies: tuple[Remedy, ...] = ("settle", "review") if rows else ()
    return ReportFinding(
        "conflicts", level_of(outside=bool(rows), sure=bool(same)), share, "share", len(ids), len(rows), (None, 0.0),
        wilson(len(rows), len(ids)), rows=_named(rows, ids), reason="conflicting_outputs", remedies=remedies,
        detail={"groups": len(found.conflicts), "same_prompt": same},
    )  # fmt: skip


def _named(rows: Sequence[int], ids: Sequence[int]) -> list[int]:
    return [ids[row] for row in rows[:MOST_ROWS]]
