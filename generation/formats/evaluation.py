"""Rows of evaluation sets: marked when they are read, and warned of when somebody writes them as training data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generation.types import Example, Feedback, Pair, Ranking, Row, RowError

EVALUATION = "evaluation"
"""The key of a row's meta that is true for a row which measures models; selections leave such rows out."""

EVALUATION_SET = "evaluation_set"
"""The key under which the name of its set stands."""


def marked(name: str) -> dict[str, Any]:
    """What marks a row of the evaluation set `name`, for its meta."""
    return {EVALUATION: True, EVALUATION_SET: name}


def evaluation_warning(row: Row, *, line: int = 0) -> RowError | None:
    """The warning for a row of an evaluation set; None for any other row."""
    if isinstance(row, Example) and not row.meta:
        return None
    meta = next((each for each in _metas(row) if each.get(EVALUATION) is True), None)
    if meta is None:
        return None
    return RowError(line, "evaluation_row", message=str(meta.get(EVALUATION_SET, ""))[:80], severity="warning")


def _metas(row: Row) -> list[Mapping[str, Any]]:
    """What a row and its prompt say about themselves."""
    asked = row.prompt if isinstance(row, Pair | Ranking) else row.example if isinstance(row, Feedback) else None
    return [row.meta, asked.meta] if isinstance(asked, Example) else [row.meta]
