"""Answers that stop before they end: mid-sentence, in an open block of code or bracket, at an empty list item."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.cues import outside_fences
from generation.quality.places import placed
from generation.types import N_, Draft, Finding

Found = tuple[str, int, int]

_FENCE = re.compile(r"^ {0,3}(?:```+|~~~+)", re.MULTILINE)
_ENDS = ".!?。！？:：;；\"'”’」』》)）]】}>*_`|~$%/\\=…"
_NO_END = re.compile(
    r"(?:[,，、;；(（\[【{「『《“‘&]|(?:^|[\s,(])(?:the|an?|and|or|of|to|with|for|from|by|that|which|because|but|as|if|"
    r"is|are|was|were|"
    r"their|your|its|his|my|our|than|into|such|also|will|would|should|can|could|has|have|had|when|while|where|"
    r"who|this|these|they|i)"
    r"|(?:因为|所以|但是|而且|并且|以及|或者|如果|虽然|由于|例如|比如|通过|对于|关于|为了|不仅|包括|"
    r"[和与及或并且但而把被让使将从向在的地得是因其]))$",
    re.IGNORECASE,
)
_INNER = re.compile(r"[a-z]{2}[.!?][\"')”’]?\s+[A-Z\"“]|[。！？]")
_SIGNED = re.compile(
    r"[-–—~]{1,2}\s?[^.。!?！？]{2,40}$|[.!?”\"]\s+(?:[A-Z][\w.']*,?\s?){1,4}$|(?:^|\s)#\w+$|"
    r"\bby (?:[A-Z][\w.]*\s?){1,5}$"
)
"""A name behind a quotation, a signature, a hashtag."""
_ITEM = re.compile(
    r"\s*(?:[-*•·]|\d{1,3}[.)、．]|[（(]\d{1,2}[)）]|[a-zA-Z][.)]|#{1,6}\s|\||[一二三四五六七八九十]{1,2}[、.])"
)
_EMPTY_ITEM = re.compile(r"\n[ \t]*(?:(\d{1,3})[.)、．]|[-*•]|[一二三四五六七八九十]{1,3}、)[ \t]*$")
_HEADING = re.compile(r"\n[ \t]*(?:\*\*)?(\d{1,3})[.)、．][^\n:：]{1,40}(?:\*\*)?[:：]$")
_CODE = re.compile(
    r"[;{}]\s*$|^[ \t]*(?:def|class|import|from \w+ import|return|for|while|if|else|SELECT|INSERT|"
    r"function|var|let|const|#include|print)\b|</?\w+[^<>]{0,300}>|\w\(\)?|[=+*/]\s*\w+\s*$",
    re.MULTILINE,
)
_TRAILS = re.compile(r"(?:\.{3,}|…+)$")
_MEANT = re.compile(
    r"(?:\betc|\bso on|\bso forth|\bon and on|等等?|之类|如此|[.。,，、\s])\s?(?:\.{3,}|…+)$", re.IGNORECASE
)
_OPEN_ENDED = re.compile(
    r"\b(?:story|stories|poem|poetry|haiku|verse|lyrics?|song|dialog\w*|script|novel|fiction|scene|monolog\w*|"
    r"suspense\w*|ellips\w*|cliffhanger|teaser|"
    r"sentence|opening|begin\w*|start|prompt|blank|slogan|title|quotes?|sequence|pattern|decimal|digits)\b"
    r"|故事|诗|小说|歌词|台词|对话|剧本|场景|省略号|悬念|开头|独白|句子|散文|填空|数列|小数|对联|歌",
    re.IGNORECASE,
)
_PAIRS = (("(（", ")）"), ("[", "]"), ("【", "】"), ("{", "}"), ("《", "》"), ("「", "」"), ("“", "”"))
_CLOSED_BY = {sign: right for left, right in _PAIRS for sign in left}
_OPENER = re.compile("[(（\\[【{《「“]")
_SMILEY = re.compile(r"[:;=8][-']?$")
_LONG = 40
_NEAR = 400


class Truncation:
    """Points at answers that stop before they end. Never drops: poems, labels and titles end as they like."""

    name = "truncation"
    title = N_("Answers come to an end")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """The first of `open_code_block`, `empty_list_item`, `open_bracket`, `mid_sentence` and `trails_off`."""
        text = draft.output.rstrip()
        found = _stop(text, draft.instruction) if len(text) > 2 else None
        if found is None:
            return []
        code, start, end = found
        return [placed(self.name, code, field="output", spans=[(start, end)])]


def _stop(text: str, asked: str) -> Found | None:
    fences = [found.start() for found in _FENCE.finditer(text)] if "```" in text or "~~~" in text else []
    if len(fences) % 2:
        return None if _closes(text, fences) else ("open_code_block", fences[-1], len(text))
    if fences and not outside_fences(text)[-1:].strip():
        return None
    return _empty_item(text) or _open_bracket(text) or _mid_sentence(text) or _trailing(text, asked)


def _closes(text: str, fences: list[int]) -> bool:
    """Whether the odd fence is the very end of the text, or closes what an earlier turn opened."""
    if text[fences[-1] :].strip(" `~") == "":
        return True
    first, _, _ = text[fences[0] :].partition("\n")
    before, _, _ = text[: fences[0]].strip().partition("\n")
    return not first.strip(" `~") and _CODE.search(before) is not None


def _empty_item(text: str) -> Found | None:
    if text[-1] in ":：":
        return _heading_alone(text)
    found = _EMPTY_ITEM.search(text[-_NEAR:]) if text[-1] in ".)、．-*•" else None
    if not found:
        return None
    start = len(text) - (len(found[0]) - 1)
    before = text[:start]
    if found[1]:
        there = re.search(rf"(?:^|\n)[ \t]*{int(found[1]) - 1}[.)、．]", before)
    else:
        sign = (
            "[一二三四五六七八九十]{1,3}、[ \\t]*"
            if found[0].strip()[-1] == "、"
            else re.escape(found[0].strip()) + "[ \\t]+"
        )
        there = re.search(rf"(?:^|\n)[ \t]*{sign}\S", before)
    return ("empty_list_item", start, len(text)) if there else None


def _heading_alone(text: str) -> Found | None:
    """A last item that is only its heading, behind one that is more."""
    found = _HEADING.search(text[-_NEAR:])
    if not found:
        return None
    start = len(text) - (len(found[0]) - 1)
    there = re.search(rf"(?:^|\n)[ \t]*(?:\*\*)?{int(found[1]) - 1}[.)、．][^\n]*[:：][^\n]*\S", text[:start])
    return ("empty_list_item", start, len(text)) if there else None


def _open_bracket(text: str) -> Found | None:
    """The last bracket that is opened in the last lines and not closed; a whole structure that is not closed."""
    if text[0] in "{[" and text[-1] not in "}]" and _depth(text) > 0 and re.search(r"[\"':,]", text):
        return "open_bracket", 0, 1
    near = max(0, len(text) - _NEAR, text.rfind("\n\n"))
    last = {found[0]: found.start() for found in _OPENER.finditer(text, near)}
    for sign, at in last.items():
        if any(text.find(each, at) >= 0 for each in _CLOSED_BY[sign]) or _SMILEY.search(text[max(0, at - 2) : at]):
            continue
        if text[at] in "[(" and re.match(r"[\[(]\s*[-\d∞a-z.]+\s*,\s*[-+\d∞a-z.]+\s*[)\]]", text[at:]):
            continue
        if (text[at] in "“《「" and text[-1] in ".!?。！？") or text[at - 1 : at] in ("'", '"', "`", "‘", "“"):
            continue
        return "open_bracket", at, at + 1
    return None


def _depth(text: str) -> int:
    inside = re.sub(r'"(?:[^"\\\n]|\\.)*"', "", text[:200_000])
    return sum(inside.count(sign) for sign in "{[") - sum(inside.count(sign) for sign in "}]")


def _mid_sentence(text: str) -> Found | None:
    """The last line, if it is prose without an end; a line that stands alone needs a word that cannot end one."""
    last = text[-1]
    if (last in _ENDS and last not in "“‘(（") or not (last.isalnum() or last in ",，、;；(（[【{「『《“‘&-"):
        return None
    start = text.rfind("\n") + 1
    line, lines = text[start:], text[:start].rstrip()
    if _CODE.search(line) or line.startswith(("    ", "\t")):
        return None
    no_end = _NO_END.search(line[-24:])
    wide = _width(line)
    if no_end and (wide >= 24 or (lines and wide >= 8)) and not re.search(r"\b[A-Z]$|[+&]$", line):
        if (
            no_end[0].strip(" ,(").lower()
            in ("a", "can", "will", "is", "are", "was", "have", "of", "for", "with", "to", "in")
            and wide < _LONG
        ):
            return None
        return "mid_sentence", start + len(line) - len(line[-24:]) + no_end.start(), len(text)
    if wide < _LONG or (_ITEM.match(line) and not _INNER.search(line)):
        return None
    if _SIGNED.search(line[-60:]):
        return None
    if _INNER.search(line) or (lines and _prose(lines)):
        return "mid_sentence", start, len(text)
    return None


def _width(line: str) -> int:
    """Characters, a Chinese one for two: it says about as much."""
    return len(line) + (0 if line.isascii() else sum("\u3400" <= character <= "\u9fff" for character in line))


def _prose(before: str) -> bool:
    """Whether the paragraphs before are long and end as sentences do."""
    lines = [line for line in before[-2000:].split("\n") if line.strip()][-4:]
    return all(line.rstrip()[-1] in '.!?。！？"”' and _width(line) >= _LONG for line in lines)


def _trailing(text: str, asked: str) -> Found | None:
    found = _TRAILS.search(text[-12:])
    if not found or _width(text) < _LONG or _MEANT.search(text[-16:]) or _OPEN_ENDED.search(asked):
        return None
    return "trails_off", len(text) - len(found[0]), len(text)


CHECK = Truncation()
