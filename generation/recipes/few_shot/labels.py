"""Labels as a model should say them, and languages by their names."""

from __future__ import annotations

from collections.abc import Iterable

_SENTIMENT = {
    "negative": ("0", "neg", "negative", "消极", "负面", "差评"),
    "positive": ("1", "pos", "positive", "积极", "正面", "好评"),
    "neutral": ("2", "neutral", "中性", "中立"),
}
_WORDS = {
    "en": {"negative": "Negative", "positive": "Positive", "neutral": "Neutral"},
    "zh": {"negative": "消极", "positive": "积极", "neutral": "中性"},
}
_KINDS = {value: kind for kind, values in _SENTIMENT.items() for value in values}
_LANGUAGES = {
    "en": {"en": "English", "zh": "Chinese", "fr": "French", "de": "German", "es": "Spanish", "ja": "Japanese"},
    "zh": {"en": "英文", "zh": "中文", "fr": "法文", "de": "德文", "es": "西班牙文", "ja": "日文"},
}
_COLUMN_LANGUAGES = {"en": "en", "英文": "en", "zh": "zh", "中文": "zh"}


def sentiment(value: str, *, language: str, values: Iterable[str]) -> str | None:
    """The label word for a raw value, None when unknown. A bare 2 is neutral only among three distinct values."""
    kind = _KINDS.get(value.strip().lower())
    if value.strip() == "2" and len(set(values)) != 3:
        return None
    return None if kind is None else _WORDS[language][kind]


def sentiment_words(values: Iterable[str], *, language: str) -> list[str]:
    """The label set of a file: positive and negative, and neutral where some row is."""
    distinct = set(values)
    found = {sentiment(value, language=language, values=distinct) for value in distinct}
    neutral = _WORDS[language]["neutral"] in found
    return [_WORDS[language][kind] for kind in ("positive", "negative", *(["neutral"] if neutral else []))]


def language_name(code: str, *, language: str) -> str:
    """The name of a language in `language`; what is not known is its own name."""
    return _LANGUAGES[language].get(code.strip().lower(), code.strip())


def column_language(column: str) -> str:
    """The language that a column's name tells, "" when it tells none."""
    return _COLUMN_LANGUAGES.get(column.strip().lower(), "")
