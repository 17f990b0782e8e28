"""Several tasks run together in one field, a known defect of released instruction sets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed, texts_of
from generation.types import N_, Draft, Finding

_MERGED = re.compile(r"\n\s*\d+\s*[.、]?\s*(Instruction|指令)\b|\n\s*#{3}\s*\n", re.IGNORECASE)


class MergedTasks:
    """Points at a field in which another numbered task begins."""

    name = "merged_tasks"
    title = N_("One task in one sample")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`merged_tasks` for each field in which that happens, with the places."""
        return [
            placed(self.name, "merged_tasks", field=field, spans=(each.span() for each in _MERGED.finditer(text)))
            for field, text in texts_of(draft)
            if "\n" in text and field != "system" and _MERGED.search(text)
        ]


CHECK = MergedTasks()
