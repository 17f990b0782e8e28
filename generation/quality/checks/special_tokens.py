"""Texts that a tokenizer takes for special tokens: in training data they forge turns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.chat.special_tokens import Found, find_in, may_hold
from generation.quality.places import placed, text_in, texts_of, turns_of
from generation.types import N_, Draft, Example, Finding, Turn, TurnRole

_STRUCK = frozenset({"<s>", "</s>"})
_STRIKE = re.compile(r"\S\s<s>[^<>\n]{1,80}</s>")
_ROLES: Mapping[str, TurnRole] = {role: role for role in ("system", "user", "assistant", "tool")}


class SpecialTokens:
    """Points at special tokens of any chat template. Never drops: which of them matter depends on the target."""

    name = "special_tokens"
    title = N_("No special tokens of chat templates")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`special_token` for each field that holds some, with their number and the first of them."""
        if not any(may_hold(text) for _, text in texts_of(draft)):
            return []
        turns = tuple(Turn(_ROLES.get(role, "user"), text) for _, role, text in turns_of(draft))
        images, videos, audios = (("",) * int(draft.data.get(name) or 0) for name in ("images", "videos", "audios"))
        example = Example(
            draft.instruction, draft.input, draft.output, draft.system, turns=turns, images=images, videos=videos,
            audios=audios,
        )  # fmt: skip
        found: dict[str, list[Found]] = {}
        for place in find_in(example):
            if place.found.token in _STRUCK and _is_markup(text_in(draft, _field(place.path))):
                continue
            found.setdefault(_field(place.path), []).append(place.found)
        return [
            placed(
                self.name, "special_token", field=field, spans=((each.start, each.end) for each in tokens),
                first=tokens[0].token,
            )
            for field, tokens in found.items()
        ]  # fmt: skip


def _is_markup(text: str) -> bool:
    """Whether <s> stands inside a text and is closed there: what HTML prints struck through."""
    return _STRIKE.search(text) is not None


def _field(path: str) -> str:
    """ "turns.0.content" as findings call it."""
    return f"turn {int(path.split('.')[1]) + 1}" if path.startswith("turns.") else path


CHECK = SpecialTokens()
