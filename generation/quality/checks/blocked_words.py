"""Words that ask for what a text model cannot do: pictures, files, drawing, going somewhere (Self-Instruct's list)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import key_spans, placed
from generation.types import N_, Draft, Finding

_ENGLISH = re.compile(r"\b(images?|graphs?|pictures?|files?|maps?|draw|plot|go to)\b")
_CHINESE = re.compile("图片|图像|图表|照片|地图|附件|文件夹|上传文件|打开文件|绘制|画出|画一|作图|绘图|前往")


class BlockedWords:
    """Drops an instruction that holds one of the words, whole and in any case."""

    name = "blocked_words"
    title = N_("No words about pictures, files or going places")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`blocked_word` with the first word and every place."""
        word, spans = key_spans(draft.instruction, _ENGLISH, _CHINESE)
        if not word:
            return []
        return [placed(self.name, "blocked_word", field="instruction", spans=spans, drop=True, word=word)]


CHECK = BlockedWords()
