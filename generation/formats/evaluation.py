"""Rows of evaluation sets: marked when they are read, and warned of when somebody exports them as training data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generation.types import RowError

EVALUATION_SET = "evaluation_set"
"""The key of a row's meta under which the name of its evaluation set stands."""


def evaluation_warning(meta: Mapping[str, Any], *, line: int = 0) -> RowError | None:
    """The warning for a row of an evaluation set; None for any other row."""
    name = meta.get(EVALUATION_SET)
    if not name:
        return None
    return RowError(line, "evaluation_row", message=str(name)[:80], severity="warning")
