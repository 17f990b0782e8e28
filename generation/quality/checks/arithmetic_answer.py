"""Sums asked for in the task whose result the answer does not hold (most answers of this kind in the Alpaca set)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from generation.quality.arithmetic import NotASum, value_of
from generation.quality.places import placed, whole
from generation.types import N_, Draft, Finding

_ASKED = re.compile(
    r"\b(?:calculate|compute|evaluate|solve|what(?:'s| is| are| would be)|find|work out|how much is|simplify|add|"
    r"result|answer|sum|product|multiply|divide|subtract|determine)\b|计算|求|等于|算出|算一算|多少|得几|结果|"
    r"[=＝]\s*[?？]?\s*$",
    re.IGNORECASE,
)
_NUMBER = r"\d{1,12}(?:,\d{3}){0,3}(?:\.\d{1,9})?"
_SPOKEN = (
    (re.compile(rf"\b(?:sum|total) of ({_NUMBER}) and ({_NUMBER})\b"), r"(\1+\2)"),
    (re.compile(rf"\bproduct of ({_NUMBER}) and ({_NUMBER})\b"), r"(\1*\2)"),
    (re.compile(rf"\bdifference (?:between|of) ({_NUMBER}) and ({_NUMBER})\b"), r"(\1-\2)"),
    (re.compile(rf"\badd(?:ing)? ({_NUMBER}) (?:and|to) ({_NUMBER})\b"), r"(\1+\2)"),
    (re.compile(rf"\bmultiply(?:ing)? ({_NUMBER}) (?:and|by|with) ({_NUMBER})\b"), r"(\1*\2)"),
    (re.compile(rf"\bsubtract(?:ing)? ({_NUMBER}) from ({_NUMBER})\b"), r"(\2 - \1)"),
    (re.compile(rf"\bdivid(?:e|ing) ({_NUMBER}) by ({_NUMBER})\b"), r"(\1/\2)"),
    (re.compile(rf"({_NUMBER})\s?[与和跟]\s?({_NUMBER})\s?(?:的和|相加|之和)"), r"(\1+\2)"),
    (re.compile(rf"({_NUMBER})\s?[与和跟]\s?({_NUMBER})\s?(?:的积|相乘|之积|的乘积)"), r"(\1*\2)"),
    (re.compile(rf"({_NUMBER}) ?(?:%|percent) of ({_NUMBER})"), r"(\1/100*\2)"),
    (re.compile(rf"({_NUMBER})\s?的\s?({_NUMBER}) ?%"), r"(\1*\2/100)"),
    (re.compile(rf"({_NUMBER}) squared\b|({_NUMBER})\s?的平方(?!根)"), r"(\1\2^2)"),
    (re.compile(rf"({_NUMBER}) cubed\b|({_NUMBER})\s?的立方(?!根)"), r"(\1\2^3)"),
    (re.compile(r"(?<=\d) (?:plus|added to) (?=\d)|(?<=\d)\s?加上?\s?(?=\d)"), "+"),
    (re.compile(r"(?<=\d) minus (?=\d)|(?<=\d)\s?减去?\s?(?=\d)"), " - "),
    (re.compile(r"(?<=\d) (?:times|multiplied by|x) (?=\d)|(?<=\d)\s?乘以?\s?(?=\d)|(?<=\d)x(?=\d)"), "*"),
    (re.compile(r"(?<=\d) divided by (?=\d)|(?<=\d)\s?除以\s?(?=\d)"), " / "),
)
_SUM = re.compile(r"(?<![A-Za-z0-9_.$\u00b0^√-])[-(（]?[\d(（][\d\s,.+\-−–*×·x/÷^()（）]{1,120}")
_ENDS = re.compile(r"[^\d)）]+$")
_SIGN = re.compile(r"[\d)）]\s*[+\-−–*×·x/÷^]\s*[-(（\d]")
_JOINED = re.compile(r"^\s*(?:[a-zA-Z_%°√!=<>]|到|年|月|至|mod\b)", re.IGNORECASE)
_NOT_A_SUM = re.compile(r"^\d{1,4}[-–−/]\d{1,4}(?:[-–−/]\d{1,4})?$|^[\d\s,.]+$|\d\s+\d|,\s")
_TOLD = re.compile(r"(?<![A-Za-z0-9_.])[-−]?(?:\d{1,3}(?:,\d{3})+|\d{1,30})(?:\.\d{1,15})?(?:\s?/\s?\d{1,9})?")
_OTHER = re.compile(
    r"\bround|estimat|approximat|nearest|factor|prime|order of operations|explain|python|code|program|function|"
    r"binary|"
    r"hex|base \d|modul|remainder|roman|"
    r"\bin words\b|word (?:form|problem)|how (?:to|do|would|can|many ways)|step|date|year|score|ratio|"
    r"increase|decrease|discount|interest|四舍五入|估|因数|素数|质数|二进制|代码|函数|编程|余数|罗马|年|比分|"
    r"方程|如何|怎么|解释",
    re.IGNORECASE,
)
_DIGIT = re.compile("[0-9]")
_LONGEST = 400


class ArithmeticAnswer:
    """Points at the answer of a plain sum that does not hold its result, exact or rounded. Never drops."""

    name = "arithmetic_answer"
    title = N_("The answer of a sum is right")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`wrong_answer` with the sum and its result, over the answer's last number."""
        if not draft.output or len(draft.instruction) + len(draft.input) > _LONGEST:
            return []
        asked = f"{draft.instruction}\n{draft.input}".strip()
        if not _DIGIT.search(asked) or not _ASKED.search(asked) or _OTHER.search(asked):
            return []
        said = _sum_in(asked)
        if not said:
            return []
        try:
            right = value_of(said)
        except NotASum:
            return []
        told = list(_TOLD.finditer(draft.output[:8000]))
        if not told or any(_same(found[0], right) for found in told):
            return []
        spans = [told[-1].span()] if told else whole(draft.output)
        result = _written(right)
        return [placed(self.name, "wrong_answer", field="output", spans=spans, sum=said[:80], result=result)]


def _sum_in(asked: str) -> str:
    """The one sum in a task, signs written as signs; "" where there is none, or more than one."""
    text = asked.lower()
    for pattern, sign in _SPOKEN:
        text = pattern.sub(sign, text)
    found = []
    for run in _SUM.finditer(text):
        said = _ENDS.sub("", run[0]).strip()
        after = text[run.start() + len(run[0].rstrip()) :] if len(said) == len(run[0].rstrip()) else run[0][len(said) :]
        if _SIGN.search(said) and not _NOT_A_SUM.search(said) and not _JOINED.match(after):
            found.append(said)
    numbers = len(re.findall(r"\d[\d,.]*", text))
    alone = len(found) == 1 and numbers == len(re.findall(r"\d[\d,.]*", found[0]))
    return found[0] if alone else ""


def _same(told: str, right: Fraction) -> bool:
    """Whether a number as it is written is the result, at the digits that it shows."""
    top, _, bottom = told.replace(",", "").replace("−", "-").replace(" ", "").partition("/")
    value = Fraction(top)
    if bottom:
        if Fraction(bottom) and value / Fraction(bottom) == right:
            return True
        return value == right
    digits = len(top.partition(".")[2])
    return value == right or (abs(value - right) < Fraction(1, 10**digits) and right.denominator > 1)


def _written(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.6g}"


CHECK = ArithmeticAnswer()
