"""A score that a judge wrote on its last line: read on its declared scale, never guessed and never rescaled."""

from __future__ import annotations

import re

_SCORE = re.compile(
    r"(?:\bscore|评分|得分|分数|打分)\s*\**\s*[:：=]\s*\**\s*(-?\d+(?:\.\d+)?)(?![\d.])(\s*/\s*\d+)?", re.IGNORECASE
)
_MOST_DIGITS = 30


def last_score(text: str, *, low: int, high: int) -> int | None:
    """The whole number of the last `Score: n` ("评分：n"); None when there is none or it is off the scale.

    "8/10" is read where the scale ends at 10 and refused otherwise.
    """
    found = _SCORE.findall(text)
    if not found:
        return None
    if max(map(len, found[-1])) > _MOST_DIGITS:  # no scale is as long, and no number either can be
        return None
    value, out_of = float(found[-1][0]), found[-1][1]
    if out_of and int(out_of.strip(" /\t\n")) != high:
        return None
    return int(value) if value == int(value) and low <= value <= high else None
