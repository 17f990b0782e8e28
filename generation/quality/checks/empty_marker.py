"""Markers that say that there is no input, where nothing should stand (a known defect of the released Alpaca set)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed, whole
from generation.types import N_, Draft, Finding

_MARKER = re.compile(
    r"[<\[(（【]?\s*(?:no[\s_-]*(?:additional |further |specific )?(?:inputs?|texts?|context|passage|data|content)"
    r"(?:\s+(?:is\s+|was\s+)?"
    r"(?:required|needed|provided|necessary|given))?|none|null|nil|n\s*/\s*a|not\s+applicable|input|"
    r"(?:此处|这里)?(?:无需?|没有|不需要|无须|不需|未提供)(?:额外|其他)?(?:的?输入)?|不适用|暂无|空|nan|"
    r"undefined)\s*[>\])）】]?\s*[.。]?",
    re.IGNORECASE,
)
_WORD = re.compile(r"造句|[词字]|\bwords?\b|\bterm\b", re.IGNORECASE)
"""Tasks about a word, which may be any."""
_HINTS = ("<", "[", "【", "nput", "NPUT", "输入")
_INSIDE = re.compile(
    r"<\s*no[\s_-]?(?:input|output)s?\s*>|[<\[【]\s*无输[入出]\s*[>\]】]|"
    r"(?:^|\n)\s*(?:#{1,4}\s*)?(?:input|输入)\s*[:：]\s*(?:none|n/a|null|无|没有)\s*[.。]?\s*(?:\n|\Z)",
    re.IGNORECASE,
)


class EmptyMarker:
    """Points at an input that is a marker for none, and at such markers left inside the other texts. Never drops."""

    name = "empty_marker"
    title = N_("No markers for an empty input")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`empty_marker` with the field and its places."""
        findings = []
        for field in ("instruction", "input", "output"):
            text: str = getattr(draft, field)
            spans = []
            if (
                field == "input"
                and len(text) < 60
                and not _WORD.search(draft.instruction)
                and _MARKER.fullmatch(text.strip())
            ):
                spans = whole(text)
            elif any(map(text.__contains__, _HINTS)):
                spans = [found.span() for found in _INSIDE.finditer(text)]
            if spans:
                findings.append(placed(self.name, "empty_marker", field=field, spans=spans))
        return findings


CHECK = EmptyMarker()
