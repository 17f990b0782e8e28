"""Asking one question inside a stage's work, with the types that go with it."""

from __future__ import annotations

from collections.abc import Generator

from generation.types import Prompt, Reply


def ask(prompt: Prompt) -> Generator[Prompt | list[Prompt], Reply | list[Reply], Reply]:
    """Yields one prompt and returns its one reply: `reply = yield from ask(prompt)`."""
    reply = yield prompt
    if isinstance(reply, list):
        raise TypeError("one prompt was asked, a list of replies came back")
    return reply
