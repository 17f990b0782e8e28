"""The answer against the language that the row declares; the instruction is `language_mismatch`'s."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.cues import names_a_language, prose, speaks_of_latin_words
from generation.quality.language import detect, holds, weights
from generation.quality.latin import latin_language
from generation.quality.places import exchanges_of, placed, whole
from generation.types import N_, Draft, Finding

_COUNTRY = re.compile(
    r"\bsay .{0,40} in |(?:japan|korea|france|germany|spain|italy|russia|greece)\b|日本|韩国|俄罗斯|法国|德国|意大利|"
    r"西班牙|泰国|希腊",
    re.IGNORECASE,
)
"""Countries whose names and dishes are called as they are called there."""
_CODE = re.compile(
    r"\b(?:code|program|script|sql|python|java|html|css|regex|function|query|command|formula|json|xml)\b"
    r"|代码|程序|函数|脚本|编写|查询|正则|命令|公式|缩写|网址|[A-Za-z]{2} ?语言",
    re.IGNORECASE,
)
_LATIN = re.compile(r"[A-Za-z]{3,}(?:\W+[A-Za-z]{2,}){2}")
_LEAST = 12
"""Answers shorter than this are names, labels and formulas as often as not."""
_ENOUGH = 6.0
_NAMES = 60
"""Answers of fewer characters may be names as their country calls them."""
_CLAUSE = re.compile("[\u3400-\u9fff]{2}[，。！？；]")


class DeclaredLanguage:
    """Points at an answer that is plainly in another language than the row's own. Never drops."""

    name = "declared_language"
    title = N_("Answers are in the row's language")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`answer_language` with what was found and what the row says; translations, code and calls of tools pass."""
        if not draft.language or draft.task_type == "translate":
            return []
        findings = []
        for field, question, text in exchanges_of(draft):
            if _plainly(draft.language, text) or not _is_sentence(text):
                continue
            found = _language(text)
            if not found or found == draft.language or _meant(draft, question, text, found):
                continue
            if holds(draft.language, text, least=_ENOUGH) and found not in ("fr", "de", "es", "it", "pt"):
                continue
            spans, wanted = whole(text), draft.language
            findings.append(placed(self.name, "answer_language", field=field, spans=spans, found=found, wanted=wanted))
        return findings


def _plainly(language: str, text: str) -> bool:
    """A cheap test that nearly every row passes."""
    if language == "en":
        return text.isascii() and (" the " in text or " and " in text or " to " in text)
    return language == detect(text) == "zh"


def _is_sentence(text: str) -> bool:
    """Whether a text is more than a name: long enough, or a short Chinese sentence with its punctuation."""
    return len(text) >= _LEAST or (len(text) >= _LEAST / 2 and _CLAUSE.search(text) is not None)


def _language(text: str) -> str:
    said = prose(text)
    found = detect(said)
    if found == "en":
        return latin_language(said) or (found if len(said.split()) > 2 else "")
    return found


def _meant(draft: Draft, question: str, text: str, found: str) -> bool:
    """Whether another language is what the task is about."""
    asked = f"{question}\n{draft.system}" if draft.system else question
    if names_a_language(asked) or (len(text) < _NAMES and _COUNTRY.search(asked)):
        return True
    if found == "en" and "```" not in text and _CODE.search(asked):
        return True
    if found == "en":
        return speaks_of_latin_words(asked) or _LATIN.search(draft.input[:1000]) is not None
    return weights(f"{asked}\n{draft.input[:2000]}").get(found, 0.0) > 0


CHECK = DeclaredLanguage()
