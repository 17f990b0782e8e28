"""Which constraints cannot stand in one request, after arXiv 2404.15846; symmetric, and nothing goes with itself."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

_WORDS = ("keyword_existence", "keyword_frequency", "forbidden_words")
_PAIRS = {
    "response_language": (
        "multiple_sections", *_WORDS, "end_checker", "english_capital", "english_lowercase",
        # Beyond the paper: in another script or language these ask for what the reply cannot hold.
        "letter_frequency", "capital_word_frequency", "nth_paragraph_first_word", "postscript",
    ),
    "number_paragraphs": ("nth_paragraph_first_word", "number_sentences"),
    "multiple_sections": ("number_highlighted_sections", "number_paragraphs"),
    "capital_word_frequency": ("english_capital", "english_lowercase"),
    "english_capital": ("english_lowercase",),
    "quotation": ("title",),
    # Beyond the paper: the exact list of paragraphs or the first words of the whole are already spoken for.
    "nth_paragraph_first_word": ("multiple_sections", "number_bullet_list", "title", "quotation", "two_responses"),
}  # fmt: skip
_ALONE_BUT = {
    "constrained_response": (),
    "json_format": _WORDS,
    "xml_format": _WORDS,
    "two_responses": ("keyword_existence", "forbidden_words", "response_language", "title", "no_comma", "quotation"),
    "repeat_prompt": ("keyword_existence", "title", "no_comma"),
}
"""Each conflicts with everything but these."""
_ENGLISH = ("english_capital", "english_lowercase")


@cache
def conflict(first: str, second: str, *, language: str = "en") -> bool:
    """Whether the two kinds cannot both be asked for in a request worded in `language`.

    In a request that is not English, writing in English is writing in another language.
    """
    if first == second or first in _PAIRS.get(second, ()) or second in _PAIRS.get(first, ()):
        return True
    if any(one in _ALONE_BUT and other not in _ALONE_BUT[one] for one, other in ((first, second), (second, first))):
        return True
    foreign = _PAIRS["response_language"] if language != "en" else ()
    return any(one in _ENGLISH and other in foreign for one, other in ((first, second), (second, first)))


def fits(name: str, chosen: Collection[str], *, language: str = "en") -> bool:
    """Whether the kind goes with all that are chosen."""
    return not any(conflict(name, other, language=language) for other in chosen)
