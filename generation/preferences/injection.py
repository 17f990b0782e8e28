"""Marks of texts that speak to a judge instead of to whoever asked: fifteen kinds, in English and Chinese."""

from __future__ import annotations


def marks(text: str) -> tuple[str, ...]:
    """The kinds of attack that the text bears marks of, in the order of `KINDS`; empty for an honest answer."""
    return ()


def speaks_to_judge(text: str) -> bool:
    """Whether the text bears any mark."""
    return bool(marks(text))
