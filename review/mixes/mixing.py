"""Mixing: how many rows each source gives, and which. Pure: counts and keys in, places out.

Rates are examples-proportional with a cap and a temperature, as in the FLAN collections (arXiv 2210.11416, 2301.13688):
rate_i = w_i min(n_i, K_i)^(1/T) / sum. A drawing is nested: with one seed a smaller sample lies inside a larger one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, TypeAlias

from review.mixes.pool import Keys, Pool

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Places: TypeAlias = "npt.NDArray[np.int64]"


@dataclass(frozen=True, slots=True)
class Portion:
    """One source as the arithmetic sees it. `cap` is K; `general` marks the general corpus that a share is set for."""

    available: int
    cap: int | None = None
    weight: float = 1.0
    general: bool = False

    @property
    def limit(self) -> int:
        """So many of its rows can be drawn without one coming twice."""
        return self.available if self.cap is None else min(self.available, self.cap)


def rates(portions: Sequence[Portion], *, temperature: float = 1.0) -> list[Fraction]:
    """What share of the mix each source gets; all 0 when there are no rows. Exact where the temperature is 1."""
    weights = [
        Fraction(p.weight) * (Fraction(p.limit) if temperature == 1 else Fraction(p.limit ** (1 / temperature)))
        for p in portions
    ]
    whole = sum(weights)
    return [weight / whole if whole else Fraction(0) for weight in weights]


def largest_remainder(total: int, shares: Sequence[Fraction | int | float], *, at_least_one: bool = False) -> list[int]:
    """`total` in whole parts after `shares` (any scale): what is left after rounding down goes to the largest
    remainders, of equals to the larger share. `at_least_one` gives each part with a share one, taken from the largest.
    """
    exact = [Fraction(share) for share in shares]
    whole = sum(exact)
    if not whole:
        return [0] * len(exact)
    ideal = [total * share / whole for share in exact]
    parts = [floor(each) for each in ideal]
    order = sorted(range(len(exact)), key=lambda at: (parts[at] - ideal[at], -exact[at], at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    if at_least_one:
        for at, share in enumerate(exact):
            richest = max(range(len(parts)), key=lambda other: parts[other])
            if share and not parts[at] and parts[richest] > 1:
                parts[at], parts[richest] = 1, parts[richest] - 1
    return parts


def sizes(
    portions: Sequence[Portion],
    *,
    size: int | None = None,
    temperature: float = 1.0,
    general_share: float | None = None,
    repeat: bool = False,
) -> list[int]:
    """How many rows each source gives.

    Without `size` it is the largest mix that keeps all rates without a row coming twice (with `repeat`: as many rows as
    there are). `general_share` (0 to 1) is what the general sources make up of the whole together, exactly, by largest
    remainder; without `repeat` a mix that would need more rows than there are becomes smaller. A source that has too
    few rows for its rate in a stated `size` gives all it has, and the others make up for it.
    """
    data = [at for at, each in enumerate(portions) if not each.general]
    general = [at for at, each in enumerate(portions) if each.general]
    if general_share is None or not data or not general:
        total = _most(portions, temperature, repeat) if size is None else size
        return _shared_out(total, portions, temperature, repeat)
    share = Fraction(str(general_share))
    ours, others = [portions[at] for at in data], [portions[at] for at in general]
    total = _total(size, share, _room(ours, size, temperature, repeat), _room(others, size, temperature, False), repeat)
    parts = largest_remainder(total, [1 - share, share])
    given = [0] * len(portions)
    for places, group, part in ((data, ours, parts[0]), (general, others, parts[1])):
        for at, count in zip(places, _shared_out(part, group, temperature, repeat), strict=True):
            given[at] = count
    return given


def _room(portions: Sequence[Portion], size: int | None, temperature: float, repeat: bool) -> int:
    """The rows that a group can give: for a stated size all of them, else as many as keep the rates."""
    return sum(each.limit for each in portions) if size else _most(portions, temperature, repeat)


def _total(size: int | None, share: Fraction, data: int, general: int, repeat: bool) -> int:
    """The size of a mix with a general share: what is asked for, or what the rows allow."""
    if repeat:
        return size if size is not None else round(data / (1 - share)) if share < 1 else general
    rooms = [Fraction(room) / part for room, part in ((data, 1 - share), (general, share)) if part]
    most = floor(min(rooms)) + 1
    total = most if size is None else min(size, most)
    while total and any(
        part > room for part, room in zip(largest_remainder(total, [1 - share, share]), (data, general), strict=True)
    ):
        total -= 1
    return total


def _most(portions: Sequence[Portion], temperature: float, repeat: bool) -> int:
    if repeat:
        return sum(each.limit for each in portions)
    found = zip(portions, rates(portions, temperature=temperature), strict=True)
    bounds = [each.limit / rate for each, rate in found if rate]
    return floor(min(bounds) + Fraction(1, 10**6)) if bounds else 0


def _shared_out(total: int, portions: Sequence[Portion], temperature: float, repeat: bool) -> list[int]:
    """`total` after the rates; without `repeat` nobody gives more than it has, and the rest is shared out anew."""
    shares = rates(portions, temperature=temperature)
    if repeat:
        return largest_remainder(total, shares) if any(shares) else [0] * len(portions)
    given = [0] * len(portions)
    open_ = {at for at, share in enumerate(shares) if share}
    while open_ and total > 0:
        places = sorted(open_)
        parts = largest_remainder(total, [shares[at] for at in places])
        full = [at for at, part in zip(places, parts, strict=True) if part > portions[at].limit]
        for at, part in zip(places, parts, strict=True):
            if at in full or not full:
                given[at] = portions[at].limit if at in full else part
        if not full:
            break
        total -= sum(portions[at].limit for at in full)
        open_ -= set(full)
    return given


def ranks_in_groups(groups: npt.NDArray[np.int32], keys: Keys) -> Places:
    """The place of each row among those of its group, from 0, in the order of the keys."""
    import numpy as np

    order = np.lexsort((keys, groups))
    sorted_groups = groups[order]
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]]) if len(order) else order
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    return ranks


def balanced(pool: Pool, *, keys: Keys, among: Places, ratio: float = 1.0) -> Places:
    """The rows of `among` with the largest groups cut down to `ratio` times the smallest, in the order of drawing: any
    first part of it is balanced too."""
    import numpy as np

    groups = np.frombuffer(pool.group, dtype=np.int32)[among]
    if not len(groups):
        return among
    counts = np.bincount(groups)
    most = max(1, floor(ratio * counts[counts > 0].min()))
    ranks = ranks_in_groups(groups, keys[among])
    kept = ranks < most
    return np.asarray(among[kept][np.lexsort((keys[among][kept], ranks[kept]))])


def draw(order: Places, count: int) -> Places:
    """The first `count` rows of an order; where it is too short it begins again, so copies differ by one at most."""
    import numpy as np

    if count <= len(order):
        return order[:count]
    return np.resize(order, count)
