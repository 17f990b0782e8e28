"""A recipe worked out on the rows as they are: which rows, in which order, on which side, and what was left out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from review.mixes import splitting
from review.mixes.mixing import Places, Portion, balanced, draw, rates, sizes
from review.mixes.pool import HASH, Keys, Pool, drawn, prefixes
from review.mixes.recipe import Recipe

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_SHUFFLE = 0x5EED
"""Told apart from the seed of the drawing: which rows come and where they stand have nothing to do with each other."""


MOST_REPEATED = 5_000_000
"""Rows of a mix that repeats some: a share of general rows near 100 % would ask for any number of the others."""


class TooManyRowsError(ValueError):
    """The mix would have far more rows than there are; the argument is how many."""


@dataclass(slots=True)
class Blend:
    """A version before it is written: for each row its source, its place in that source's pool, and its side.

    `manifest` has one entry a source: name, n_available, cap, rate, n_sampled, with_replacement, seed and, where there
    are any, duplicates and overlap left out, and what balancing took.
    """

    pools: Sequence[Pool]
    source: npt.NDArray[np.int16]
    place: Places
    side: npt.NDArray[np.int8]
    splits: dict[str, int]
    manifest: list[dict[str, Any]]
    warnings: list[str]

    def __len__(self) -> int:
        return len(self.place)

    def repeats(self) -> int:
        """How many rows have the very content of one before them."""
        import numpy as np

        keys = _content(self.pools, self.source, self.place)
        return len(keys) - len(np.unique(keys))

    def by_subject(self) -> Places:
        """The rows in the order of what they pin: written like this, a shuffled version does not make the database
        jump through all rows of the project."""
        import numpy as np

        return np.asarray(np.lexsort((self.place, self.source)))

    def content_hash(self) -> str:
        """The SHA-256 over the hashes of all rows in order."""
        digest = hashlib.sha256()
        for start in range(0, len(self), 50_000):
            chunk = slice(start, start + 50_000)
            for source, place in zip(self.source[chunk].tolist(), self.place[chunk].tolist(), strict=True):
                digest.update(self.pools[source].hash_of(place))
        return digest.hexdigest()


def blend(recipe: Recipe, *, pools: Sequence[Pool]) -> Blend:
    """The recipe worked out on the pools of its sources, in their order. The same pools always give the same rows.

    `TooManyRowsError` where rows would be repeated to more than `MOST_REPEATED` in all.
    """
    import numpy as np

    kept, left_out = _without_repeats(pools, unique=recipe.unique)
    keys = [pool.keys(recipe.seed) for pool in pools]
    orders = [_order(recipe, pool, key, among) for pool, key, among in zip(pools, keys, kept, strict=True)]
    portions = [
        Portion(len(order), each.cap, each.weight, each.general)
        for order, each in zip(orders, recipe.sources, strict=True)
    ]
    counts = sizes(
        portions, size=recipe.size, temperature=recipe.temperature, general_share=recipe.general_share,
        repeat=recipe.repeat,
    )  # fmt: skip
    if sum(counts) > max(MOST_REPEATED, sum(portion.available for portion in portions)):
        raise TooManyRowsError(sum(counts))
    manifest = _manifest(recipe, pools, portions, counts)
    for told, kept_rows, out, order in zip(manifest, kept, left_out, orders, strict=True):
        told |= out | ({"balanced_out": len(kept_rows) - len(order)} if len(order) < len(kept_rows) else {})
    places = [_in_order(draw(order, count)) for order, count in zip(orders, counts, strict=True)]
    source = np.concatenate([np.full(len(each), at, dtype=np.int16) for at, each in enumerate(places)])
    place = np.concatenate(places)
    if recipe.shuffle:
        order = _shuffled(recipe.seed, pools, source, place)
        source, place = source[order], place[order]
    sides, warnings = _sides(recipe, pools, source, place)
    return Blend(pools, source, place, sides.side, sides.counts, manifest, warnings)


def _without_repeats(pools: Sequence[Pool], *, unique: bool) -> tuple[list[Places], list[dict[str, int]]]:
    """The rows of each pool that no pool before it has (a row stands in one source only); with `unique`, no content."""
    import numpy as np

    kept, told, ids, hashes = [], [], np.empty(0, np.int64), np.empty(0, f"S{HASH}")
    for pool in pools:
        own = np.frombuffer(pool.ids, dtype=np.int64)
        new = np.ones(len(own), dtype=bool) if not len(ids) else ~np.isin(own, ids)
        out = {"overlap": int((~new).sum())}
        if unique:
            column = pool.hash_column()
            first = np.zeros(len(own), dtype=bool)
            at = np.flatnonzero(new)
            first[at[np.unique(column[at], return_index=True)[1]]] = True
            if len(hashes):
                first &= ~np.isin(column, hashes)
            out["duplicates"] = int(new.sum() - first.sum())
            new = first
            hashes = np.concatenate([hashes, column[new]]) if len(pools) > 1 else hashes
        ids = np.concatenate([ids, own]) if len(pools) > 1 else ids
        kept.append(np.flatnonzero(new))
        told.append({name: count for name, count in out.items() if count})
    return kept, told


def _order(recipe: Recipe, pool: Pool, keys: Keys, among: Places) -> Places:
    import numpy as np

    if recipe.balance:
        return balanced(pool, keys=keys, among=among, ratio=recipe.ratio)
    return np.asarray(among[np.argsort(keys[among], kind="stable")])


def _in_order(places: Places) -> Places:
    import numpy as np

    return np.sort(places, kind="stable")


def _manifest(
    recipe: Recipe, pools: Sequence[Pool], portions: Sequence[Portion], counts: Sequence[int]
) -> list[dict[str, Any]]:
    whole = rates(portions, temperature=recipe.temperature)
    return [
        {
            "name": source.name, "general": source.general, "n_available": len(pool), "cap": source.cap,
            "weight": source.weight, "rate": round(float(rate), 6), "n_sampled": count,
            "with_replacement": recipe.repeat and count > portion.available, "seed": recipe.seed,
        }
        for source, pool, portion, rate, count in zip(recipe.sources, pools, portions, whole, counts, strict=True)
    ]  # fmt: skip


def _content(pools: Sequence[Pool], source: npt.NDArray[np.int16], place: Places) -> Keys:
    """64 bits of content for each row of the mix."""
    import numpy as np

    keys = np.empty(len(place), dtype=np.uint64)
    for at, pool in enumerate(pools):
        mine = source == at
        if mine.any():
            keys[mine] = prefixes(pool.hash_column())[place[mine]]
    return keys


def _shuffled(seed: int, pools: Sequence[Pool], source: npt.NDArray[np.int16], place: Places) -> Places:
    import numpy as np

    content = _content(pools, source, place)
    # Copies of a row stand beside each other here; numbering them keeps them from doing so in the file.
    copies = np.r_[False, (place[1:] == place[:-1]) & (source[1:] == source[:-1])] if len(place) else np.empty(0, bool)
    run = np.arange(len(place)) - np.maximum.accumulate(np.where(copies, 0, np.arange(len(place))))
    with np.errstate(over="ignore"):
        mixed = content + run.astype(np.uint64) * np.uint64(0xD1342543DE82EF95)
    return np.asarray(np.argsort(drawn(mixed, seed ^ _SHUFFLE), kind="stable"))


def _sides(
    recipe: Recipe, pools: Sequence[Pool], source: npt.NDArray[np.int16], place: Places
) -> tuple[splitting.Sides, list[str]]:
    import numpy as np

    if not recipe.ratios:
        return splitting.Sides(np.zeros(len(place), np.int8), {}, ()), []
    warnings: list[str] = []
    together = _content(pools, source, place)
    if recipe.apart:
        together, warnings = _together(recipe, pools, source, place)
    sides = splitting.split(together, ratios=recipe.ratios, seed=recipe.seed, at_least_one=recipe.at_least_one)
    return sides, warnings + [f"empty_{name}" for name in sides.empty]


def _together(
    recipe: Recipe, pools: Sequence[Pool], source: npt.NDArray[np.int16], place: Places
) -> tuple[Keys, list[str]]:
    """One key for all rows that must not be parted."""
    import numpy as np

    prompts, families = np.empty(len(place), np.uint64), np.zeros(len(place), np.int64)
    texts: list[str] = [""] * len(place)
    for at, pool in enumerate(pools):
        mine = np.flatnonzero(source == at)
        chosen = place[mine]
        prompts[mine] = np.frombuffer(pool.prompt, dtype=np.uint64)[chosen]
        families[mine] = np.frombuffer(pool.family, dtype=np.int64)[chosen]
        if "near" in recipe.apart:
            for row, found in zip(mine.tolist(), chosen.tolist(), strict=True):
                texts[row] = pool.texts[found]
    warnings = []
    if "near" in recipe.apart:
        if len(np.unique(prompts)) > splitting.NEAR_LIMIT:
            warnings.append("near_limit")
        else:
            prompts = splitting.near(prompts, texts=texts)
    return splitting.joined(prompts, families=families if "family" in recipe.apart else None), warnings
