"""Finding what somebody quotes: the exact stretch of a text, whatever became of its blanks and quotation marks."""

from __future__ import annotations

import unicodedata

_SAME = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
}  # fmt: skip
_EDGES = " \t\n\"'“”‘’「」『』…"
FEWEST_LETTERS = 8
FEWEST_CHINESE = 4


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """[start, end) in `text` of the first stretch that reads like the quote, None where there is none.

    Blanks do not count, neither do the shapes of quotation marks, dashes and full-width signs, nor quotation marks and
    dots of omission around the quote. Letters do, and so does their case unless nothing fits otherwise.
    """
    wanted = _bare(quote.strip(_EDGES).removesuffix("...").rstrip(_EDGES))
    if not wanted[0]:
        return None
    signs, places = _bare(text)
    for fold in (False, True):
        here = signs.lower() if fold and len(signs.lower()) == len(signs) else signs
        at = here.find(wanted[0].lower() if fold else wanted[0])
        if at >= 0:
            return places[at], places[at + len(wanted[0]) - 1] + 1
    return None


def is_telling(quote: str) -> bool:
    """Whether a quote is long enough to point at one place: four Chinese characters, or eight letters and digits."""
    wide = sum("\u2e80" <= sign <= "\u9fff" for sign in quote)
    return wide >= FEWEST_CHINESE or sum(sign.isalnum() for sign in quote) + wide >= FEWEST_LETTERS


def _bare(text: str) -> tuple[str, list[int]]:
    """The text's signs without blanks, one shape for each, and where in the text each of them stands."""
    signs, places = [], []
    for at, sign in enumerate(text):
        if sign.isspace() or sign in "\u200b\u00ad\ufeff":
            continue
        for one in _SAME.get(sign) or (sign if sign.isascii() else unicodedata.normalize("NFKC", sign)):
            if not one.isspace():
                signs.append(_SAME.get(one, one))
                places.append(at)
    return "".join(signs), places
