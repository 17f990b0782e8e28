"""Constraints that a reply can be held to by rules: twenty-six kinds, after IFEval (arXiv 2311.07911).

`KINDS` is the list; a family of kinds is one file. What a constraint says to a model is in `wordings.<language>.json`,
eight ways each. A demand is one constraint with its arguments, as plain JSON: {"kind", "args", "text"}.
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from generation.quality.constraints import frames, layouts, lengths, words, writing
from generation.quality.constraints.base import Kind, Supply
from generation.quality.constraints.conflicts import fits
from generation.quality.constraints.languages import NAMES

KINDS: tuple[Kind, ...] = (*words.KINDS, *lengths.KINDS, *layouts.KINDS, *frames.KINDS, *writing.KINDS)
ALONE = "constrained_response"
STRUCTURED = ("json_format", "xml_format")
WITH_STRUCTURE = ("keyword_existence", "forbidden_words")
MOST_TRIES = 1000
_MOST_STARTS = 20

_BY_NAME = {each.name: each for each in KINDS}
_RELATION = {
    "en": {"at_least": "at least", "less_than": "fewer than"},
    "zh": {"at_least": "至少", "less_than": "少于"},
}


class UnknownKind(LookupError):  # noqa: N818 - the name says what is the matter
    """No kind of constraint has that name."""


def kind(name: str) -> Kind:
    """The kind called `name`; `UnknownKind` when there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownKind(name) from None


def draw(
    rng: random.Random, *, language: str = "en", least: int = 3, most: int = 5, left_out: Collection[str] = ()
) -> tuple[str, ...]:
    """Kinds for one request, none in conflict with another: `least` to `most` of them, none that is `left_out`.

    A fixed answer stands alone when it is drawn first; JSON or XML drawn first gets exactly one demand about words.
    Fewer than `least` only where what is left does not go together.
    """
    names = [each.name for each in KINDS if each.name not in left_out]
    best: list[str] = []
    for _ in range(_MOST_STARTS):
        first = rng.choice(names)
        if first == ALONE:
            return (first,)
        if first in STRUCTURED:
            beside = [name for name in WITH_STRUCTURE if name in names]
            return (first, rng.choice(beside)) if beside else (first,)
        chosen = _together(first, names, rng.randint(least, most), rng, language)
        best = max(best, chosen, key=len)
        if len(chosen) >= least:
            break
    return tuple(best)


def _together(first: str, names: Sequence[str], wanted: int, rng: random.Random, language: str) -> list[str]:
    chosen = [first]
    others = [name for name in names if name != ALONE and name not in STRUCTURED]
    for _ in range(MOST_TRIES if others else 0):
        if len(chosen) == wanted:
            break
        name = rng.choice(others)
        if fits(name, chosen, language=language):
            chosen.append(name)
    return chosen


def demand(name: str, supply: Supply) -> dict[str, Any]:
    """The kind with arguments and wording drawn from the supply, as plain JSON."""
    args = kind(name).draw(supply)
    said = said_of(name, args, language=supply.language)
    return {"kind": name, "args": args, "text": supply.rng.choice(said)}


def said_of(name: str, args: Mapping[str, Any], *, language: str) -> tuple[str, ...]:
    """Every way in which the demand is put in the language ("zh", all others English)."""
    language = "zh" if language == "zh" else "en"
    shown = {key: _shown(key, value, language) for key, value in args.items()}
    return tuple(text.format(**shown) for text in wordings(language)[name])


@cache
def wordings(language: str) -> Mapping[str, Sequence[str]]:
    """Kind -> what it may say, with the names of its arguments in braces."""
    path = Path(__file__).with_name(f"wordings.{language}.json")
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def holds(text: str, made: Mapping[str, Any], *, loose: bool = False) -> bool:
    """Whether the reply meets the demand; an empty reply meets none.

    Loose: also when it would without its first or last line, or without asterisks, eight variants in all.
    """
    judged = kind(made["kind"])
    return any(each.strip() and judged.holds(each, made["args"]) for each in (variants(text) if loose else (text,)))


def variants(text: str) -> Iterator[str]:
    """The text, without its first line, its last, both; and the same four without asterisks."""
    lines = text.split("\n")
    cut = ("\n".join(part).strip() for part in (lines[1:], lines[:-1], lines[1:-1]))
    for each in (text, *cut):
        yield each
        yield each.replace("*", "")


def _shown(key: str, value: Any, language: str) -> Any:
    if key == "relation":
        return _RELATION[language][value]
    if key == "code":
        return NAMES[value][language == "zh"]
    if key in ("keywords", "options"):
        left, right, joint = ("“", "”", "、") if language == "zh" else ('"', '"', ", ")
        return joint.join(f"{left}{each}{right}" for each in value)
    return value


__all__ = [
    "ALONE", "KINDS", "MOST_TRIES", "STRUCTURED", "WITH_STRUCTURE", "Kind", "Supply", "UnknownKind", "demand", "draw",
    "fits", "holds", "kind", "said_of", "variants", "wordings",
]  # fmt: skip
