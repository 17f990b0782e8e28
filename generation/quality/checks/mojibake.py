"""Texts read with the wrong encoding: "donâ€™t", "锟斤拷", the replacement character."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generation.quality.places import placed, texts_of
from generation.types import N_, Draft, Finding

_HIGH = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
"""What bytes 80 to bf are in Latin-1 and Windows-1252."""
_LATIN = re.compile(
    rf"[\u00c3\u00c2\u00c4\u00c5\u00d0\u00d1][{_HIGH}](?![a-z]?[A-Z]{{2}})|\u00e2[{_HIGH}]{{2}}|\u00ef\u00bb\u00bf"
    rf"|\u00ef\u00bc[{_HIGH}]|[\u00e3-\u00e9][{_HIGH}]{{2}}|\u00f0\u0178[{_HIGH}]{{2}}"
)
_SURE = re.compile("\ufffd+|[\x80-\x84\x86-\x9f]{2,}|(?:锟斤拷)+|(?:烫){3,}|(?:屯){3,}")
_GBK = re.compile("[\u3400-\u9fff\ue000-\uf8ff€]{3,60}")
_TYPICAL = re.compile("[锛銆鈥鐨鏄鍦浣鍙涓鎴杩鏈浠绗瀛璇鏂缁]")
"""Characters that begin UTF-8 read as GBK; most are rare in Chinese that is meant."""
_CHINESE = re.compile("[\u3000-\u9fff\uff01-\uff5e]")
_ANY = re.compile(
    "[\x80-\x84\x86-\x9f\u00c2-\u00c5\u00d0\u00d1\u00e2-\u00e9\u00ef\u00f0\ufffd锟烫屯锛銆鈥鐨鏄鍦浣鍙涓鎴杩鏈浠绗瀛璇鏂缁]"
)
_SUBJECT = re.compile(
    r"mojibake|encod|decod|utf-?8|unicode|latin-?1|gbk|garbled|乱码|编码|解码|替换字符|替代字符|replacement character",
    re.IGNORECASE,
)


class Mojibake:
    """Points at characters that come of a wrong encoding; tasks about encodings pass. Never drops."""

    name = "mojibake"
    title = N_("Read in its own encoding")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`mojibake` with the field and its places."""
        findings = []
        for field, text in texts_of(draft):
            spans = [] if text.isascii() or not _ANY.search(text) else sorted(_places(text))
            if spans and not _SUBJECT.search(draft.instruction):
                findings.append(placed(self.name, "mojibake", field=field, spans=spans))
        return findings


def _places(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_SURE, _LATIN):
        for found in pattern.finditer(text):
            yield found.span()
    if _TYPICAL.search(text):
        for found in _GBK.finditer(text):
            if _TYPICAL.search(found[0]) and _misread(found[0]):
                yield found.span()


def _misread(run: str) -> bool:
    """Whether most of the characters, as bytes of GBK, are UTF-8 of Chinese ones; a few may have been lost."""
    try:
        raw = b"\x80".join(part.encode("gbk") for part in run.split("€"))
    except UnicodeEncodeError:
        return False
    meant = len(_CHINESE.findall(raw.decode("utf-8", "replace")))
    return meant >= 2 and meant * 3 >= 0.6 * len(raw)


CHECK = Mojibake()
