"""What a word does in a question: some can go without changing it, a number or a "not" never can."""

from __future__ import annotations

CONTENT, NUMBER, NEGATION, FUNCTION = range(4)

_FUNCTION = (
    "a an the please kindly can could would will you your me my i s re is are be that this these those so just"
    " 请 问 一 下 的 了 吗 呢 吧 啊 呀 哦 嘛 您 你 我 帮 给 麻 烦"
)
_NEGATION = "not no non never neither nor without except cannot t 不 没 非 无 未 别 勿"
_DENIES_NOTHING = (
    "not only,no doubt,不仅,不但,不同,不断,不过,不少,不错,没错,非常,特别,区别,分别,个别,性别,级别,类别,别人,未来,无论"
)

FUNCTION_WORDS = frozenset(_FUNCTION.split())
"""Politeness, articles, particles. Prepositions are not among them: "from A to B" is another question than "to A".
一 and 下 are for 一下: two questions that differ in nothing but these are the same."""
NEGATIONS = frozenset(_NEGATION.split())
"""English and Chinese; "t" is what is left of "don't"."""
DENIES_NOTHING = tuple(_DENIES_NOTHING.split(","))
"""Two words of which one would be a negation if it stood alone."""

NUMERALS = {
    0: "0 zero 零 〇", 1: "1 one 一", 2: "2 two 二 两", 3: "3 three 三", 4: "4 four 四", 5: "5 five 五", 6: "6 six 六",
    7: "7 seven 七", 8: "8 eight 八", 9: "9 nine 九", 10: "10 ten 十", 11: "11 eleven", 12: "12 twelve",
    20: "20 twenty", 30: "30 thirty", 40: "40 forty", 50: "50 fifty", 60: "60 sixty", 70: "70 seventy",
    80: "80 eighty", 90: "90 ninety", 100: "100 hundred 百", 1000: "1000 thousand 千",
}  # fmt: skip
"""The words that say one number, in digits, English and Chinese."""


def kind_of(word: str) -> int:
    """`CONTENT`, `NUMBER` (a digit or numeral is in it, 三 too), `NEGATION` or `FUNCTION`."""
    if word in FUNCTION_WORDS:
        return FUNCTION
    if word in NEGATIONS:
        return NEGATION
    return NUMBER if any(character.isnumeric() for character in word) else CONTENT
