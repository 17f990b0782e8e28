"""Recipes worked out on pools: which rows, in which order, on which side."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import pairwise

import pytest

from review.mixes import blend as blending
from review.mixes.blend import TooManyRowsError, blend
from review.mixes.pool import Pool
from review.mixes.recipe import Recipe, Source
from review.selection import Selection

SOURCE = Source("ours", Selection())


def pool(count, *, of="row", first=1):
    made = Pool()
    for number in range(count):
        content = hashlib.sha256(f"{of} {number}".encode()).hexdigest()
        made.add(first + number, revision=1, content_hash=content)
    return made


def ids(mixed):
    return [mixed.pools[source].ids[place] for source, place in zip(mixed.source, mixed.place, strict=True)]


def test_a_plain_recipe_is_every_row_in_the_order_of_ids():
    recipe = Recipe.of(Selection())
    assert ids(blend(recipe, pools=[pool(20)])) == list(range(1, 21))
    assert Recipe.from_config(recipe.as_config()) == recipe
    assert recipe.as_config() == {
        "task_type": "", "language": "", "run": None, "without_model": False, "kind": "sft",
    }  # fmt: skip


def test_004_30_the_same_seed_gives_the_same_order_and_another_a_different_one():
    recipe = Recipe((SOURCE,), shuffle=True)
    first, again = (ids(blend(recipe, pools=[pool(200)])) for _ in range(2))
    other = ids(blend(replace(recipe, seed=43), pools=[pool(200)]))
    assert first == again
    assert first != other != list(range(1, 201))
    assert sorted(first) == sorted(other) == list(range(1, 201))


def test_004_30_a_shuffle_puts_a_row_everywhere_alike():
    """Chi-square over ten tenths and 1,000 seeds; 27.9 is its 99.9 % point for nine degrees of freedom."""
    rows, tenths = pool(100), [0] * 10
    for seed in range(1000):
        order = ids(blend(Recipe((SOURCE,), shuffle=True, seed=seed), pools=[rows]))
        tenths[order.index(1) // 10] += 1
    assert sum((count - 100) ** 2 / 100 for count in tenths) < 27.9


def test_copies_of_a_row_do_not_stand_beside_each_other_and_share_a_side():
    recipe = Recipe((SOURCE,), size=300, repeat=True, shuffle=True, ratios=(80, 10, 10))
    mixed = blend(recipe, pools=[pool(100)])
    order = ids(mixed)
    assert sorted(order) == sorted([*range(1, 101)] * 3)
    assert sum(one == other for one, other in pairwise(order)) < 10
    sides: dict[int, set[int]] = {}
    for row, side in zip(order, mixed.side.tolist(), strict=True):
        sides.setdefault(row, set()).add(side)
    assert all(len(found) == 1 for found in sides.values())
    assert mixed.manifest[0]["with_replacement"] is True


def test_a_row_stands_in_one_source_and_a_content_once():
    both = (SOURCE, Source("the same again", Selection(language="en")))
    mixed = blend(Recipe(both, unique=True), pools=[pool(10), pool(10)])
    assert len(mixed) == 10
    assert mixed.manifest[1]["overlap"] == 10
    copies = blend(Recipe(both, unique=True), pools=[pool(10), pool(10, first=100)])
    assert (len(copies), copies.manifest[1]["duplicates"]) == (10, 10)


def test_001_14_the_manifest_says_of_each_source_what_it_had_and_gave():
    general = Source("general", Selection(language="en"), general=True, cap=500)
    recipe = Recipe((SOURCE, general), general_share=0.2, seed=7)
    mixed = blend(recipe, pools=[pool(800), pool(900, of="general", first=5000)])
    assert mixed.manifest == [
        {
            "name": "ours", "general": False, "n_available": 800, "cap": None, "weight": 1.0, "rate": 0.615385,
            "n_sampled": 800, "with_replacement": False, "seed": 7,
        },
        {
            "name": "general", "general": True, "n_available": 900, "cap": 500, "weight": 1.0, "rate": 0.384615,
            "n_sampled": 200, "with_replacement": False, "seed": 7,
        },
    ]  # fmt: skip


def test_a_recipe_reads_back_as_it_was_written():
    recipe = Recipe(
        (SOURCE, Source("more", Selection(tag="x", least=0.5), general=True, weight=2.0, cap=9)),
        size=10, temperature=2.0, general_share=0.3, repeat=True, balance="language", ratio=2.0, unique=True,
        ratios=(969, 30, 1), at_least_one=True, apart=("prompt", "near"), shuffle=True, seed=3, use="sft",
    )  # fmt: skip
    assert Recipe.from_config(recipe.as_config()) == recipe


def test_no_rows_at_all_are_no_fault():
    mixed = blend(Recipe((SOURCE, SOURCE), unique=True, shuffle=True, ratios=(80, 10, 10)), pools=[pool(0), pool(0)])
    assert len(mixed) == 0


def test_rows_are_not_repeated_beyond_all_measure(monkeypatch):
    monkeypatch.setattr(blending, "MOST_REPEATED", 100)
    recipe = Recipe((SOURCE,), repeat=True, size=100)
    assert len(blend(recipe, pools=[pool(10)])) == 100
    with pytest.raises(TooManyRowsError):
        blend(replace(recipe, size=101), pools=[pool(10)])
    assert len(blend(replace(recipe, size=150), pools=[pool(150)])) == 150
    sources = (SOURCE, replace(SOURCE, name="general", general=True))
    with pytest.raises(TooManyRowsError):
        blend(Recipe(sources, repeat=True, general_share=0.999), pools=[pool(10), pool(10, of="other", first=100)])
