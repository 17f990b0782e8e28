"""Texts in capitals (the sources' filter: at most seven letters in ten; only letters that have a case count)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.cues import asks_for_capitals, outside_fences
from generation.quality.places import placed, texts_of, whole
from generation.quality.shares import capital_share
from generation.quality.text import has_cjk
from generation.types import N_, Draft, Finding

_NOT_CAPITALS = bytes(byte for byte in range(256) if not 65 <= byte <= 90)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_FORMULA = re.compile(r"[A-Za-z]{0,2}[\d_()^]*(?: ?[-+*/=<>] ?[A-Za-z]{0,2}[\d_()^]+)+|\b[A-Z]{1,2}\d+\b")
_BETWEEN = re.compile(r"[,，、;；/|\n\t]+")
_ITEMS = 3
"""A list of so many words that stand alone is one of short forms or figures."""
_LEAST = 20
"""Shorter texts are names, codes and abbreviations."""


class ManyCapitals:
    """Points at a text more than `max_capitals` of whose cased letters are capitals. Never drops."""

    name = "many_capitals"
    title = N_("Not in capitals")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`many_capitals` with the share in per cent; tasks about capitals, abbreviations and codes pass."""
        most = settings.get("max_capitals", 0.7)
        found = [
            (field, text, share)
            for field, text in texts_of(draft)
            if len(text) >= _LEAST and _has_capitals(text) and (share := _share(text)) > most
        ]
        if not found or asks_for_capitals(draft.instruction):
            return []
        return [
            placed(self.name, "many_capitals", field=field, spans=whole(text), percent=round(100 * share))
            for field, text, share in found
        ]


def _has_capitals(text: str) -> bool:
    """Whether there are enough of them to make a share, by a count of those of ASCII; other alphabets are looked at."""
    capitals = len(text.encode("utf-8", "replace").translate(None, _NOT_CAPITALS))
    return capitals * 2 > _LEAST or not (text.isascii() or has_cjk(text))


def _share(text: str) -> float:
    """The share of capitals, 0 where too few letters have a case or most of the text has none."""
    share = capital_share(text)
    if share <= 0.5:
        return 0.0
    prose = _FORMULA.sub(" ", _ADDRESS.sub(" ", outside_fences(text)))
    items = [item.split() for item in _BETWEEN.split(prose) if item.strip()]
    if len(items) >= _ITEMS and sum(len(item) < 2 for item in items) >= 0.8 * len(items):
        return 0.0
    cased = sum(character.isupper() or character.islower() for character in prose)
    uncased = sum(character.isalpha() for character in prose) - cased
    return capital_share(prose) if cased >= _LEAST and cased > uncased else 0.0


CHECK = ManyCapitals()
