"""Small statistics, exact where they can be: binomial tests, intervals, correlations. Nothing here draws by chance."""

from __future__ import annotations

from collections.abc import Sequence
from math import atanh, exp, lgamma, log, sqrt, tanh
from typing import TYPE_CHECKING

from generation.quality.intervals import wilson as wilson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_Z = 1.959963984540054
_SLACK = 1 + 1e-9


def binomial_p(successes: int, trials: int) -> float:
    """The exact two-sided p of so many successes where chance is one half; 1.0 for no trials."""
    if not trials:
        return 1.0
    logs = [_log_choose(trials, k) - trials * log(2) for k in range(trials + 1)] if trials <= 2000 else []
    if not logs:
        return _binomial_tail(successes, trials)
    seen = exp(logs[successes])
    return min(1.0, sum(exp(each) for each in logs if exp(each) <= seen * _SLACK))


def pearson(one: Numbers, other: Numbers) -> float | None:
    """The correlation; None for fewer than three points or where one side does not vary."""
    import numpy as np

    if len(one) < 3 or not one.std() or not other.std():
        return None
    return float(np.corrcoef(one, other)[0, 1])


def spearman(one: Numbers, other: Numbers) -> float | None:
    """The correlation of ranks, ties sharing their mean rank."""
    return pearson(ranks(one), ranks(other))


def ranks(values: Numbers) -> Numbers:
    """Ranks from 1, ties with their mean."""
    import numpy as np

    _unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    means: Numbers = ends - (counts - 1) / 2
    return means[inverse]


def fisher(r: float | None, count: int) -> tuple[float, float] | None:
    """The 95 % interval of a correlation."""
    if r is None or count < 4:
        return None
    at, half = atanh(max(-0.999999, min(0.999999, r))), _Z / sqrt(count - 3)
    return tanh(at - half), tanh(at + half)


def share_of(count: int | float, of: int | float) -> float | None:
    """The share; None of nothing."""
    return count / of if of else None


def median(values: Sequence[float] | Numbers) -> float | None:
    """The median; None of nothing."""
    import numpy as np

    return float(np.median(np.asarray(values, dtype=float))) if len(values) else None


def mean(values: Sequence[float] | Numbers) -> float | None:
    """The mean; None of nothing."""
    import numpy as np

    return float(np.mean(np.asarray(values, dtype=float))) if len(values) else None


def rounded(value: float | None, digits: int = 4) -> float | None:
    """The value as a report stores it."""
    return None if value is None else round(float(value), digits) + 0.0


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _binomial_tail(successes: int, trials: int) -> float:
    """The same for many trials: the symmetric tail, summed in logs around its edge; tiny tails end the sum."""
    edge = min(successes, trials - successes)
    if 2 * edge >= trials - 1 and trials - 2 * edge <= 1:
        return 1.0
    base = trials * log(2)
    total, k = 0.0, edge
    while k >= 0:
        piece = exp(_log_choose(trials, k) - base)
        total += piece
        if piece < total * 1e-15:
            break
        k -= 1
    return min(1.0, 2 * total)
