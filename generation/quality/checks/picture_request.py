"""Tasks that ask for a picture, a sound or a film, which no text answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed, questions_of
from generation.types import N_, Draft, Finding

_ASKED = re.compile(
    r"\b(?:draw|sketch|paint|generate|create|make|produce|design|render|take)\b[^.\n]{0,40}?"
    r"\b(?:image|picture|photo|photograph|drawing|illustration|diagram|flow ?chart|poster|logo|video|animation|"
    r"audio|painting)s?\b"
    r"|(?:^|[.!?\n]\s?|\b(?:please|you|to) )(?:show|give|send) me (?:an? |some |the |another )?(?:\w+ ){0,2}?"
    r"(?:image|picture|photo|photograph|drawing|illustration|painting|video)s?\b(?! (?:to|prompt|caption|title))"
    r"|^(?:please )?(?:draw|sketch|paint|doodle) (?:me )?(?:an?|the|some|two|three)\b"
    r"(?! (?:\w+ )?(?:conclusions?|comparisons?|distinctions?|parallels?|lines?|inferences?|lessons?|cards?|"
    r"analog\w+|numbers?|table|"
    r"attention|from)\b)|^(?:please )?record (?:me )?an? [^.\n]{0,30}\b(?:jingle|song|message|voice\w*|melody|"
    r"podcast|tune)\b"
    r"|(?:朗读|录制?|转成|合成)[^。\n]{0,6}(?:音频|语音)|画一?[只条朵棵头匹辆座幅](?!图表)"
    r"|(?:画|绘制|生成|制作|设计|拍|做个|做一|来一|发一|给我看)[^。\n]{0,12}?(?:图片|图像|插图|照片|海报|流程图|"
    r"示意图|视频|动画|音频|一幅画|一张画)",
    re.IGNORECASE,
)
_THING = re.compile(
    "image|picture|photo|drawing|illustration|diagram|chart|poster|logo|video|animation|audio|painting|draw|"
    "sketch|paint|doodle|record|[图画]|照片|海报|视频|音频|语音"
)
"""One of which every such wish names."""
_IN_WORDS = re.compile(
    r"\b(?:describe|description|prompt|caption|title|code|html|css|svg|ascii|latex|python|script|plan|list|"
    r"ideas?|sentence|words?|how (?:do|to|can|should))\b"
    r"|描述|提示词|标题|代码|脚本|文案|方案|思路|造句|如何|怎样|怎么",
    re.IGNORECASE,
)


class PictureRequest:
    """Points at an instruction that wants a picture or a sound rather than words about one."""

    name = "picture_request"
    title = N_("Asks for words, not for pictures")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`picture_request` for each question that asks for one, with the words that say so and their place."""
        return [
            placed(self.name, "picture_request", field=field, spans=[found.span()], words=found[0][:60])
            for field, text in questions_of(draft)
            if _THING.search(text.lower()) and (found := _ASKED.search(text)) and not _IN_WORDS.search(text)
        ]


CHECK = PictureRequest()
