"""Signs that a web page escaped: &amp; and its like, left over in plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.entities import name2codepoint
from typing import Any

from generation.quality.places import placed, texts_of
from generation.types import N_, Draft, Finding

_NAMES = sorted({*name2codepoint, "apos", "AMP", "LT", "GT", "QUOT"})
_ENTITY = re.compile(rf"&(?:{'|'.join(_NAMES)}|#\d{{1,6}}|#[xX][0-9a-fA-F]{{1,5}});")
_MARKUP = re.compile(r"`|</?[a-z][^<>]{0,80}>|(?<![a-z])(?:x?html|xml)(?![a-z])|entit|转义|实体", re.IGNORECASE)


class HtmlEntities:
    """Points at an escaped sign in a text that has nothing to do with markup."""

    name = "html_entities"
    title = N_("No left-over HTML escapes")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`html_entities` for each field that holds some, with the first one and all places."""
        texts = [(field, text) for field, text in texts_of(draft) if field != "system"]
        found = [(field, text, entity) for field, text in texts if "&" in text and (entity := _ENTITY.search(text))]
        if not found or any(_MARKUP.search(text) for _, text in texts):
            return []
        return [
            placed(self.name, "html_entities", field=field, spans=_spans(text), found=entity[0])
            for field, text, entity in found
        ]


def _spans(text: str) -> list[tuple[int, int]]:
    return [each.span() for each in _ENTITY.finditer(text)]


CHECK = HtmlEntities()
