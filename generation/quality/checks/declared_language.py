"""The answer against the language that the row declares; the instruction is `language_mismatch`'s."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.cues import outside_fences, speaks_of_latin_words
from generation.quality.language import detect, weights
from generation.quality.latin import latin_language
from generation.quality.places import answers_of, placed, whole
from generation.types import N_, Draft, Finding

_TRANSLATION = re.compile(
    r"translat|interpret|say .{0,40} in |in (?:english|chinese|mandarin|french|german|spanish|italian|"
    r"portuguese|russian|"
    r"japanese|korean|arabic|latin|hindi)|(?:english|chinese|french|german|spanish|italian|latin|japanese|russian) "
    r"(?:word|phrase|sentence|version|name|idiom|proverb|poem|lyrics|text|equivalent)|翻译|译成|译为|译文|[英中法德俄日韩]文|"
    r"[英汉法德俄日韩]语|西班牙语|阿拉伯语|拼音|日本|韩国|俄罗斯|法国|德国|意大利|西班牙|泰国|希腊",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?:code|program|script|sql|python|java|html|css|regex|function|query|command|formula|json|xml)\b"
    r"|代码|程序|函数|脚本|编写|查询|正则|命令|公式|缩写|网址|[A-Za-z]{2,} ?语言",
    re.IGNORECASE,
)
_LATIN = re.compile(r"[A-Za-z]{3,}(?:\W+[A-Za-z]{2,}){2}")
_INLINE = re.compile(r"`[^`\n]*`|<[^<>\n]*>|https?://\S+")
_LEAST = 12
"""Answers shorter than this are names, labels and formulas as often as not."""
_ENOUGH = 6.0


class DeclaredLanguage:
    """Points at an answer that is plainly in another language than the row's own. Never drops."""

    name = "declared_language"
    title = N_("Answers are in the row's language")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`answer_language` with what was found and what the row says; translations and code pass."""
        if not draft.language or draft.task_type == "translate":
            return []
        findings = []
        for field, text in answers_of(draft):
            if len(text) < _LEAST or _plainly(draft.language, text):
                continue
            found = _language(text)
            if not found or found == draft.language or _meant(draft, found):
                continue
            if weights(text).get(draft.language, 0.0) >= _ENOUGH and found not in ("fr", "de", "es", "it", "pt"):
                continue
            spans, wanted = whole(text), draft.language
            findings.append(placed(self.name, "answer_language", field=field, spans=spans, found=found, wanted=wanted))
        return findings


def _plainly(language: str, text: str) -> bool:
    """A cheap test that nearly every row passes."""
    if language == "en":
        return text.isascii() and (" the " in text or " and " in text or " to " in text)
    return language == detect(text) == "zh"


def _language(text: str) -> str:
    prose = _INLINE.sub(" ", outside_fences(text))
    found = detect(prose)
    if found == "en":
        return latin_language(prose) or (found if prose.count(" ") > 1 else "")
    return found


def _meant(draft: Draft, found: str) -> bool:
    """Whether another language is what the task is about."""
    asked = f"{draft.instruction}\n{draft.system}"
    if _TRANSLATION.search(asked) or (found == "en" and _CODE.search(asked)):
        return True
    if found == "en":
        return speaks_of_latin_words(asked) or _LATIN.search(draft.input[:1000]) is not None
    return weights(f"{asked}\n{draft.input[:2000]}").get(found, 0.0) > 0


CHECK = DeclaredLanguage()
