"""Backtranslation by rules: requests made of headings, and scores that are drawn. No model has read anything.

A share of the replies is spoilt on purpose, in every way that the recipe's filters know.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generation.recipes.wording import language_of

_SPOILT = 0.16
_SPOILT_SCORE = 0.04
_SCORES = (5, 5, 5, 4, 4, 3, 2, 1)


def augment(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A request for what stands under the heading; now and then one that must be dropped."""
    words = _words(variables)
    titles = [title for title in variables["titles"] if title.strip()]
    title = titles[-1] if titles else words["untitled"]
    if rng.random() < _SPOILT:
        kind = rng.choice(("refers", "none", "refusal", "other", "long"))
        if kind == "refers":
            return str(rng.choice(words["refers"])).format(title=title)
        return " ".join(words["about"]) * 20 if kind == "long" else str(words[kind])
    return str(rng.choice(words["ask"])).format(title=title, about=rng.choice(words["about"]))


def curate(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A reason and a score; now and then none."""
    words = _words(variables)
    return f"{rng.choice(words['reason'])}\n{_score(words, rng.choice(_SCORES), rng)}"


def recurate(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A score near the first judge's."""
    words, first = _words(variables), int(variables["scores"].get("curation", 3))
    return f"{words['answers']}\n{_score(words, min(5, max(1, first + rng.choice((-1, 0, 0, 0, 1)))), rng)}"


def _score(words: Any, score: int, rng: random.Random) -> str:
    return str(words["no_score"]) if rng.random() < _SPOILT_SCORE else str(words["score"]).format(score=score)


def _words(variables: Mapping[str, Any]) -> Any:
    text = variables.get("output") or variables["given"]
    return _table()[language_of(str(text), otherwise="zh" if variables["language"] == "zh" else "en")]


@cache
def _table() -> Any:
    return json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {
    "backtranslation.augment": augment,
    "backtranslation.curate": curate,
    "backtranslation.recurate": recurate,
}
