"""The value of a sum as people write it, exact, with bounds that hostile input cannot pass. Pure."""

from __future__ import annotations

import re
from fractions import Fraction

_PART = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\*\*|[-+*/()^]")
_PLAIN = str.maketrans({"×": "*", "·": "*", "x": "*", "÷": "/", "−": "-", "–": "-", "（": "(", "）": ")"})
_TORN = re.compile(r"[\d.]\s+[\d.]")
_LONGEST = 200
_HIGHEST_POWER = 20
_DEEPEST = 20


class NotASum(ValueError):  # noqa: N818 - the name says what is the matter
    """The text is no sum, or one too large to work out."""


def value_of(text: str) -> Fraction:
    """The exact value of numbers, + - * / ^ and brackets, with the usual precedence; `NotASum` for anything else."""
    plain = text.translate(_PLAIN).replace(" ", "")
    parts = _PART.findall(plain)
    if len(plain) > _LONGEST or _TORN.search(text) or "".join(parts) != plain or not parts:
        raise NotASum(text[:80])
    value, at = _terms(parts, 0, 0)
    if at != len(parts):
        raise NotASum(text[:80])
    return value


def _terms(parts: list[str], at: int, depth: int) -> tuple[Fraction, int]:
    if depth > _DEEPEST:
        raise NotASum("too deep")
    value, at = _factors(parts, at, depth)
    while at < len(parts) and parts[at] in "+-":
        other, after = _factors(parts, at + 1, depth)
        value = value + other if parts[at] == "+" else value - other
        at = after
    return value, at


def _factors(parts: list[str], at: int, depth: int) -> tuple[Fraction, int]:
    value, at = _power(parts, at, depth)
    while at < len(parts) and parts[at] in ("*", "/"):
        other, after = _power(parts, at + 1, depth)
        if parts[at] == "/" and not other:
            raise NotASum("division by zero")
        value = value * other if parts[at] == "*" else value / other
        at = after
    return value, at


def _power(parts: list[str], at: int, depth: int) -> tuple[Fraction, int]:
    if at < len(parts) and parts[at] == "-":
        if depth > _DEEPEST:
            raise NotASum("too deep")
        value, at = _power(parts, at + 1, depth + 1)
        return -value, at
    value, at = _single(parts, at, depth)
    if at < len(parts) and parts[at] in ("^", "**"):
        exponent, at = _power(parts, at + 1, depth + 1)
        if exponent.denominator != 1 or not 0 <= exponent <= _HIGHEST_POWER:
            raise NotASum("power")
        value = value ** int(exponent)
    return value, at


def _single(parts: list[str], at: int, depth: int) -> tuple[Fraction, int]:
    if at >= len(parts):
        raise NotASum("ends early")
    if parts[at] == "(":
        value, at = _terms(parts, at + 1, depth + 1)
        if at >= len(parts) or parts[at] != ")":
            raise NotASum("open bracket")
        return value, at + 1
    if not parts[at][0].isdigit():
        raise NotASum(parts[at])
    return Fraction(parts[at].replace(",", "")), at + 1
