"""The size guide for training rows: instruction 10 to 1000 characters, output 20 to 4000, labels exempt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generation.quality.cues import asks_for_a_label
from generation.types import N_, Draft, Finding

LEAST, MOST = 10, 1000
OUTPUT_LEAST, OUTPUT_MOST = 20, 4000
LABEL_TASKS = ("classification", "sentiment")


class SizeGuide:
    """Points at sizes outside the guide, bounds inclusive, in Unicode code points. Never drops."""

    name = "size_guide"
    title = N_("Sizes within the guide")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`instruction_size` and `output_size` with the number of characters; labels asked for may be short."""
        findings = []
        asked, answered = len(draft.instruction), len(draft.output)
        if not settings.get("instruction_least", LEAST) <= asked <= settings.get("instruction_most", MOST):
            detail = {"field": "instruction", "characters": asked}
            findings.append(Finding(self.name, "instruction_size", detail=detail))
        least = 1 if draft.task_type in LABEL_TASKS else settings.get("output_least", OUTPUT_LEAST)
        if 0 < answered < least and asks_for_a_label(draft.instruction):
            least = 1
        if not least <= answered <= settings.get("output_most", OUTPUT_MOST):
            findings.append(Finding(self.name, "output_size", detail={"field": "output", "characters": answered}))
        return findings


CHECK = SizeGuide()
