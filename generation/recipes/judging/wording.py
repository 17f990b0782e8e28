"""The words that ship for judges: rubrics and aspects, and the lines around what a judge is shown."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generation.recipes.judging.fencing import data_fence

_FOLDER = Path(__file__).parent
LANGUAGES = ("en", "zh")
_WORDS: Mapping[str, Any] = {
    each: json.loads((_FOLDER / f"words.{each}.json").read_text(encoding="utf-8")) for each in LANGUAGES
}
RUBRICS: Mapping[str, str] = {each: _WORDS[each]["rubric"] for each in LANGUAGES}
ASPECTS: Mapping[str, Mapping[str, str]] = {each: _WORDS[each]["aspects"] for each in LANGUAGES}
"""Language -> name of the aspect -> what it means and what its levels 1 to 5 say."""


def line(name: str, language: str) -> str:
    """One of the short texts that stand in prompts, in the language."""
    return str(_WORDS["zh" if language == "zh" else "en"]["lines"][name])


def aspect_named(written: str, language: str) -> tuple[str, str]:
    """The name and the meaning of an aspect: one that ships, or a person's own "name: meaning"."""
    shipped = ASPECTS["zh" if language == "zh" else "en"]
    if written.strip() in shipped:
        return written.strip(), shipped[written.strip()]
    name, _, meaning = written.replace("：", ":", 1).partition(":")
    return name.strip(), meaning.strip()


def reference_block(reference: str, language: str, rng: random.Random, *, kind: str = "reference") -> str:
    """The reference with a line that says what it is; "" where there is none."""
    return f"{line(kind, language)}\n\n{data_fence(reference, rng)}" if reference.strip() else ""


def numbered_fences(texts: Sequence[str], language: str, rng: random.Random) -> str:
    """Each text with its number from 1, fenced."""
    head = line("text", language)
    return "\n\n".join(f"{head.format(number)}\n{data_fence(text, rng)}" for number, text in enumerate(texts, 1))
