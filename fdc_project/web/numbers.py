"""Numbers out of addresses and forms."""

from __future__ import annotations

_MOST_DIGITS = 18
"""So many digits always fit a 64-bit column."""


def number_in(text: str) -> int | None:
    """The number that these ASCII digits write, None for anything else: `str.isdigit` also says yes to "²"."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
