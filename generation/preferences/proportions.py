"""Shares with their intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` of `of`, with the 95 % score interval of the share (Wilson 1927); `share`, `low` and `high` are percent
    and None where there is nothing to share."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """The share in percent."""
        return 100 * self.count / self.of if self.of else None

    @property
    def low(self) -> float | None:
        """The lower end of the interval."""
        return self._ends()[0]

    @property
    def high(self) -> float | None:
        """The upper end of the interval."""
        return self._ends()[1]

    def _ends(self) -> tuple[float | None, float | None]:
        if not self.of:
            return None, None
        share, n, z2 = self.count / self.of, self.of, _Z95**2
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = _Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)
