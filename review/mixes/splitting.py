"""Splitting: which rows train, which validate, which test. Pure. Rows that belong together stay on one side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generation.quality.novelty.pool import Pool as Novelty
from review.mixes.mixing import largest_remainder
from review.mixes.pool import Keys, drawn

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NAMES = ("train", "validation", "test")
HELD_OUT = ("validation", "test")
"""The sides that a model is measured with, not trained on."""
DEFAULT = (80, 10, 10)
MEGATRON = (969, 30, 1)
"""Megatron-LM's default `--split`: parts of train, validation and test. No mixture of sources, as it is often read."""
PRESETS = {"80:10:10": DEFAULT, "969:30:1": MEGATRON, "90:10": (90, 10, 0), "all": (1, 0, 0)}

NEAR_LIMIT = 20_000
"""Different prompts up to which near-duplicates are looked for: the search grows faster than the number of rows."""
NEAR = 0.7
_NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class Sides:
    """The side of each row as an index into `NAMES`, rows per side, and the sides that stayed empty."""

    side: npt.NDArray[np.int8]
    counts: dict[str, int]
    empty: tuple[str, ...]


def wanted(rows: int, *, ratios: Sequence[int], at_least_one: bool = False) -> list[int]:
    """Rows for each split by largest remainder, ties to the larger split."""
    return largest_remainder(rows, list(ratios), at_least_one=at_least_one)


def split(together: Keys, *, ratios: Sequence[int], seed: int, at_least_one: bool = False) -> Sides:
    """A side for each row; rows with the same key in `together` get the same one.

    Groups are drawn for the last split first and fill it as far as they fit; the first split takes the rest. So counts
    are exact as long as there are single rows to fill up with, and most rows keep their side when others are added.
    """
    import numpy as np

    targets = wanted(len(together), ratios=ratios, at_least_one=at_least_one)
    groups, member, counts = np.unique(together, return_inverse=True, return_counts=True)
    order = np.argsort(drawn(groups, seed), kind="stable")
    taken = np.zeros(len(groups), dtype=np.int8)
    for at in range(len(targets) - 1, 0, -1):
        _fill(taken, order, counts, at, targets[at])
    side = taken[member]
    found = np.bincount(side, minlength=len(targets))
    told = {name: int(count) for name, count, ratio in zip(NAMES, found, ratios, strict=False) if ratio}
    return Sides(side, told, tuple(name for name, count in told.items() if not count))


def _fill(
    taken: npt.NDArray[np.int8], order: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], at: int, room: int
) -> None:
    """Gives split `at` groups that are not taken yet, in order, as long as they fit."""
    for group in order:
        if room <= 0:
            return
        if not taken[group] and counts[group] <= room:
            taken[group] = at
            room -= int(counts[group])


def joined(prompts: Keys, *, families: npt.NDArray[np.int64] | None = None) -> Keys:
    """One key for rows that share a prompt or (where it is not 0) a family, through any number of links."""
    import numpy as np

    keys, member = np.unique(prompts, return_inverse=True)
    if families is None or not families.any():
        return np.asarray(keys[member])
    parent = list(range(len(keys)))
    first: dict[int, int] = {}
    _, kin, sizes = np.unique(families, return_inverse=True, return_counts=True)
    for row in np.flatnonzero((families != 0) & (sizes[kin] > 1)):
        at = int(member[row])
        other = first.setdefault(int(families[row]), at)
        _unite(parent, at, other)
    roots = np.array([_root(parent, at) for at in range(len(keys))], dtype=np.int64)
    return np.asarray(keys[roots[member]])


def near(prompts: Keys, *, texts: Sequence[str], threshold: float = NEAR) -> Keys:
    """The prompts' keys with those of near-duplicates (ROUGE-L over the threshold) made one.

    Each text is compared with its five closest neighbours before it. Above `NEAR_LIMIT` different prompts the keys come
    back as they are.
    """
    import numpy as np

    keys, where, member = np.unique(prompts, return_index=True, return_inverse=True)
    if len(keys) > NEAR_LIMIT:
        return prompts
    pool, parent = Novelty(threshold=threshold), list(range(len(keys)))
    for at in np.argsort(where):
        text = texts[int(where[at])]
        for found in pool.most_similar(text, limit=_NEIGHBOURS):
            if pool.exceeds(found.score):
                _unite(parent, int(at), found.id)  # type: ignore[arg-type]
        pool.add(text, key=int(at))
    roots = np.array([_root(parent, at) for at in range(len(keys))], dtype=np.int64)
    return np.asarray(keys[roots[member]])


def _root(parent: list[int], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at


def _unite(parent: list[int], one: int, other: int) -> None:
    first, second = sorted((_root(parent, one), _root(parent, other)))
    parent[second] = first
