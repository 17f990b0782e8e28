"""What a word does in a question: some can go without changing it, a number or a "not" never can."""

from __future__ import annotations

CONTENT, NUMBER, NEGATION, FUNCTION = range(4)

_FUNCTION = (
    "a an the please kindly can could would will you your me my i s re is are be that this these those so just"
    " 请 问 一 下 的 了 吗 呢 吧 啊 呀 哦 嘛 您 你 我 帮 给 麻 烦"
)
_NEGATION = "not no non never neither nor without except cannot t 不 没 非 无 未 别 勿"

FUNCTION_WORDS = frozenset(_FUNCTION.split())
"""Politeness, articles, particles. Prepositions are not among them: "from A to B" is another question than "to A".
一 and 下 are for 一下: two questions that differ in nothing but these are the same."""
NEGATIONS = frozenset(_NEGATION.split())
"""English and Chinese; "t" is what is left of "don't"."""


def kind_of(word: str) -> int:
    """`CONTENT`, `NUMBER` (a digit or numeral is in it, 三 too), `NEGATION` or `FUNCTION`."""
    if word in FUNCTION_WORDS:
        return FUNCTION
    if word in NEGATIONS:
        return NEGATION
    return NUMBER if any(character.isnumeric() for character in word) else CONTENT
