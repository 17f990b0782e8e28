"""What a teacher's correction says: an analysis, and the response as it should read."""

from __future__ import annotations

import re

_MARKER = re.compile(
    r"^[ \t#*>]*(?:revised[ \t]+response|修改后的回答|修订后的回答|修改后的回复)[ \t]*\**[ \t]*[:：][ \t]*\**[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_FENCE = re.compile(r"\A(`{3,})[ \t]*\w*[ \t]*\n(.*?)\n?\1\s*\Z", re.DOTALL)


def revised(reply: str, *, before: str) -> str:
    """What follows the last marker, out of the fence that the prompt showed it in; "" where there is no marker.

    A fence that was part of the response before stays.
    """
    parts = _MARKER.split(reply)
    if len(parts) < 2:
        return ""
    text = parts[-1].strip()
    inside = _FENCE.match(text)
    return inside[2].strip() if inside and not before.lstrip().startswith("```") else text
