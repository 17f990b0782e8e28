"""The ways in which models say that a task has no input."""

from __future__ import annotations

import re

MARKER = "<noinput>"
_FORMS = re.compile(
    r"[<(（\[]?\s*(no\s*[-_]?\s*input(\s+(is\s+)?(needed|required))?|none|n/?a|无|无输入|无需输入|不需要输入|没有输入)\s*[>)）\]]?\s*[.。]?",
    re.IGNORECASE,
)


def plain_input(text: str) -> str:
    """The input without blanks around it; "" where it only says that there is none."""
    plain = text.strip()
    return "" if _FORMS.fullmatch(plain) else plain
