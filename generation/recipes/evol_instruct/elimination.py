"""The four rules by which an evolved instruction is eliminated, in English and Chinese. Its parent goes on instead."""

from __future__ import annotations

import re

from generation.quality.text import comparison_key, has_cjk, tokens

_APOLOGY = re.compile(r"\bsorry\b|\bapologi[sz]e\b|抱歉|对不起|很遗憾|无法")
_SHORT_WORDS, _SHORT_CHARACTERS = 80, 120
_MARKERS = re.compile(
    r"#?(given|rewritten|created|evolved)[ _]prompt#?|#(given|rewritten|created|evolved)[ _]instruction#"
    r"|#?(给定|原始|改写后的?|新建的?|进化后的?)(的)?(提示词?|指令)#?[:：#]|#(给定|改写|新建)(提示|指令)#"
)
_VERDICT = re.compile(
    r"\b(not[\s_-]+(?:\w+\s+)?equal|equal)\b|(不[^，。；！？]{0,4}(?:相同|相等|一样)|不同|不等)|(相同|相等|一样)"
)
_WORDS = """a about above after again all also am an and any are as at be because been before being but by can could did
do does doing down each few for from further had has have having he her here hers him his how i if in into is it its
just me more most my no nor not now of off on once only or other our out over own same she should so some such than
that the their them then there these they this those through to too under until up very was we were what when where
which while who whom why will with would you your yes ok okay well sure
的 了 和 是 在 有 也 就 都 而 及 与 着 或 我 你 他 她 它 们 这 那 一 个 上 下 不 没 很 到 说 要 去 会
呢 吗 吧 啊 哦 嗯 好 样"""
_STOP_WORDS = frozenset(_WORDS.split())


def says_nothing_new(verdict: str) -> bool | None:
    """Rule 1: whether the judge calls the two instructions equal; None when its reply cannot be read.

    The last word counts, so that a judge may think before it answers.
    """
    found = _VERDICT.findall(comparison_key(verdict))
    if not found:
        return None
    english, unlike, alike = found[-1]
    return english == "equal" if english else bool(alike and not unlike)


def is_short_apology(answer: str) -> bool:
    """Rule 2: an answer that apologises and is short: under 80 words, or 120 characters of Chinese."""
    if not _APOLOGY.search(comparison_key(answer)):
        return False
    words = tokens(answer)
    return len(words) < (_SHORT_CHARACTERS if has_cjk(answer) else _SHORT_WORDS)


def is_only_stop_words(answer: str) -> bool:
    """Rule 3: an answer of nothing but punctuation and stop words; an empty one is not meant here."""
    return bool(answer.strip()) and all(word in _STOP_WORDS for word in tokens(answer))


def leaks_markers(evolved: str, *, parent: str) -> bool:
    """Rule 4: words of the prompt's own scaffolding that the parent does not hold."""
    known = {found[0] for found in _MARKERS.finditer(comparison_key(parent))}
    return any(found[0] not in known for found in _MARKERS.finditer(comparison_key(evolved)))


def is_same_text(evolved: str, *, parent: str) -> bool:
    """Equal but for capitals, blanks and punctuation: no judge need be paid to see it."""
    return tokens(evolved) == tokens(parent)
