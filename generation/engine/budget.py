"""What a call may cost at most, known before it is sent."""

from __future__ import annotations

from generation.engine.price import Price
from generation.types import Prompt

_PER_MESSAGE = 16
"""Tokens that a chat template may put around one message, generously."""


def most_tokens(request: bytes, prompt: Prompt, *, thinking: int = 0) -> tuple[int, int]:
    """Upper bounds of (prompt, completion) tokens: no tokenizer makes more tokens than there are bytes.

    `thinking` are tokens that the model may think besides its answer.
    """
    return len(request) + _PER_MESSAGE * (len(prompt.messages) + 1), prompt.sampling.max_tokens + thinking


def reservation(price: Price, request: bytes, prompt: Prompt, *, thinking: int = 0) -> int:
    """Micro-units to keep back for the call, at the dearest tier that it may reach; 0 where nothing is billed."""
    return price.most(*most_tokens(request, prompt, thinking=thinking))
