"""Bytes into text: byte order marks, what a page says of itself, UTF-8, UTF-16, GB18030, and old Western files."""

from __future__ import annotations

import codecs
import re

from generation.files.strict_json import Fault

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|encoding=["']([\w.:-]{2,40})["']""", re.I
)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252",
          "latin-1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}  # fmt: skip
"""What browsers take these names to mean."""
_COMMON = re.compile(rb"[\xa1-\xa9\xb0-\xf7][\xa1-\xfe]")
"""Two bytes of GB2312: punctuation, and the characters of everyday Chinese."""
_HIGH = re.compile(rb"[\x80-\xff]")
_CHINESE_FROM = 0.8


def decode(data: bytes, *, declared: bool = False) -> tuple[str, str]:
    """The text and its encoding. With `declared` a page's own word counts. `Fault("bad_encoding")` if nothing fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding), encoding
    if (guess := _without_mark(data)) is not None:
        return _strictly(data, guess), guess
    for encoding in (*(_told(data) if declared else ()), "utf-8", "gb18030", "cp1252"):
        if encoding == "gb18030" and not declared and not looks_chinese(data):
            continue
        if encoding == "cp1252" and b"\0" in data:
            continue
        try:
            return data.decode(encoding), encoding
        except (UnicodeError, LookupError):  # "undefined" and "punycode" are names of encodings too
            continue
    raise Fault("bad_encoding")


def looks_chinese(data: bytes) -> bool:
    """Whether bytes beyond ASCII stand in pairs of everyday Chinese, which those of other old encodings do not."""
    high = len(_HIGH.findall(data[:200_000]))
    return high > 0 and 2 * len(_COMMON.findall(data[:200_000])) >= _CHINESE_FROM * high


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Fault("bad_encoding", message=f"{encoding}: {error.reason}") from None


def _without_mark(data: bytes) -> str | None:
    """UTF-16 that does not say so: its blanks and line ends have a zero on one side. A text that is UTF-8 as it stands
    is UTF-16 only when every other byte or so is zero."""
    sample = data[: min(4096, len(data) // 2 * 2)]
    little, big = sample[1::2].count(0), sample[0::2].count(0)
    if not little + big or min(little, big) * 4 > max(little, big):
        return None
    try:
        data[:4096].decode()
        if 5 * max(little, big) < len(sample):
            return None
    except UnicodeDecodeError:
        if max(little, big) < len(sample) / 100:
            return None
    return "utf-16-le" if little > big else "utf-16-be"


def _told(data: bytes) -> tuple[str, ...]:
    found = _DECLARED.search(data[:2048])
    if found is None:
        return ()
    name = (found[1] or found[2]).decode("ascii").lower()
    # Bytes that can be read as they are were never UTF-16, whatever they say.
    return () if name.startswith(("utf-16", "utf-32", "utf-8", "utf8")) else (_WIDER.get(name, name),)
