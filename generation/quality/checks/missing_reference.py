"""Tasks about something that was never given: a picture, a link, a passage, code. A known defect of released sets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed
from generation.types import N_, Draft, Finding

_POINTING = r"(?:this|these|the (?:following|attached|given|provided|above|below)|following)"
_BEHIND = r"(?:below|above|attached|provided|given|shown)"
_POINTING_ZH = r"(?:下面|以下|下列|上面|上述|所附|附上|给定|这[张个段篇幅])(?:给出|提供)?的?(?:这?[张个段篇幅])?"
_THINGS = {
    "picture": (
        r"(?:image|picture|photo|photograph|drawing|chart|graph|diagram|map|video|audio|recording)s?",
        r"(?:图片|图像|照片|图表|地图|视频|音频|录音|插图)",
    ),
    "link": (
        r"(?:link|url|web ?site|web ?page|attachment|(?<=attached )(?:file|document|pdf|spreadsheet))s?",
        r"(?:链接|网址|网站|网页|附件)",
    ),
    "code": (r"(?:code|function|snippet|program|script|query)", r"(?:代码|函数|程序|脚本|查询|语句)"),
    "passage": (
        r"(?:text|passage|paragraph|article|sentence|story|poem|email|letter|review|conversation|data|table|list|item)s?",
        r"(?:文本|文字|段落|文章|句子|短文|故事|诗|邮件|评论|对话|数据|表格|列表|材料|新闻|物品|词语|短语)",
    ),
}
_SAID = {  # ways to point at a thing that fit one kind alone
    "picture": (
        r"(?:watch|listen to|look at|view) the (?:video|recording|audio|song|picture|photo|image|clip)",
        "(?<!以)[下上]图(?!案)",
    ),
    "link": (r"(?:see|open|read|check) the attachment", "(?:查看|打开|阅读|根据|参考|参见)附件"),
    "code": ("", ""),
    "passage": (
        r"(?:re(?:write|phrase|word)|summari[sz]e|translate|proofread|paraphrase|shorten|edit)"
        r" the (?:paragraph|passage|text|article|sentence|essay|letter|e-?mail)(?! (?:of|about|from|by|on|in|at)\b)",
        "(?<!以)[下上]表(?!明|示|达|现|演)",
    ),
}


def _english(things: str, said: str) -> re.Pattern[str]:
    ways = [rf"{_POINTING}\b (?:\w+ )?{things}", rf"the {things}(?: \w+)? {_BEHIND}", *filter(None, [said])]
    return re.compile(rf"\b(?:{'|'.join(ways)})\b", re.IGNORECASE)


_ENGLISH = {kind: _english(things, _SAID[kind][0]) for kind, (things, _) in _THINGS.items()}
_CHINESE = {
    kind: re.compile("|".join(filter(None, [_POINTING_ZH + things, _SAID[kind][1]])))
    for kind, (_, things) in _THINGS.items()
}
_ANY_ENGLISH = re.compile("|".join(each.pattern for each in _ENGLISH.values()))
"""For lower-case text, in which looking is twice as fast as without regard to case."""
_ANY_CHINESE = re.compile("|".join(each.pattern for each in _CHINESE.values()))
_LATIN = re.compile("[A-Za-z]{3}")
_ADDRESS = re.compile(r"https?://|www\.\w", re.IGNORECASE)
_MEDIA = re.compile(r"<(?:image|video|audio)>|!\[[^\]]*\]\(|data:image/|<img\b|<svg\b", re.IGNORECASE)
_CODE = re.compile(r"[`{};=]|\w\(|\bselect\b.+\bfrom\b", re.IGNORECASE | re.DOTALL)
_FOLLOWS = re.compile(r"[:：\n\"“「『]\s*\S")
_SENTENCE = re.compile(r"[。！？][^。！？\n]{10,}|(?<=[a-z][.!?] )[^.!?\n]{40,}")
"""A further sentence of some length, which may well be the text itself."""
_BEFORE = re.compile(r"[^。！？\n]{12,200}[。！？]|[^.!?\n]{40,400}[.!?] |[”’」』\"]\s?$")
_FETCH = re.compile(
    r"\b(?:visit|open|browse|fetch|summari[sz]e|read|go to)\b|访问|打开|浏览|总结|概括|阅读", re.IGNORECASE
)


class MissingReference:
    """Points at an instruction that speaks of a thing which neither it nor the input holds."""

    name = "missing_reference"
    title = N_("What the task speaks of is there")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`missing_reference` with what is missing: picture, link, code, passage, or `web` for an address to fetch."""
        asked, given = draft.instruction, f"{draft.instruction}\n{draft.input}"
        if not _may_point(asked) and "www." not in given.lower() and "://" not in given:
            return []
        address = _ADDRESS.search(given)
        if address:
            alone = not draft.input.strip() or _ADDRESS.match(draft.input.strip())
            return [self._found("web", draft, address)] if alone and _FETCH.search(asked) else []
        for kind in _THINGS:
            said = _ENGLISH[kind].search(asked) or _CHINESE[kind].search(asked)
            if said and not _is_there(kind, draft, before=asked[: said.start()], after=asked[said.end() :]):
                return [self._found(kind, draft, said)]
        return []

    def _found(self, kind: str, draft: Draft, said: re.Match[str]) -> Finding:
        """The place in the instruction, or in the input that stands behind it."""
        behind = said.start() - len(draft.instruction) - 1
        field, start = ("instruction", said.start()) if behind < 0 else ("input", behind)
        spans = [(start, start + len(said[0]))]
        return placed(self.name, "missing_reference", field=field, spans=spans, missing=kind)


def _may_point(asked: str) -> bool:
    """Whether the words of any kind are there: most instructions hold none, and are done."""
    if not asked.isascii() and _ANY_CHINESE.search(asked):
        return True
    return (asked.isascii() or _LATIN.search(asked) is not None) and _ANY_ENGLISH.search(asked.lower()) is not None


def _is_there(kind: str, draft: Draft, *, before: str, after: str) -> bool:
    """Whether the thing, or at least some text in its place, is in the row."""
    given = f"{draft.instruction}\n{draft.input}"
    if kind == "picture":
        return _MEDIA.search(given) is not None or bool(draft.input.strip())
    if kind == "link":
        return False
    if kind == "code":
        return bool(draft.input.strip()) or _CODE.search(given) is not None
    said = _FOLLOWS.search(after) or _SENTENCE.search(after) or _BEFORE.search(before)
    return bool(draft.input.strip()) or said is not None


CHECK = MissingReference()
