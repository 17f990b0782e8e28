"""Several templates in one text: blocks between lines of dashes, so that one page edits all ways of saying a thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from generation.recipes.base import PromptText

_RULE = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)
_LONE = re.compile(r"\n*^[ \t]*\{\{\s*options\s*\}\}[ \t]*$\n*", re.MULTILINE)


def blocks(text: PromptText, *, requires: Sequence[str]) -> list[PromptText]:
    """The blocks that use all of `requires`, in order; a block that leaves one out would hide the row."""
    found = [PromptText(block.strip("\n")) for block in _RULE.split(text.text) if block.strip()]
    return [block for block in found if set(requires) <= set(block.variables())]


def fill(block: PromptText, values: Mapping[str, str]) -> str:
    """The block as one text with its values. A line of `{{ options }}` alone goes away where there are none."""
    text = block.text
    if not values.get("options"):
        text = _LONE.sub("\n\n", text).strip("\n")
    return PromptText(text).render({"options": "", **values})[-1].content
