"""Characters that no editor shows and no database keeps: NUL, other controls, lone surrogates, tag characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.types import N_, Draft, Finding

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\U000e0000-\U000e007f]")


class ControlCharacters:
    """Drops a draft with a control character anywhere in its texts; tab and line ends are text."""

    name = "control_characters"
    title = N_("No control characters")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`control_characters` with the field and the first code point found there."""
        for field in ("instruction", "input", "output", "system"):
            found = _CONTROL.search(getattr(draft, field))
            if found:
                detail = {"field": field, "code_point": f"U+{ord(found[0]):04X}"}
                return [Finding(self.name, "control_characters", drop=True, detail=detail)]
        return []


CHECK = ControlCharacters()
