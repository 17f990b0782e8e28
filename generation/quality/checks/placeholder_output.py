"""Outputs that stand for an answer that was never written: TODO, TBD, N/A, [your answer]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import answers_of, placed, whole
from generation.types import N_, Draft, Finding

_PLACEHOLDER = re.compile(
    r"(todo|tbd)\b(?:\s*[:：,，.。\-–—].*)?|\[[^\[\]\n]*\]|<[^<>\n]*>|n/?a\.?|\.{3,}|…+"
    r"|[（(【]?(?:此处|以下)?(?:待(?:补充|完善|定|填写?|续写?)|省略|略|暂无)[）)】]?[。.]?"
    r"|[（(【][^()（）【】\n]{0,12}(?:待|此处|占位|尚未)[^()（）【】\n]{0,8}(?:补充|填|完善|撰写|生成|内容|"
    r"答案)[^()（）【】\n]{0,6}[）)】]"
    r"|\((?:to be (?:added|written|completed|determined|filled)|insert|your|coming soon|"
    r"placeholder)\b[^()\n]{0,40}\)|coming soon\.?"
    r"|(?:asdf|qwert|zxcv)\w*|x{4,}|lorem ipsum\b.*|此处(?:填写?|插入|补充|添加|输入)\S{0,8}"
    r"|[（(]?(?:答案|内容|过程|解答|原文|全文)从?略[）)]?[。.]?",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\[\s*\]|\[.*[\d,\"'].*\]|<(?!/?[^<>=]*\b(?:your|answer|response|output|text|insert|content|reply|here|"
    r"placeholder)\b)[a-z/!][^<>]*>",
    re.IGNORECASE,
)
"""A whole output in brackets that is data (a list, an element), not a placeholder."""


class PlaceholderOutput:
    """Drops a sample whose whole output is a placeholder."""

    name = "placeholder_output"
    title = N_("Output is not a placeholder")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`placeholder_output` with the text for each answer that is one; only that of the output drops."""
        return [
            placed(
                self.name, "placeholder_output", field=field, spans=whole(text), drop=field == "output",
                output=text.strip()[:80],
            )
            for field, text in answers_of(draft)
            if _PLACEHOLDER.fullmatch(text.strip()) and not _DATA.fullmatch(text.strip())
        ]  # fmt: skip


CHECK = PlaceholderOutput()
