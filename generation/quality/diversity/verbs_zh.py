"""The verb that a Chinese instruction is put with and its object, by rules and two lists of words.

Chinese has no endings, so the root is the first verb of the list at the beginning of a clause, after polite words, and
the object the head of the noun phrase, which in Chinese stands last: 写一篇关于夏天的短文 -> 写 短文. With 把 and 将
the object stands before the verb. Words of two characters are the rule, the longer ones are listed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

_LISTS = {
    name: frozenset(" ".join(lines).split())
    for name, lines in json.loads(Path(__file__).with_name("verbs.zh.json").read_text(encoding="utf-8")).items()
}
VERBS, _NOUNS, _NEVER = _LISTS["verbs"], _LISTS["nouns"], _LISTS["never"]
_LONGEST_VERB, _LONGEST_NOUN = max(map(len, VERBS)), max(map(len, _NOUNS))
_CLAUSE = re.compile(r"[。！？!?；;\n，,：:]")
_QUOTED = re.compile(r"[“\"「『《‘][^”\"」』》’]{0,80}[”\"」』》’]|[（(][^（）()]{0,60}[)）]")
_POLITE = re.compile(
    r"\s|请问|请你|请您|请|您好|你好|麻烦你|麻烦|帮我|帮忙|帮助我|为我|给我|替我|[我](?:想让|想要|希望|要|需要|想请)你|我想|我需要|我要"
    r"|[你您]能不能|[你您]能否|[你您]能|[你您]可以|能不能|能否|可以|可否|你需要|你的任务是|任务是|任务|现在|然后|接着|接下来|首先|最后|再"
    r"|并且|并|尝试|试着|试|如何|怎样|怎么|要求|需要|来(?!源|自)|去(?![掉除])|重新(?![表组排])|简要|简单|简短|详细|仔细|准确|快速|自动"
    r"|用自己的话|\d+[.、)]|[一二三四五六七八九十]、"
)
_OPENING = re.compile(
    r"根据|按照|基于|依据|针对|关于|对于|对|在|从|以|用|使用|利用|运用|通过|为|给(?!出)|假设|作为|结合|参考|当|如果|由|向|与|和|至少|按|就|围绕"
)
_QUESTION = re.compile(r"什么|为什么|为何|如何|怎么|怎样|是否|哪|谁|多少")
_MEASURES = "个首封篇句张道本只条段份名位幅副种类件则部组串座所支曲阵场家款项行步点"
_COUNT = r"[一二两三四五六七八九十几\d]+(?:(?:到|至|-|~)[一二三四五六七八九十\d]+)?多?"
_NUMBER = re.compile(
    rf"(?:{_COUNT}[{_MEASURES}]|些|[某这每那][{_MEASURES}些]?|该|其|以下|下列|下面|上述|给定|所有|关于|出|一下|一些)+的?"
)
_PURPOSE = re.compile(
    r"(?<![未本原以起近将后到看])来(?![源自说])|(?<![可所予])以(?![及下上来外内])|并(?![列非])|从而|用于|用来|使其|使得|使之|让(?=[我你他她它人读])"
)
_TAIL = re.compile(
    r"(?:以及.*|等等?|之一|[吧吗呢了们]|来|出来|即可|[中里上内下]|(?:方面|所需|如下|以下|左右|之后|之前|之间|一次|时候|时).*"
    r"|(?:成为|作为|包括|包含|不超过|不少于|并且|进行|给|(?<![应费使利运信作引通])用).*)$"
)
_PREPOSITION = re.compile(r"按照?|根据|从|以(?!下)|用|在|与|和")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9+#.\-]*(?:\s+[A-Za-z0-9+#.\-]+)*\s*$")
_HAN = re.compile(r"[\u3400-\u9fff]+$")
_AFTER_SHORT = re.compile(rf"{_COUNT}|[个首篇张封段幅句本出下这该其以每所关]|给")
_ALWAYS_WRITTEN = "写给"
"""Verbs of one character that begin no other word of a task."""
_MOST_CLAUSES = 6


def verb_noun_zh(text: str) -> tuple[str, str] | None:
    """(verb, noun) of the first clause that has both; None where rules find none."""
    plain = _QUOTED.sub("", text[:400])
    for clause in _CLAUSE.split(plain)[:_MOST_CLAUSES]:
        found = _of(clause.strip())
        if found:
            return found
    return None


def _of(clause: str) -> tuple[str, str] | None:
    rest = clause
    while found := _POLITE.match(rest):
        rest = rest[found.end() :]
    if rest[:1] in ("把", "将"):
        return _object_first(rest[1:])
    inner = _inner(rest) if _OPENING.match(rest) else 0
    verb = _verb_at(rest, inner)
    if not verb and "给我" in clause[:8]:
        verb, rest, inner = "给", "给" + rest, 0
    if not verb:
        return None
    noun = _head(rest[inner + len(verb) :])
    return (verb, noun) if noun else None


def _inner(rest: str) -> int:
    """Where the verb stands after an opening such as 根据上文; 0 for nowhere."""
    for at in range(1, min(len(rest), 40)):
        verb = _verb_at(rest, at)
        end = at + len(verb)
        after = rest[end : end + 1]
        if not verb or not after or after in "时的中者" or _verb_at(rest, end) or rest[at - 1] in "的个些种":
            continue
        if len(verb) > 1 or after in "一两三几个首篇":
            return at
    return 0


def _verb_at(text: str, at: int) -> str:
    """The longest verb of the list that begins here; "" for none. Most characters begin other words too, so a verb of
    one character counts only before a number, a measure word or the like."""
    for size in range(min(_LONGEST_VERB, len(text) - at), 0, -1):
        word = text[at : at + size]
        if word in VERBS and (size > 1 or word in _ALWAYS_WRITTEN or _AFTER_SHORT.match(text, at + 1)):
            return "" if text[at : at + 2] == "给定" else word
    return ""


def _object_first(rest: str) -> tuple[str, str] | None:
    """把句子改写成诗 -> 改写 句子: the first verb of two characters or more after the object."""
    for at in range(1, min(len(rest), 40)):
        verb = _verb_at(rest, at)
        if len(verb) > 1 or (verb and rest[at + 1 : at + 2] in ("成", "为", "到", "出")):
            cut = _PREPOSITION.search(rest[:at], 2)
            noun = _head(rest[: cut.start() if cut else at])
            if noun:
                return verb, noun
    return None


def _head(phrase: str) -> str:
    """The last noun of the phrase; "" where there is none to be had."""
    phrase = _without_number(phrase.strip(" 、.“”\"'"))
    if _QUESTION.match(phrase) or "是否" in phrase:
        return ""
    cut = _PURPOSE.search(phrase, 2)
    if cut and (cut[0] != "以" or _verb_at(phrase, cut.end())):
        phrase = phrase[: cut.start()]
    if "的" in phrase.rstrip("的"):
        phrase = phrase.rstrip("的").rpartition("的")[2]
    phrase = _without_number(phrase.strip())
    while (found := _TAIL.search(phrase)) and found.start() >= 2:
        phrase = phrase[: found.start()]
    latin = _LATIN.search(phrase)
    if latin:
        word = latin[0].split()[-1].lower()
        return word if len(word) > 1 and not word.isdigit() else ""
    han = _HAN.search(phrase)
    return _last_word(han[0]) if han else ""


def _without_number(phrase: str) -> str:
    found = _NUMBER.match(phrase)
    return phrase[found.end() :] if found else phrase


def _last_word(phrase: str) -> str:
    if phrase.endswith("诗"):
        return "诗"
    for size in range(min(_LONGEST_NOUN, len(phrase)), 2, -1):
        if phrase[-size:] in _NOUNS:
            return phrase[-size:]
    if len(phrase) == 1:
        return phrase if phrase in _NOUNS else ""
    return "" if phrase[-2:] in _NEVER else phrase[-2:]
