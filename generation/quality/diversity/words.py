"""The words of a text that tell what it is about: nouns, verbs and names, whole words in Chinese too.

Chinese is cut with the dictionary of jieba (in rjieba, without its guesses at unknown words), which also says what kind
of word each is; English words come in the singular. Words of grammar and words that tasks are put with are left out.
"""

from __future__ import annotations

import re

from generation.quality.diversity.plain_words import is_telling
from generation.quality.diversity.verbs_en import singular
from generation.quality.text import comparison_key

MOST_CHARACTERS = 4000
"""What of a text is read: a row says early what it is about."""
_NOUNS = frozenset(("n", "nr", "nrt", "ns", "nt", "nz", "vn", "an", "j", "l", "t", "s", "eng"))
_OTHERS = frozenset(("v", "a", "i"))
_WORD = re.compile(r"[^\W\d_][^\W_]+(?:[-'][^\W_]+)*")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[a-z][a-z0-9]*(?:[-'+#.][a-z0-9+#]+)*[+#]*")
_OTHER_SCRIPTS = re.compile("[\u30a1-\u30ff]{2,}|[\uac00-\ud7af]{2,}|[\u0370-\u052f]{2,}|[\u0590-\u0dff]{2,}")


def telling_words(text: str) -> list[tuple[str, bool]]:
    """The telling words of the text in order, repeated ones too, each with whether it may name a topic (a noun)."""
    key = comparison_key(text[:MOST_CHARACTERS])
    if not _HAN.search(key):
        return [(word, True) for each in _WORD.findall(key) if is_telling(word := singular(each.removesuffix("'s")))]
    import rjieba  # here, because only what looks for topics needs its dictionary (20 MB)

    found: list[tuple[str, bool]] = []
    chinese = _LATIN.sub(" ", key).encode("utf-8", "replace").decode()
    for word, kind in rjieba.tag(chinese, False):
        if len(word) > 1 and (kind in _NOUNS or kind in _OTHERS) and _HAN.match(word) and is_telling(word):
            found.append((word, kind in _NOUNS))
    latin = (singular(each.removesuffix("'s")) for each in _LATIN.findall(key))
    found.extend((word, True) for word in latin if is_telling(word))
    found.extend((word, True) for word in _OTHER_SCRIPTS.findall(key))
    return found
