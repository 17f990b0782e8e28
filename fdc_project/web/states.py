"""States as tables: what may follow what, checked in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Transitions = Mapping[str, frozenset[str]]


class TransitionError(Exception):
    """A row was asked to go where its table of transitions does not lead."""

    def __init__(self, row: object, source: str, target: str) -> None:
        super().__init__(f"{type(row).__name__} cannot go from {source!r} to {target!r}")
        self.source = source
        self.target = target


def table(**edges: str) -> Transitions:
    """A table from words: `table(created="running cancelled", running="completed")`."""
    return {source: frozenset(targets.split()) for source, targets in edges.items()}


def check(row: Any, target: str) -> None:
    """`TransitionError` unless the row's model lets it go from its state to `target`."""
    if target not in row.TRANSITIONS.get(row.state, ()):
        raise TransitionError(row, row.state, target)
