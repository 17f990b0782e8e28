"""Fences that no text can close: a mark drawn by chance on both sides, and between them one line of JSON."""

from __future__ import annotations

import json
import random
import re

_TURNS = re.compile(r"<(?=[|/｜])|`(?=``)|\[(?=/?(?:INST|SYS)\b)", re.IGNORECASE)
_UNSEEN = re.compile(
    "[\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def json_safe(text: str) -> str:
    """The text as one line of JSON; what cannot be seen and what could open a turn or a fence is escaped."""
    line = json.dumps(text, ensure_ascii=False)
    return _UNSEEN.sub(_escaped, _TURNS.sub(_escaped, line))


def data_fence(text: str, rng: random.Random) -> str:
    """The text as data between two lines that carry the same fresh mark."""
    mark = f"{rng.getrandbits(48):012x}"
    return f"```data {mark}\n{json_safe(text)}\n``` end {mark}"


def _escaped(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-16-be")
    return "".join(f"\\u{raw[at]:02x}{raw[at + 1]:02x}" for at in range(0, len(raw), 2))
