"""Sums that do not come out: most mathematical answers of released instruction sets were wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, localcontext
from typing import Any

from generation.quality.places import answers_of, placed
from generation.types import N_, Draft, Finding

_PLAIN = r"\d{1,15}(?:,\d{3}){0,4}(?:\.\d{1,12})?"
_SUM = re.compile(
    # What stands before or behind makes it a part of a longer one, of which no two numbers are the whole.
    rf"(?<![\w.,^)+*/×÷=-])(?<![+*/×x÷^)=−-] )(?<![+*/×x÷^)=−-] [$€£￥¥])(?<![+*/×÷^)=−-][$€£￥¥])(-?{_PLAIN}) "
    rf"?([+\-−*×x/÷]) ?[$€£￥¥]?({_PLAIN})"
    rf" ?= ?(?:\$|￥|¥)?(-?{_PLAIN})(?![\d.]*\d| ?[%+*/×÷^]| ?[-−] ?\d|\.\.\.|…|[a-zA-Z]?\d| ?[(（]?(?:mod\b|模))"
)


class WrongArithmetic:
    """Points at plain equations of two numbers whose result is wrong.

    A rounded result counts as right at the digits that it shows.
    """

    name = "wrong_arithmetic"
    title = N_("Sums come out")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`wrong_arithmetic` for each answer with wrong sums: the first equation, and the places of all."""
        findings = []
        for field, text in answers_of(draft):
            wrong = [found for found in _sums(text) if not _right(found[1], found[2], found[3], found[4])]
            if wrong:
                spans = (found.span() for found in wrong)
                findings.append(placed(self.name, "wrong_arithmetic", field=field, spans=spans, equation=wrong[0][0]))
        return findings


def _sums(text: str) -> Iterator[re.Match[str]]:
    return _SUM.finditer(text) if "=" in text else iter(())


def _right(left: str, sign: str, right: str, said: str) -> bool:
    a, b, result = (Decimal(number.replace(",", "")) for number in (left, right, said))
    with localcontext() as context:
        context.prec = 40
        if sign in "/÷":
            if not b:
                return True
            exact = a / b
        elif sign == "+":
            exact = a + b
        elif sign in "-−":
            exact = a - b
        else:
            exact = a * b
        step = Decimal(1).scaleb(int(result.as_tuple().exponent))
        # What cannot be written with the digits shown was rounded or cut, either of which is right.
        return exact == result or (exact % step != 0 and abs(exact - result) < step)


CHECK = WrongArithmetic()
