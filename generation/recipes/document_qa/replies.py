"""What a model said about a passage, taken apart and held against it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.documents.quotes import find_quote, is_telling
from generation.quality.checks.refusal import is_refusal
from generation.quality.text import comparison_key
from generation.recipes.json_replies import NoJSONError, records
from generation.types import Span

_POINTS_AT_TEXT = re.compile(
    r"\b(?:according to|based on|as (?:stated|described|mentioned|given|shown) (?:in|by)|in|from|by|does|do|of|is|was)"
    r" (?:the|this|that|these|those|your) (?:\w+ )?(?:passage|text|article|excerpt|paragraph|document|extract|section"
    r"|author|material|context|report|table|figure|chapter|list)s?\b(?! of\b)"
    r"|\b(?:above|below)(?:-mentioned| mentioned)|\bmentioned (?:above|below|here|earlier)\b"
    r"|\bthe (?:passage|excerpt|paragraph|extract)\b|^(?:this|these|that|those|it|he|she|they)\b",
    re.IGNORECASE,
)
_POINTS_AT_TEXT_ZH = re.compile(
    r"(?:根据|依据|按照|按|结合|阅读|从|在|请用|用)(?:上面|上述|以上|下面|下列|以下|本|该|这[段篇个份]?|文中|此)?的?"
    r"(?:这[段篇个份])?(?:文章|文本|文段|段落|短文|材料|文档|原文|文中|内容|资料|选段|节选|章节|上下文|图表|表格)"
    r"|(?:本文|文中|文章中|原文|上文|下文|前文|上述|这段话|这篇文章|该文|作者在文|材料中|文档中|段落中)"
    r"|^(?:它|他|她)(?![人国乡])|^(?:这|那|其|此|该)(?:个|些|种|是|中|有|项|类)"
)
_SAYS_NOT = re.compile(
    r"\b(?:passage|text|document|article|it|context|excerpt)\b[^.]{0,60}\b(?:not|no|never|nothing)\b"
    r"|\b(?:does|do|is|are|was|were|has|have|can)(?:n't| not|not)\b[^.]{0,40}"
    r"\b(?:say|state|mention|give|specif\w+|provid\w+|include|tell|indicat\w+|be (?:answered|determined|found|known))"
    r"|\bno (?:information|mention|answer|indication|details?)\b|\bcannot be (?:answered|determined|known|found)\b",
    re.IGNORECASE,
)
_SAYS_NOT_ZH = re.compile(
    r"(?:没有|未|并未|没)(?:有)?(?:明确)?(?:提到|提及|说明|给出|提供|涉及|指出|写明|交代|介绍|说|记载|相关)"
    r"|无法(?:从|由|根据|得知|确定|判断|回答)|不(?:能|足以)(?:从|由|得出|回答|确定|判断)|找不到"
)
_VERDICTS = {
    "yes": True, "true": True, "是": True, "是的": True, "对": True, "能": True, "可以": True,
    "no": False, "false": False, "否": False, "不是": False, "不能": False, "不可以": False, "不对": False,
}  # fmt: skip
_OPENS = re.compile(rf"\W*({'|'.join(sorted(_VERDICTS, key=len, reverse=True))})(?!\w)", re.IGNORECASE)


def pairs_in(value: Any) -> list[dict[str, str]]:
    """The questions of a reply with their texts; `NoJSONError` where a list of objects is none of questions."""
    found = [
        {name: str(each.get(name) or "").strip() for name in ("type", "question", "answer", "quote")}
        for each in records(value)
    ]
    if not any(each["question"] for each in found):
        raise NoJSONError('a list of objects with "question", "answer" and "quote" is wanted')
    return found


def objection(pair: Mapping[str, str], *, kind: str, alone: bool) -> str:
    """The reason to drop a question for what it says itself, "" when there is none. `alone` says that nobody who reads
    the question sees the passage."""
    if not pair["question"] or not pair["answer"]:
        return "missing_field"
    if alone and points_at_text(pair["question"]):
        return "not_self_contained"
    if is_refusal(pair["answer"]):
        return "refusal"
    if kind == "unanswerable":
        return "" if says_not(pair["answer"]) else "answers_the_unanswerable"
    if not pair["quote"]:
        return "quote_missing"
    return "" if is_telling(pair["quote"]) else "quote_too_short"


def points_at_text(question: str) -> bool:
    """Whether a question leans on a text that is not part of it ("according to the passage", "文中", "It ...")."""
    text = question.strip()
    return _POINTS_AT_TEXT.search(text) is not None or _POINTS_AT_TEXT_ZH.search(text) is not None


def says_not(answer: str) -> bool:
    """Whether an answer says that the passage does not tell."""
    return _SAYS_NOT.search(answer.replace("’", "'")) is not None or _SAYS_NOT_ZH.search(answer) is not None


def span_of(quote: str, passage: str, *, document: int, start: int) -> Span | None:
    """Where in the document the quote stands; the passage begins at `start`."""
    found = find_quote(passage, quote)
    return Span(document, start + found[0], start + found[1]) if found else None


def same_question(question: str) -> str:
    """What two questions have in common when they are the same one."""
    return re.sub(r"\W+", "", comparison_key(question))


def verdict(text: str) -> bool | None:
    """What a yes-or-no answer opens with; None when it is neither."""
    found = _OPENS.match(text.strip())
    return _VERDICTS[found[1].lower()] if found else None
