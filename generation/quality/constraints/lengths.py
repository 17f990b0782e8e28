"""How long a reply is and how it is cut: words, sentences, paragraphs."""

from __future__ import annotations

import re
from typing import Any

from generation.quality.constraints.base import Arguments, Kind, Supply, compared
from generation.quality.constraints.counting import bare, count_words, paragraphs, sentences
from generation.quality.text import comparison_key, has_cjk

CJK_FACTOR = 1.5
"""Characters for a word: limits of Chinese requests are said in characters."""
_STARS = re.compile(r"^[ \t]*\*\*\*[ \t]*$", re.MULTILINE)


def _sentences(supply: Supply) -> dict[str, Any]:
    return supply.relation(supply.rng.randint(3, 5))


def _words(supply: Supply) -> dict[str, Any]:
    """At least 10 to 25 words, or less than 30 to 100: both leave room for the other constraints."""
    least = supply.rng.random() < 0.5
    count = supply.rng.randint(10, 25) if least else supply.rng.randint(30, 100)
    if supply.chinese:
        count = round(CJK_FACTOR * count)
    return {"relation": "at_least" if least else "less_than", "count": count}


def _parts(supply: Supply) -> dict[str, Any]:
    return {"count": supply.rng.randint(2, 4)}


def _starred(text: str, args: Arguments) -> bool:
    """Exactly `count` paragraphs between lines of three asterisks. One may stand at either end; an empty part between
    two of them is a fault."""
    parts = [part.strip() for part in _STARS.split(text)]
    if len(parts) > 1 and not parts[0]:
        del parts[0]
    if len(parts) > 1 and not parts[-1]:
        del parts[-1]
    return all(parts) and len(parts) == args["count"]


def _nth(supply: Supply) -> dict[str, Any]:
    count = supply.rng.randint(2, 4)
    return {"paragraphs": count, "nth": supply.rng.randint(1, count), "first_word": supply.take(1)[0]}


def _begins_so(text: str, args: Arguments) -> bool:
    """As many paragraphs as asked for, and the wanted word first in that one, punctuation around it left out."""
    found = paragraphs(text)
    if len(found) != args["paragraphs"]:
        return False
    wanted = bare(comparison_key(args["first_word"]))
    start = bare(comparison_key(found[args["nth"] - 1]))
    if has_cjk(wanted):  # no blank tells where a Chinese word ends
        return start.startswith(wanted)
    return start[: len(wanted)] == wanted and not start[len(wanted) : len(wanted) + 1].isalnum()


KINDS = (
    Kind("number_sentences", _sentences, lambda text, args: compared(len(sentences(text)), args)),
    Kind("number_words", _words, lambda text, args: compared(count_words(text), args)),
    Kind("number_paragraphs", _parts, _starred),
    Kind("nth_paragraph_first_word", _nth, _begins_so, words=1),
)
