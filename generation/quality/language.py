"""A language by its script alone: enough to tell English from Chinese, and honest about not knowing the rest."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from generation.quality.marks import streamed

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_LANGUAGES = tuple(language for language, _ in _SCRIPTS)
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f]+")
_PLAIN = re.compile(
    "[\x00-\x7f\u00c0-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u024f\u0400-\u0481\u048a-\u052f\u2010-\u2023\u3001-\u3035\u3041-\u3096\u30a0-\u30fe"
    "\u3400-\u9fff\uac00-\ud7a3\uff01-\uff0f\uff1a-\uff20]*"
)
"""Characters of which NFKC changes nothing that is counted here; it is slow."""
_CHINESE_RUN = re.compile("[\u3400-\u9fff，、。：]{12}")
"""So much without kana is Chinese, beside whatever Japanese names."""
_KANA_SHARE = 0.1
_USUAL = re.compile("[\x00-\x7f\u2010-\u2023\u2026\u3001-\u301f\u4e00-\u9fff\uff01-\uff0f\uff1a-\uff20]*")
"""English and Chinese with their punctuation: NFKC changes nothing that is counted, and bytes can be counted."""
_IDEOGRAPHS = bytes(range(0xE4, 0xEA))
"""The first bytes, in UTF-8, of all ideographs among the usual characters, and of nothing else there."""
_LETTERS = bytes(ord("a") if chr(byte).isascii() and chr(byte).isalpha() else ord(" ") for byte in range(256))


@lru_cache(maxsize=8)
def detect(text: str) -> str:
    """The language whose script carries most of the text ("en" for any Latin script), "" when there are no letters."""
    if text.isascii():
        return "en" if _LATIN_WORD.search(text) else ""
    if _USUAL.fullmatch(text):
        return _english_or_chinese(text.encode())
    found = weights(text)
    best = max(found, key=lambda language: found[language])
    return best if found[best] else ""


def holds(language: str, text: str, *, least: float) -> bool:
    """Whether a text, whatever else is in it, has some of the language: as much as `least` Chinese characters."""
    if language == "zh" and _CHINESE_RUN.search(text):
        return True
    return weights(text).get(language, 0.0) >= least


def _english_or_chinese(raw: bytes) -> str:
    """What `detect` says of a text of usual characters, several times as fast."""
    ideographs = len(raw) - len(raw.translate(None, _IDEOGRAPHS))
    letters = raw.translate(_LETTERS)
    words = letters.count(b" a") + letters.startswith(b"a")
    if not ideographs and not words:
        return ""
    return "zh" if ideographs >= 1.5 * words else "en"


def weights(text: str) -> dict[str, float]:
    """How much of the text each language's script carries, in Chinese characters.

    A Latin word weighs as much as one and a half of them; a tenth of kana makes Chinese characters Japanese.
    """
    found = dict.fromkeys(_LANGUAGES, 0.0)
    if text.isascii():
        return found | {"en": 1.5 * len(_LATIN_WORD.findall(text))}
    # A text has few different characters: what is not among them need not be counted.
    alphabet = "".join(set(text))
    plain = text
    if not _PLAIN.fullmatch(alphabet):
        plain = unicodedata.normalize("NFKC", streamed(text))
        alphabet = "".join(set(plain))
    for language, script in _SCRIPTS:
        if script.search(alphabet):
            found[language] = float(len(script.findall(plain)))
    if found["ja"] and found["ja"] >= _KANA_SHARE * found["zh"]:
        found["ja"] += found["zh"]
        found["zh"] = 0.0
    for language in ("ru", "ar", "el", "he", "hi", "th"):
        found[language] /= 4
    found["en"] = 1.5 * len(_LATIN_WORD.findall(plain))
    return found
