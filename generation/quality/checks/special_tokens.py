"""Texts that a tokenizer takes for special tokens: in training data they forge turns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generation.chat.special_tokens import find_in
from generation.types import N_, Draft, Example, Finding


class SpecialTokens:
    """Points at special tokens of any chat template. Never drops: which of them matter depends on the target."""

    name = "special_tokens"
    title = N_("No special tokens of chat templates")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`special_token` for each field that holds some, with their number and the first of them."""
        found: dict[str, list[str]] = {}
        example = Example(draft.instruction, draft.input, draft.output, draft.system)
        for place in find_in(example):
            found.setdefault(place.path, []).append(place.found.token)
        return [
            Finding(self.name, "special_token", detail={"field": field, "count": len(tokens), "first": tokens[0]})
            for field, tokens in found.items()
        ]


CHECK = SpecialTokens()
