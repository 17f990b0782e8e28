"""Signs that a web page escaped: &amp; and its like, left over in plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.types import N_, Draft, Finding

_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_MARKUP = re.compile(r"`|</?[a-z][^<>]{0,80}>|\bhtml\b|\bxml\b|entit|转义|实体", re.IGNORECASE)


class HtmlEntities:
    """Points at an escaped sign in a text that has nothing to do with markup."""

    name = "html_entities"
    title = N_("No left-over HTML escapes")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`html_entities` with the field and the first one found."""
        fields = ("instruction", "input", "output")
        if any(_MARKUP.search(getattr(draft, field)) for field in fields):
            return []
        found = ((field, _ENTITY.search(getattr(draft, field))) for field in fields)
        return [
            Finding(self.name, "html_entities", detail={"field": field, "found": entity[0]})
            for field, entity in found
            if entity
        ]


CHECK = HtmlEntities()
