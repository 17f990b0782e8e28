"""Escapes that were written out: a backslash and an n where a line should end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generation.quality.places import placed, texts_of
from generation.types import N_, Draft, Finding

_WRITTEN_OUT = re.compile(
    r'\\(?:r\\n|n)(?=\\|[\sA-Z\d*#"\u2018-\u201f\u2022\u3001-\u303f\u3400-\u9fff-]|[a-z][.)] '
    r"|[ivx]{1,4}[.)] |[（(][\d一二三四五六七八九十a-z]|$)"
    r"|(?<=[.:;,!?])\\n(?=[a-z])"
)
_ANY = re.compile(r"\\(?:r\\n|n)")
_SUBJECT = re.compile(
    r"换行|转义|正则|字符串|\bescap|\bnewline|\bregex|regular expression|\bstring\b|^\\[nrt]", re.IGNORECASE
)
_MEANT = re.compile(
    r"""`|["']\\[nrt]|\\[nrt]["']|(?<![A-Za-z])[A-Za-z]:\\|\\(?:frac|begin|nabla|neq|times|theta|text)\b"""
    r"""|\w\( ?f?["'][^"'\n]*\\[nrt]"""
    r"""|\b(?:printf?|println|echo|puts|log|write|split|join|replace)\b ?(?:-e ?)?\(? ?f?["']"""
)
"""A backslash that belongs there: code, a path, a formula."""


class LiteralEscapes:
    """Points at written-out line ends; code, paths and formulas that need their backslashes pass."""

    name = "literal_escapes"
    title = N_("No written-out line ends")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`literal_escapes` for each field that holds some, with their places."""
        return [
            placed(self.name, "literal_escapes", field=field, spans=_places(text))
            for field, text in texts_of(draft)
            if "\\" in text and field != "system"
            if _WRITTEN_OUT.search(text) and not _MEANT.search(text) and not _SUBJECT.search(draft.instruction)
        ]


def _places(text: str) -> Iterator[tuple[int, int]]:
    return (each.span() for each in _WRITTEN_OUT.finditer(text))


def unescaped(text: str) -> str:
    """The text with its line ends, tabs and quotes put in, if each of them was plainly written out by mistake.

    A text with real line ends, or with any backslash that may be meant, comes back as it is.
    """
    found = _ANY.findall(text)
    if not found or "\n" in text or _MEANT.search(text) or len(found) != len(_WRITTEN_OUT.findall(text)):
        return text
    return text.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')


CHECK = LiteralEscapes()
