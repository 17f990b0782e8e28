"""An instruction must say something (Self-Instruct, first filter)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generation.quality.text import blank
from generation.types import N_, Draft, Finding


class NotEmpty:
    """Drops a draft whose instruction is blank."""

    name = "not_empty"
    title = N_("Instruction is not empty")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`empty_instruction` when nothing but blanks is left."""
        if not blank(draft.instruction):
            return []
        return [Finding(self.name, "empty_instruction", drop=True, detail={"field": "instruction"})]


CHECK = NotEmpty()
