"""Words that ask for sound, film or diagrams: what the Alpaca project added to Self-Instruct's list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import key_spans, placed
from generation.types import N_, Draft, Finding

_ENGLISH = re.compile(r"(?<![\w-])(videos?|audio|music|flowcharts?|diagrams?)(?![\w-])")
_CHINESE = re.compile("(?<!电)视频|音频|录音(?![棚师])|音乐(?![家人会剧学节厅系史老教])|流程图|示意图|框图")
"""A musician (音乐家) or a concert (音乐会) is no music, as "musician" is not."""


class BlockedMedia:
    """Drops an instruction that holds one of the words, whole and in any case."""

    name = "blocked_media"
    title = N_("No words about sound, film or diagrams")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`blocked_word` with the first word and every place."""
        word, spans = key_spans(draft.instruction, _ENGLISH, _CHINESE)
        if not word:
            return []
        return [placed(self.name, "blocked_word", field="instruction", spans=spans, drop=True, word=word)]


CHECK = BlockedMedia()
