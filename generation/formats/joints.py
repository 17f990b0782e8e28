"""Texts that a trainer sets one behind the other as they are: what stands between them must stand in one of them."""

from __future__ import annotations

JOINT = "\n"


def joined(before: str, after: str) -> str:
    """The earlier text with a line end where nothing else would part it from the later one."""
    return before + JOINT if before and after and not after[0].isspace() else before


def parted(before: str, after: str) -> str:
    """The earlier text without the line end that `joined` added; the two are each other's inverse."""
    return before.removesuffix(JOINT) if after and not after[0].isspace() else before
