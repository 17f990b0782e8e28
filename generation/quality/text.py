"""Words that work for Chinese too: tokens for novelty and counting, tokens for search, keys for comparison.

Stored text is never changed by anything here; every function returns a derived value.
"""

from __future__ import annotations

import re
import unicodedata

from generation.quality.marks import streamed

CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Character class body of ideographs, kana, bopomofo and hangul syllables: each is a word of its own."""

_RUN = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
_CJK = re.compile(f"[{CJK}]")
_APART = {code: chr(code) if chr(code).isalnum() else " " for code in range(128)}
_WIDE = [(sign, unicodedata.normalize("NFKC", sign)) for sign in "，：；！？（）\u3000…"]
"""What nearly every Chinese text has and NFKC would change: without them it sees at once that nothing is to be done,
thirty times as fast. A sign that becomes others by itself may do so before the rest."""
_ROUGE = re.compile(r"[a-z0-9]+")
_BETWEEN = re.compile(r"(?<!\w)[.,;:!?…。，、；：！？\"'“”‘’]+|[.,;:!?…。，、；：！？\"'“”‘’]+(?!\w)")


def comparison_key(text: str) -> str:
    """The text as it is compared: NFKC and lower case. Never stored in place of the text."""
    if text.isascii():
        return text.lower()
    text = streamed(text)
    for wide, plain in _WIDE:
        text = text.replace(wide, plain)
    return unicodedata.normalize("NFKC", text).lower()


def blank(text: str) -> bool:
    """Whether there is nothing in a text to be seen: blanks, controls and characters without a shape alone."""
    return all(character.isspace() or unicodedata.category(character) in ("Cc", "Cf") for character in text)


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same: case, blanks and the punctuation of prose do not tell them apart; 1.5 and 15 stay
    two numbers."""
    return one == other or _said(one) == _said(other)


def _said(text: str) -> str:
    return " ".join(_BETWEEN.sub(" ", comparison_key(text)).split())


def tokens(text: str) -> list[str]:
    """The words of the text in order, each CJK character a word, punctuation left out."""
    key = comparison_key(text)
    if key.isascii():  # four times as fast as a pattern, and most of what is counted
        return key.translate(_APART).split()
    found: list[str] = []
    for run in _RUN.findall(key):
        if _CJK.match(run):
            found.extend(run)
        else:
            found.append(run)
    return found


def rouge_tokens(text: str) -> list[str]:
    """The words as google's rouge_score 0.1 sees them (no stemmer): ASCII letters and digits, so none in Chinese."""
    return _ROUGE.findall(text.lower())


def word_count(text: str) -> int:
    """Words between blanks, each CJK character counting as one: what limits "in words" are measured in."""
    characters = len(_CJK.findall(text))
    if not characters:
        return len(text.split())
    rest = _CJK.sub(" ", text).split()
    return characters + sum(any(c.isalnum() for c in piece) for piece in rest)


def token_estimate(text: str) -> int:
    """About how many tokens a current tokenizer makes of the text: four characters a token, three of CJK for two.

    An estimate for planning, within a third or so for plain English and Chinese; never a limit to rely on.
    """
    if text.isascii():
        return (len(text) + 3) // 4
    ideographs = len(_CJK.findall(text))
    return (8 * ideographs + 3 * (len(text) - ideographs) + 11) // 12


def has_cjk(text: str) -> bool:
    """Whether any CJK character is in the text."""
    return _CJK.search(text) is not None


def search_tokens(text: str) -> list[str]:
    """What a text is found by: its words, and for CJK its characters and pairs of neighbours; each once, in order."""
    runs = _RUN.findall(comparison_key(text))
    if text.isascii():
        return list(dict.fromkeys(runs))
    found: dict[str, None] = {}
    for run in runs:
        if not _CJK.match(run):
            found[run] = None
            continue
        for at, character in enumerate(run):
            found[character] = None
            if at + 1 < len(run):
                found[run[at : at + 2]] = None
    return list(found)


def query_tokens(text: str) -> list[str]:
    """What a text must have all of to match the query: words, and pairs of CJK characters (one alone as it is)."""
    found: dict[str, None] = {}
    for run in _RUN.findall(comparison_key(text)):
        if not _CJK.match(run) or len(run) == 1:
            found[run] = None
            continue
        for at in range(len(run) - 1):
            found[run[at : at + 2]] = None
    return list(found)
