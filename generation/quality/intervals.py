"""Intervals of shares, without numpy: small enough for every process. Pure."""

from __future__ import annotations

from math import sqrt

_Z = 1.959963984540054


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """The 95 % interval of a share after Wilson (1927); (0, 1) for no trials."""
    if not trials:
        return 0.0, 1.0
    share, z2 = successes / trials, _Z * _Z
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z / (1 + z2 / trials) * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    return max(0.0, middle - half), min(1.0, middle + half)
