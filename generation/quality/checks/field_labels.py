"""Labels of the fields left in their texts: "Output: ..." in an output, "输入：" in an input, "### Response" inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed
from generation.types import N_, Draft, Finding

_NUMBER = r"(?:\d{1,3}\s?[.、)]\s?)?(?:#{1,4}\s?)?(?:\*\*|【)?"
_OWN = {
    "instruction": "instruction|task instruction|指令|任务指令",
    "input": "input|输入|输入内容|输入文本",
    "output": "output|response|expected output|model output|输出|输出结果|回复|模型输出",
}
_FRONT = {
    field: re.compile(
        rf"\s{{0,20}}{_NUMBER}(?:{words})(?:\*\*)?(?:\s?[:：]|\s[-–—]\s|(?=】))\s?(?:\*\*|】)?", re.IGNORECASE
    )
    for field, words in _OWN.items()
}
_INSIDE = re.compile(
    r"^#{2,4} ?(?:Instruction|Input|Response|Output|指令|输入|输出|回复|回答|答案)(?!\w) ?[:：]?", re.MULTILINE
)
_COUNTERPART = {
    "input": re.compile(r"\n\s{0,20}(?:expected |sample )?output|\n\s{0,20}输出", re.IGNORECASE),
    "output": re.compile(r"(?:^|\n)\s{0,20}(?:sample )?input\s?[:：]|(?:^|\n)\s{0,20}输入\s?[:：]", re.IGNORECASE),
}
"""A text with both labels shows an example, in which they belong."""


class FieldLabels:
    """Points at a field's own label at its front and at headings of the training prompt inside. Never drops."""

    name = "field_labels"
    title = N_("No labels of fields in the texts")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`field_label` with the field and its places."""
        findings = []
        for field, front in _FRONT.items():
            text: str = getattr(draft, field)
            found = front.match(text)
            spans = [found.span()] if found and not _shows_an_example(field, text) else []
            if "##" in text:
                spans += [each.span() for each in _INSIDE.finditer(text) if not spans or each.start() >= spans[0][1]]
            if spans:
                findings.append(placed(self.name, "field_label", field=field, spans=spans))
        return findings


def _shows_an_example(field: str, text: str) -> bool:
    return field in _COUNTERPART and _COUNTERPART[field].search(text) is not None


CHECK = FieldLabels()
