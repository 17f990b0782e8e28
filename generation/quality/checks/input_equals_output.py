"""An output that repeats its input is a copy, not an answer (Self-Instruct)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed, whole
from generation.types import N_, Draft, Finding


class InputEqualsOutput:
    """Drops a sample whose output is its input."""

    name = "input_equals_output"
    title = N_("Output differs from the input")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`input_equals_output` when both are the same but for outer blanks."""
        same = bool(draft.input.strip()) and draft.input.strip() == draft.output.strip()
        spans = whole(draft.output)
        return [placed(self.name, "input_equals_output", field="output", spans=spans, drop=True)] if same else []


CHECK = InputEqualsOutput()
