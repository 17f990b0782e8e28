"""What a model thought aloud, kept apart from what it said, and the switch for it.

Servers put it in a field of its own (`reasoning_content`, `reasoning`) or leave it in the text between <think> tags;
some templates open the tag in the prompt, so that only its end is in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

FIELDS = ("reasoning_content", "reasoning", "thinking")
BUDGET = 4096
"""Tokens that a model may think where the switch is on and the endpoint says no other number."""

_OPEN = re.compile(r"\s*<(think|thinking|seed:think)>", re.IGNORECASE)
_CLOSE = re.compile(r"</(think|thinking|seed:think)>\s*", re.IGNORECASE)


def parted(message: Mapping[str, Any], text: str) -> tuple[str, str]:
    """(thinking, text): what the message's fields hold, and what stands between tags at the text's beginning."""
    aloud = next((message[name] for name in FIELDS if isinstance(message.get(name), str) and message[name]), "")
    begin, end = _OPEN.match(text), _CLOSE.search(text)
    if begin is None and (end is None or re.search(r"<(think|thinking|seed:think)>", text[: end.start()], re.I)):
        return aloud, text
    start = begin.end() if begin else 0
    if end is None:
        return _joined(aloud, text[start:]), ""
    return _joined(aloud, text[start : end.start()]), text[end.end() :]


def _joined(*pieces: str) -> str:
    return "\n\n".join(piece.strip() for piece in pieces if piece.strip())


def switched(style: str, on: bool | None, model: str, *, budget: int = BUDGET) -> dict[str, Any]:
    """The request fields that switch thinking on or off in a server's style; nothing where nobody asked.

    DashScope's hybrid models think by default and bill it, so there nobody's asking means off.
    """
    if style == "enable_thinking":
        if on is None and not model.startswith("qwen"):
            return {}
        return {"enable_thinking": True, "thinking_budget": budget} if on else {"enable_thinking": False}
    if on is None:
        return {}
    if style == "chat_template_kwargs":
        return {"chat_template_kwargs": {"enable_thinking": on}}
    if style == "thinking":
        return {"thinking": {"type": "enabled" if on else "disabled"}}
    if style == "reasoning_effort":
        if model.startswith(("gpt-4", "gpt-3")):
            return {}
        return {"reasoning_effort": "medium" if on else "minimal" if model.startswith("gpt-5") else "none"}
    return {}
