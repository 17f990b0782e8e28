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
        r"(?:text|passage|paragraph|article|sentence|story|poem|email|letter|review|conversation|data|table|list|item|"
        r"excerpt|statement|phrase|quote|tweet|document|dialogue|scenario|report|essay|speech|headline|recipe|"
        r"equation)s?",
        r"(?:文本|文字|段落|文章|句子|短文|故事|诗|邮件|评论|对话|数据|表格|列表|材料|新闻|物品|词语|短语|单词|"
        r"陈述|话(?!题)|语句|文档|信息(?!时代)|场景)",
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
_ASKING = (
    "(?:请问?|帮我|请?你)?(?:解释|描述|总结|评[价估]|确定|告诉|编辑|分析|识别|判断|改写|翻译|重写|概括|"
    "为|给|把|将|对|找出|建议|列出|阅读|比较|说明|回答)"
)
_ONE_ZH = (
    "(?:这[张幅首篇段句本条份封组家则道]|这个(?!世界|星期|周|月|年|时代|季节|[春夏秋冬早晚]|假期|社会|领域|行业|"
    "国家|城市|过程|时候|概念|地方|宇宙|星球|"
    "学期|节日|暑假|寒假|时刻|阶段|问题|方法|词|天气|行为|习惯))(?!关于)[\u4e00-\u9fff]"
)
_ANYTHING = (
    # A pointing word and whatever it points at, if nothing follows.
    re.compile(
        r"\bthe (?:following|attached|provided|given|above|below) (?!(?:names?|days?|weeks?|months?|years?|morning|"
        r"evening|night|time)\b)\w+|\bthe \w+ (?:below|above|attached)\b(?! (?:the|an?|zero|sea|\d|average|freezing|"
        r"ground|water|it|this|that|which|us|them|your|my|normal|all)\b)|"
        r"\b(?:given|contained|described|mentioned|presented|stated) in the "
        r"(?:passage|text|paragraph|excerpt|article|document|report)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\d岁元度级名分米克斤平准点线%％百千万])(?:以下|下列|下述)(?!简称|方法论)|"
        r"(?:对|将|把|从|据|为|用|确定|判断|选择|分析|识别|总结|概括|比较|翻译|改写|编辑|重写|修改|检查|阅读|"
        r"解释|描述|评[估价]|列出|按照|基于|关于)"
        r"(?:所给定?|给定|所提供|给出)的?(?![你您我一])|"
        rf"^{_ASKING}[\u4e00-\u9fff]{{0,12}}?{_ONE_ZH}|^[\u4e00-\u9fff]{{0,4}}?{_ONE_ZH}(?=[^。！]*[？?]$)"
    ),
)
_ANY_ENGLISH = re.compile("|".join([*(each.pattern for each in _ENGLISH.values()), _ANYTHING[0].pattern]))
"""For lower-case text, in which looking is twice as fast as without regard to case."""
_ANY_CHINESE = re.compile("|".join([*(each.pattern for each in _CHINESE.values()), _ANYTHING[1].pattern]))
_HINTS = (
    "this", "these", "follow", "below", "above", "attach", "provided", "given", "shown", " in the ", "watch", "listen",
    "look", "view", "see ", "open", "read", "check", "rewrite", "rephrase", "reword", "summar", "translat",
    "paraphrase", "shorten", "edit",
)  # fmt: skip
_HINT_ZH = re.compile("[下上这附]|给[定出]|所[给提]|提供")
"""Without any of these no pattern matches: most tasks are done."""
_ADDRESS = re.compile(r"https?://|www\.\w", re.IGNORECASE)
_LONGEST = 120
"""Characters of a task that may be nothing but a task; longer ones hold what they speak of."""
_BUILDS = re.compile(
    r"\b(?:function|program|code|script|algorithm|class|method|query|sql|regex|system|app)\b"
    r"|函数|程序|代码|算法|脚本|系统|模型|查询|编写|实现",
    re.IGNORECASE,
)
"""What is made works on whatever it is given."""
_MEDIA = re.compile(r"<(?:image|video|audio)>|!\[[^\]]*\]\(|data:image/|<img\b|<svg\b", re.IGNORECASE)
_CODE = re.compile(r"[`{};=]|\w\(|\bselect\b.+\bfrom\b", re.IGNORECASE | re.DOTALL)
_ASKED_OF_IT = re.compile(
    r"^[^:：.。\n]*?(?:\band|并|然后|再|[,，])[^:：.。\n]{0,20}(?:answer|回答)[^:：.。\n]{0,30}[:：][^.。\n]*[?？]$"
)
"""A question about the text, which is not the text."""
_FOLLOWS = re.compile(
    r"[:：\n\"“「『《—、$\\]\s*\S|[A-Za-z_]{2}(?=[^A-Za-z_\u4e00-\u9fff]*+[\u4e00-\u9fff])|[\u4e00-\u9fff]\s?[A-Za-z_]{2}"
)
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
            short = len(asked) <= 2 * _LONGEST
            return [self._found("web", draft, address)] if alone and short and _FETCH.search(asked) else []
        for kind in _THINGS:
            said = _ENGLISH[kind].search(asked) or _CHINESE[kind].search(asked)
            if said and not _is_there(kind, draft, before=asked[: said.start()], after=asked[said.end() :]):
                return [self._found(kind, draft, said)]
        said = _pointed(draft)
        return [self._found("passage", draft, said)] if said else []

    def _found(self, kind: str, draft: Draft, said: re.Match[str]) -> Finding:
        """The place in the instruction, or in the input that stands behind it."""
        behind = said.start() - len(draft.instruction) - 1
        field, start = ("instruction", said.start()) if behind < 0 else ("input", behind)
        spans = [(start, start + len(said[0]))]
        return placed(self.name, "missing_reference", field=field, spans=spans, missing=kind)


def _may_point(asked: str) -> bool:
    """Whether the words of any kind are there: most instructions hold none, and are done."""
    if not asked.isascii() and _HINT_ZH.search(asked) and _ANY_CHINESE.search(asked):
        return True
    text = asked.lower()
    return any(map(text.__contains__, _HINTS)) and _ANY_ENGLISH.search(text) is not None


def _pointed(draft: Draft) -> re.Match[str] | None:
    """Words of a short task that point at something, of whatever kind, behind which nothing comes."""
    asked = draft.instruction
    if len(asked) > _LONGEST or draft.input.strip() or _MEDIA.search(asked) or _BUILDS.search(asked):
        return None
    for pattern in _ANYTHING:
        said = pattern.search(asked)
        if said and not _is_there("passage", draft, before=asked[: said.start()], after=asked[said.end() :]):
            return said
    return None


def _is_there(kind: str, draft: Draft, *, before: str, after: str) -> bool:
    """Whether the thing, or at least some text in its place, is in the row."""
    given = f"{draft.instruction}\n{draft.input}"
    if len(before) > _LONGEST and kind != "link":
        return True
    if kind == "picture":
        return _MEDIA.search(given) is not None or bool(draft.input.strip())
    if kind == "link":
        return False
    if kind == "code":
        return bool(draft.input.strip()) or _CODE.search(given) is not None
    if "给定" in draft.instruction and _BUILDS.search(draft.instruction):
        return True
    after = _ASKED_OF_IT.sub("", after).rstrip()
    said = _FOLLOWS.search(after) or _SENTENCE.search(after) or _BEFORE.search(before)
    return bool(draft.input.strip()) or said is not None


CHECK = MissingReference()
