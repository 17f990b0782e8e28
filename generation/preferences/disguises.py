"""Texts in disguise: what a text says once it is decoded, put back in order or pulled together."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

_UNSEEN = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9a-fA-F]{2}[\s,:]?){14,}")
_DIGITS = re.compile(r"[0-9a-fA-F]{2}")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){6,}")
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4}){4,}")
_SPACED = re.compile(r"(?:(?<=\s)|^)(?:\w[ \t._*\-|/]{1,3}){8,}\w", re.MULTILINE)
_SPACED_HAN = re.compile(r"(?:[\u4e00-\u9fff，。！？、][ \t._*\-|/]{1,3}){5,}[\u4e00-\u9fff]")
_GAPS = re.compile(r"[ \t]{2,}|(?<=\w)[ \t._*\-|/](?=\w)")
_LEET = str.maketrans("013457@$", "oieastas")
_MIXED = re.compile(r"\b(?=\w*[a-z])(?=\w*[013457@$])[a-z013457@$]{4,}\b", re.IGNORECASE)
_BINARY = re.compile(r"(?:[01]{8}\s?){8,}")
_WORDS = ("answer", "response", "score", "judge", "grader", "ignore", "choose", "winner", "rating", "rubric")
_TURNED = re.compile("|".join(codecs.encode(word, "rot13") for word in _WORDS), re.IGNORECASE)
_BACKWARDS = re.compile("|".join([*(word[::-1] for word in _WORDS), "案答", "答回", "分评", "令指"]), re.IGNORECASE)
_LONGEST = 20_000


def visible(text: str) -> str:
    """The text in NFKC without characters that nobody sees."""
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)) if not text.isascii() else text


def disguises(text: str) -> Iterator[str]:
    """What the text may be saying in disguise; nothing where it wears none that is known."""
    text = text[:_LONGEST]
    for found in _BASE64.finditer(text):
        yield from _decoded(found[0])
    for found in _HEX.finditer(text):
        yield from _text_of(bytes.fromhex("".join(_DIGITS.findall(found[0].replace("0x", " ").replace("\\x", " ")))))
    for found in _BINARY.finditer(text):
        yield from _text_of(bytes(int(each, 2) for each in re.findall("[01]{8}", found[0])))
    if _PERCENT.search(text):
        yield unquote(text, errors="replace")
    if "&#" in text:
        yield html.unescape(text)
    if _ESCAPES.search(text):
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda each: chr(int(each[1], 16)), text)
    for found in _SPACED.finditer(text):
        yield re.sub(r"[ \t._*\-|/]{2,}", "\0", found[0]).translate(_GLUED).replace("\0", " ")
    for found in _SPACED_HAN.finditer(text):
        yield re.sub(r"[ \t._*\-|/]+", "", found[0])
    if _MIXED.search(text):
        yield text.lower().translate(_LEET)
    tags = "".join(chr(ord(each) - 0xE0000) for each in text if 0xE0020 <= ord(each) <= 0xE007E)
    if len(tags) >= 8:
        yield tags
    if _TURNED.search(text):
        yield codecs.encode(text, "rot13")
    if _BACKWARDS.search(text):
        yield text[::-1]


_GLUED = str.maketrans("", "", " \t._*-|/")


def _decoded(run: str) -> Iterator[str]:
    padded = run.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        raw = base64.b64decode(padded[: len(padded) // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return
    yield from _text_of(raw)


def _text_of(raw: bytes) -> Iterator[str]:
    """The bytes as UTF-8, a torn last character left out; nothing where they are none."""
    try:
        found = codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return
    if found.isprintable():
        yield found
