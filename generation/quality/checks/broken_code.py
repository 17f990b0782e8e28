"""Blocks of code that do not parse: Python, JSON, and the tags of XML and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from generation.quality.parsing import fault_of
from generation.quality.places import answers_of, placed
from generation.types import N_, Draft, Finding

_FENCE = re.compile(r"^ {0,3}(```+)[ \t]*([A-Za-z0-9+#_-]{0,20})[^\n]*$", re.MULTILINE)
_JSON = re.compile(r"(?<![a-z])json(?![a-z])", re.IGNORECASE)
_NAMES = {
    "python": "python", "py": "python", "python3": "python", "json": "json", "xml": "xml", "svg": "xml", "html": "html",
}  # fmt: skip
_MOST_BLOCKS = 20
_LARGEST = 20_000
"""Characters of a block that is parsed; larger ones pass unseen."""


class BrokenCode:
    """Points at the line at which a block of code stops making sense; sketches with gaps pass. Never drops."""

    name = "broken_code"
    title = N_("Code parses")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`broken_code` for each answer, with the language of the first such block and the faulty line of each."""
        findings = []
        for field, text in answers_of(draft):
            faults = []
            for name, start, end in islice(_blocks(text), _MOST_BLOCKS) if "```" in text else ():
                at = fault_of(name, text[start:end]) if end - start <= _LARGEST else None
                if at is not None:
                    faults.append((name, _line(text, start + at, end)))
            if "```" not in text and text[:1] in "{[" and len(text) <= _LARGEST and _JSON.search(draft.instruction):
                at = fault_of("json", text)
                faults += [("json", _line(text, at, len(text)))] if at is not None else []
            if faults:
                spans = [span for _, span in faults]
                findings.append(placed(self.name, "broken_code", field=field, spans=spans, language=faults[0][0]))
        return findings


def _blocks(text: str) -> Iterator[tuple[str, int, int]]:
    """The closed blocks of a language that we read: its name, and where the code starts and ends."""
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif not fence[2] and len(fence[1]) >= len(opened[1]):
            name = _NAMES.get(opened[2].lower(), "")
            if name and opened.end() + 1 < fence.start():
                yield name, opened.end() + 1, fence.start()
            opened = None


def _line(text: str, at: int, end: int) -> tuple[int, int]:
    """The line around a place, at least one character of it."""
    at = min(at, end - 1)
    start = text.rfind("\n", 0, at) + 1
    stop = text.find("\n", at)
    return (start, stop) if stop > start else (max(0, at - 1), at + 1)


CHECK = BrokenCode()
