"""The templates of a run: those of its prompts, and behind them what a model made of them where one was asked."""

from __future__ import annotations

from itertools import zip_longest

from generation.quality.text import comparison_key
from generation.recipes.base import Context, PromptText
from generation.recipes.flan_templates.params import KINDS
from generation.recipes.variants import blocks
from generation.types import PoolView

REPHRASE = "flan_templates.rephrase"
VARIABLES = {
    "instruction": ("task",),
    "qa": ("question",),
    "classification": ("request", "text"),
    "translation": ("source", "source_language", "target_language"),
    "summary": ("request", "text"),
}
REQUIRED = {**VARIABLES, "translation": ("source", "target_language")}


def own(kind: str, context: Context) -> list[PromptText]:
    """The templates of a kind, at least one: a text without any is the bare variables."""
    found = blocks(context.prompts[f"flan_templates.{kind}"], requires=REQUIRED[kind])
    bare = "\n\n".join(f"{{{{ {name} }}}}" for name in REQUIRED[kind])
    return found or [PromptText(bare + "\n\n{{ options }}")]


def all_of(pool: PoolView, context: Context) -> dict[str, list[PromptText]]:
    """By kind its own templates and, in the order of their tasks, the rephrasings that say something else."""
    found = {kind: own(kind, context) for kind in KINDS}
    seen = {kind: {key_of(each.text) for each in texts} for kind, texts in found.items()}
    for view in pool.admitted.get(REPHRASE, ()):
        kind, key = view.draft.data["kind"], key_of(view.draft.instruction)
        if key not in seen[kind]:
            seen[kind].add(key)
            found[kind].append(PromptText(view.draft.instruction))
    return found


def in_turn(first: int, count: int) -> list[int]:
    """The numbers below `count` with those from `first` on spread among those before: 0, 3, 1, 4, 2 for 3 of 5."""
    pairs = zip_longest(range(first), range(first, count))
    return [number for pair in pairs for number in pair if number is not None]


def key_of(text: str) -> str:
    """What two wordings that differ in blanks and case have in common."""
    return " ".join(comparison_key(text).split())
