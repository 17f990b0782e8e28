"""A simple instruction and its constraints as one request, and the words that constraints speak of."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from generation.quality.constraints import Supply, demand, kind
from generation.quality.text import has_cjk
from generation.recipes.json_replies import NoJSONError
from generation.recipes.wording import one_line

MOST_KEYWORDS = 12
_LONGEST = 30


def words_wanted(kinds: Sequence[str]) -> int:
    """How many words the constraints need."""
    return sum(kind(name).words for name in kinds)


def keywords_in(value: Any) -> list[str]:
    """The keywords in a reply's JSON: a list of short texts, or the one list in an object; `NoJSONError` otherwise."""
    if isinstance(value, dict):
        lists = [each for each in value.values() if isinstance(each, list)]
        value = lists[0] if len(lists) == 1 else None
    if not isinstance(value, list):
        raise NoJSONError("a list of words is wanted")
    words = [one_line(each) for each in value if isinstance(each, str)]
    words = [word for word in words if word and len(word) <= _LONGEST and word.replace(" ", "").isalnum()]
    if len(set(words)) < 2:
        raise NoJSONError("a list of at least two words is wanted")
    return list(dict.fromkeys(words))[:MOST_KEYWORDS]


def enough(words: Sequence[str], rng: random.Random, *, language: str, wanted: int) -> list[str]:
    """The words, and from our own list what is wanting to `wanted`."""
    own = rng.sample(_own_words(language), wanted + len(words))
    known = {word.lower() for word in words}
    return [*words, *[word for word in own if word not in known][: max(0, wanted - len(words))]]


def demands_of(
    kinds: Sequence[str], rng: random.Random, *, language: str, prompt: str, words: Sequence[str]
) -> list[dict[str, Any]]:
    """The constraints with arguments and wording, in the order in which they were drawn."""
    supply = Supply(rng, language, prompt, words)
    return [demand(name, supply) for name in kinds]


def request_of(instruction: str, demands: Sequence[Mapping[str, Any]], rng: random.Random) -> str:
    """The instruction with its constraints behind it, as running text or as a list."""
    texts = [each["text"] for each in demands]
    if len(texts) > 1 and rng.random() < 0.5:
        return instruction + "\n\n" + "\n".join(f"- {text}" for text in texts)
    return instruction + "\n" + ("" if has_cjk("".join(texts)) else " ").join(texts)


@cache
def _own_words(language: str) -> list[str]:
    path = Path(__file__).with_name(f"words.{'zh' if language == 'zh' else 'en'}.json")
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
