"""Tasks that want code and answers that hold none (a known defect of the released Alpaca set)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed, whole
from generation.types import N_, Draft, Finding

_LANGUAGES = (
    r"python|java|javascript|typescript|c\+\+|c#|ruby|php|sql|mysql|html|css|bash|shell|swift|kotlin|rust|golang|"
    r"perl|matlab|scala|regex|jquery|react|assembly"
)
_THINGS = r"(?:function|program|script|code|class|method|query|snippet|statement)s?"
_ASKED = re.compile(
    r"(?:^|[.!?:;,\n]\s{0,3}|\b(?:please|you|to|and|me)\s)(?:write|create|implement|generate|build|construct|develop|"
    r"code|program|provide|give me|produce|compose)\b[^.\n]{0,50}?\b(?:"
    rf"(?:{_LANGUAGES})[\w -]{{0,30}}\b(?:{_THINGS}|pages?|expression)\b|"
    rf"{_THINGS}\b[^.\n]{{0,40}}\bin (?:{_LANGUAGES})\b|"
    r"(?:function|method|script|code|program|class)s? (?:that|to|which|snippet|called|named)\b|"
    r"(?:sql query|regular expression|code snippet))"
    r"|(?:编写|写出?|实现|编一)[^。，\n]{0,24}?程序|用\s?(?:Python|Java|C\+\+|C语言|C|Go|JavaScript|SQL|PHP|"
    r"Ruby|HTML)\s?"
    r"(?:语言)?(?:编写|写|实现|编程)|(?:编写|写出?|实现|编一|给出|生成|创建|设计)[^。，\n]{0,24}?"
    r"(?:函数|代码|脚本|查询语句|SQL|正则表达式|正则|类(?=，|。|$|来))",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:pseudo ?-?code|code of|dress code|promo|essay|story|poem|article|blog|summary|explain|describe|"
    r"description|"
    r"tv|television|radio|fitness|exercise|workout|training program|loyalty|degree|school|movie|film|play|dialogue|"
    r"email|letter|festival|concert|morse|zip|postal|discount code|qr|barcode|title|name for|outline|test cases?|"
    r"documentation|comments?|body|event|graduate|class (?:on|about|schedule)|speech|report|policy|rewards?|"
    r"volunteer|mentor\w*|"
    r"(?:baking|cooking|yoga|dance|art|music|language|swim\w*) (?:class|course|lesson|camp)|workshop|"
    r"recycling|diet|nutrition|wellness|charity|awareness)\b"
    r"|伪代码|解释|描述|说明|作文|故事|文章|剧本|节目|小程序的|介绍|简介|方案|计划|活动|课程|培训|公式|解析式|"
    r"[一二]次函数|(?:指|对|三角|反比例)数?函数|函数的?(?:定义|作用|概念|性质|定义域|值域|图[像象]|单调|极值|"
    r"最值|零点|导数|周期|奇偶)|行为准则|测试用例|"
    r"注释|聊天|对话|电话|电影|销售|演讲|客服|视频|短片|应用程序|程序员|起名|的名[称字]$|法律|申请|办理|手续|流程",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"```|[{};=<>\\|`]|\w\(|\w\[|\b(?:print|echo|puts) [\"']|\blambda\b|^[ \t]*[#/.*$^]|\[[^\]\n]{1,60}\][+*?]|"
    r"\b(?:def|return|select|import|function|class|var|let|const)\b\s+[\w*\"'(]+[^\n]{0,120}(?:\n|[(:;*,]|\bfrom\b)",
    re.IGNORECASE | re.MULTILINE,
)
_CHEAP = (
    "function", "program", "script", "code", "class", "method", "query", "regular", "snippet", "statement", "page",
    "函数", "代码", "脚本", "程序", "查询", "正则", "类", "用",
)  # fmt: skip


class MissingCode:
    """Points at an answer without a sign of code where the task is to write some. Never drops."""

    name = "missing_code"
    title = N_("Code where code was asked for")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`missing_code` over the whole output."""
        asked = draft.instruction[:2000]
        if not draft.output.strip() or not _may_ask(asked) or not _ASKED.search(asked) or _OTHER.search(asked):
            return []
        if _CODE.search(draft.output[:20_000]):
            return []
        return [placed(self.name, "missing_code", field="output", spans=whole(draft.output))]


def _may_ask(asked: str) -> bool:
    text = asked.lower()
    return any(word in text for word in _CHEAP)


CHECK = MissingCode()
