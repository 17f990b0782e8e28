"""Several tasks run together in one field, a known defect of released instruction sets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.types import N_, Draft, Finding

_MERGED = re.compile(r"\n\s*\d+\s*[.、]?\s*(Instruction|指令)\b|\n\s*#{3}\s*\n", re.IGNORECASE)


class MergedTasks:
    """Points at a field in which another numbered task begins."""

    name = "merged_tasks"
    title = N_("One task in one sample")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`merged_tasks` with the field."""
        fields = ("instruction", "input", "output")
        return [
            Finding(self.name, "merged_tasks", detail={"field": field})
            for field in fields
            if _MERGED.search(getattr(draft, field))
        ]


CHECK = MergedTasks()
