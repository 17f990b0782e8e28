"""Figures of a fault test, for `make trust`."""

from __future__ import annotations

import json
import os
from typing import Any

FULL = bool(os.environ.get("FDC_TRUST"))
"""Whether the full counts are wanted."""


def write_down(**figures: Any) -> None:
    """Appends a line to $FDC_TRUST_REPORT, where it is set."""
    path = os.environ.get("FDC_TRUST_REPORT")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(figures) + "\n")
