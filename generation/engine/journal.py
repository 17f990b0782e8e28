"""What an item's earlier tries left behind, so that a replay pays for nothing twice."""

from __future__ import annotations

from collections.abc import Iterable

from generation.engine.ledger import StoredCall
from generation.types import Reply

FINISHED = frozenset({"parsed", "failed", "unknown", "skipped"})


class RecipeChangedError(Exception):
    """The recipe asks something else at this place than it did before: its code or prompt is not the same any more."""


class Journal:
    """The stored tries of one item, by request."""

    def __init__(self, calls: Iterable[StoredCall]) -> None:
        self._calls: dict[tuple[int, int], list[StoredCall]] = {}
        for call in calls:
            self._calls.setdefault((call.step, call.index), []).append(call)

    def speaking(self, step: int, index: int, fingerprint: str) -> StoredCall | None:
        """The row that stands for the request, or None; `RecipeChangedError` when it was another request."""
        for call in self._calls.get((step, index), ()):
            if call.speaks:
                if call.fingerprint != fingerprint:
                    raise RecipeChangedError(f"step {step}, index {index}")
                return call
        return None

    def attempts(self, step: int, index: int) -> int:
        """The number of the last try, 0 when there was none."""
        return max((call.attempt for call in self._calls.get((step, index), ())), default=0)

    def fresh(self, step: int, index: int) -> bool:
        """Whether the request was never tried, or every try was taken back."""
        return all(call.voided for call in self._calls.get((step, index), ()))

    def failures(self, step: int, index: int) -> tuple[int, int]:
        """How many superseded tries failed, and how many were refused for their rate; those that stopped the run are
        nobody's fault."""
        calls = self._calls.get((step, index), ())
        kinds = [call.failure for call in calls if call.state == "failed" and not call.speaks and not call.voided]
        refusals = kinds.count("rate_limited")
        return len(kinds) - refusals - kinds.count("unauthorized") - kinds.count("no_credit"), refusals


def replayed(call: StoredCall) -> Reply:
    """The reply that a finished call stands for."""
    return call.reply if call.state == "parsed" else Reply(failure=call.failure or "unknown_outcome")
