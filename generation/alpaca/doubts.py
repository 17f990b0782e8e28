"""What is only pointed at: defects that nobody can mend without knowing what was meant."""

from __future__ import annotations

from generation.quality.checks import check
from generation.types import Draft, Example, Finding

DOUBTS = (
    "merged_tasks",
    "missing_reference",
    "picture_request",
    "literal_escapes",
    "html_entities",
    "hidden_characters",
    "refusal",
    "input_equals_output",
    "output_language",
    "wrong_arithmetic",
)
"""The checks that speak about a row; their findings never change it and drop it only when that is asked for."""

_CHECKS = tuple(check(name) for name in DOUBTS)


def doubts(example: Example) -> list[Finding]:
    """What the checks find in a row, each defect once for a field."""
    draft = Draft(
        "sample",
        instruction=example.instruction,
        input=example.input,
        output=example.output,
        system=example.system,
    )
    return [finding for each in _CHECKS for finding in each(draft, {})]
