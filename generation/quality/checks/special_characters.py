"""Texts full of signs (data-juicer: at most a quarter; the punctuation of prose is no sign here)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.cues import asks_for_prose, outside_fences, works_something_out
from generation.quality.places import exchanges_of, placed, whole
from generation.quality.shares import letter_count, mostly_ideographs, shown_count, sign_share
from generation.types import N_, Draft, Finding

_STRESSED = re.compile(r"\*{1,2}(\w[^*\n]{0,200})\*{1,2}")
"""What Markdown prints bold or italic."""
_RULE = re.compile(r"^[ \t]*[|:+=-][|:+= \t-]*$", re.MULTILINE)
"""A line that is drawn: under a heading, in a table."""
_LEAST = 12


class SpecialCharacters:
    """Points at an answer more than `max_signs` of whose characters are signs. Never drops."""

    name = "special_characters"
    title = N_("Not full of signs")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`many_signs` with the share in per cent; code blocks and tasks about figures, code or signs pass."""
        most = settings.get("max_signs", 0.25)
        findings = []
        for field, question, text in exchanges_of(draft):
            if len(text) < _LEAST or (not text.isascii() and mostly_ideographs(text)):
                continue
            if letter_count(text) >= (1 - most) * len(text):
                continue
            prose = _RULE.sub("", _STRESSED.sub(r"\1", outside_fences(text)))
            share = sign_share(prose) if shown_count(prose) >= _LEAST else 0.0
            if share <= most or works_something_out(text):
                continue
            if asks_for_prose(f"{question}\n{draft.input[:500]}"):
                percent = round(100 * share)
                findings.append(placed(self.name, "many_signs", field=field, spans=whole(text), percent=percent))
        return findings


CHECK = SpecialCharacters()
