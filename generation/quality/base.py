"""The seam that every check is written against. Pure: text in, findings out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from generation.types import Draft, Finding


class Check(Protocol):
    """One rule about a draft. It never changes the draft; it says what it found and whether that drops it."""

    name: str
    title: str

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """The findings, empty when there is nothing to say. `settings` are the run's params as plain data."""
        ...
