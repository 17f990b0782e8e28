"""Characters that no editor shows and no database keeps: NUL, other controls, lone surrogates, tag characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed, texts_of
from generation.types import N_, Draft, Finding

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\U000e0000-\U000e007f]")


class ControlCharacters:
    """Drops a draft with a control character anywhere in its texts; tab and line ends are text."""

    name = "control_characters"
    title = N_("No control characters")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`control_characters` with the first field that holds one, the first code point there, and its places."""
        for field, text in texts_of(draft):
            # What prints has none, and that is told several times as fast.
            found = None if text.isprintable() else _CONTROL.search(text)
            if found:
                spans = (each.span() for each in _CONTROL.finditer(text))
                point = f"U+{ord(found[0]):04X}"
                code = "control_characters"
                return [placed(self.name, code, field=field, spans=spans, drop=True, code_point=point)]
        return []


CHECK = ControlCharacters()
