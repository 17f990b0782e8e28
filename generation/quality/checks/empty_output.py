"""An example without an output teaches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generation.quality.text import blank
from generation.types import N_, Draft, Finding


class EmptyOutput:
    """Drops a sample whose output is blank."""

    name = "empty_output"
    title = N_("Output is not empty")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`empty_output` when nothing but blanks is left."""
        if not blank(draft.output):
            return []
        return [Finding(self.name, "empty_output", drop=True, detail={"field": "output"})]


CHECK = EmptyOutput()
