"""What a text is compared by: its words, and for Chinese, Japanese and Korean the pairs of neighbouring characters."""

from __future__ import annotations

import re

from generation.quality.text import CJK, comparison_key

_RUN = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
_CJK = re.compile(f"[{CJK}]")


def terms(text: str) -> list[str]:
    """Words and pairs of neighbouring CJK characters in order, repeated ones too; a lone CJK character is a term."""
    runs: list[str] = _RUN.findall(comparison_key(text))
    if text.isascii():
        return runs
    found: list[str] = []
    for run in runs:
        if len(run) < 2 or not _CJK.match(run):
            found.append(run)
        else:
            found.extend([run[at : at + 2] for at in range(len(run) - 1)])
    return found
