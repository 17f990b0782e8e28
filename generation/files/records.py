"""What layouts give and take: records with their lines."""

from __future__ import annotations

from typing import Any

from generation.types import RowError

Record = dict[str, Any]
"""One row of a file as plain JSON data, keys in the order of the file."""

Line = tuple[int, Record | RowError]
"""A record with the line on which it begins, from 1, or the fault that stands there."""
