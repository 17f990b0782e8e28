"""Which seeds and entities each call shows. One sequence a run, from the run's random seed alone."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from generation.formats.vocabularies import flattened
from generation.recipes.domain_generation.params import Params, shares
from generation.types import SeedView

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Draw:
    """What one call shows: the first seed gives the task type."""

    seeds: tuple[SeedView, ...]
    entities: tuple[str, ...]

    @property
    def task_type(self) -> str:
        """The kind of task that the call asks for; "" where seeds have none."""
        return self.seeds[0].task_type


def usable(seeds: Sequence[SeedView]) -> list[SeedView]:
    """The seeds that can be shown: those with an instruction."""
    return [seed for seed in seeds if seed.instruction.strip()]


def drawn_from(vocabulary: Mapping[str, Sequence[str]], only: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The vocabulary cut down to these categories and terms; whole where none is named."""
    if not only:
        return vocabulary
    wanted = set(only)
    cut = {
        category: list(terms) if category in wanted else [term for term in terms if term in wanted]
        for category, terms in vocabulary.items()
    }
    return {category: terms for category, terms in cut.items() if terms}


def draws(
    seeds: Sequence[SeedView], vocabulary: Mapping[str, Sequence[str]], params: Params, rng: random.Random
) -> Iterator[Draw]:
    """The draws of all calls in order: `generate_times` rounds of `random_seed_num`.

    With one seed and one entity a call, drawn at random, a round is what the original draws: so many seeds and equally
    many entities, each without replacement, in pairs.
    """
    known, terms = usable(seeds), flattened(drawn_from(vocabulary, params.only_terms))
    if not known or not terms:
        return
    types = _types(known, params)
    decks: dict[str, Iterator[SeedView]] = {}
    deck = Deck(terms, rng) if params.entity_drawing == "stratified" else None
    for _round in range(params.generate_times):
        if types is None:
            first = _several(known, params.random_seed_num, rng)
        else:
            wanted = [next(types) for _call in range(params.random_seed_num)]
            first = [next(decks.setdefault(kind, _again(_of_type(known, kind), rng))) for kind in wanted]
        entities = _entities(list(terms), deck, params, rng)
        for seed, shown in zip(first, entities, strict=True):
            yield Draw((seed, *_like(seed, known, params.seeds_per_call - 1, rng)), shown)


def calls_of_types(seeds: Sequence[SeedView], params: Params) -> dict[str, int]:
    """How many calls each task type gets by the shares, by largest remainder; {} where chance alone decides.

    Types of which there is no seed get none, and what they would have had goes to the others.
    """
    there = {seed.task_type for seed in usable(seeds)}
    wanted = {name: share for name, share in shares(params).items() if name in there}
    total = sum(wanted.values())
    exact = {name: params.calls * share / total for name, share in wanted.items()}
    counts = {name: int(number) for name, number in exact.items()}
    left = params.calls - sum(counts.values()) if counts else 0
    for name in sorted(exact, key=lambda each: (counts[each] - exact[each], each))[:left]:
        counts[name] += 1
    return counts


def _types(seeds: Sequence[SeedView], params: Params) -> Iterator[str] | None:
    """The task type of each call, spread evenly over the run; None where nobody set shares."""
    counts = calls_of_types(seeds, params)
    if not counts:
        return None
    places = [((at + 0.5) / count, name) for name, count in counts.items() for at in range(count)]
    return iter([name for _place, name in sorted(places)])


class Deck:
    """Terms dealt by hands: all of them, then all again in another order, so that none is ever two hands ahead.

    Within each such round the categories come evenly mixed. A term that a hand holds already waits for the next one.
    """

    def __init__(self, terms: Mapping[str, tuple[str, ...]], rng: random.Random) -> None:
        self._cards = _rounds(terms, rng)
        self._waiting: list[str] = []

    def hand(self, size: int) -> tuple[str, ...]:
        """The next `size` terms, no two the same; at most as many as there are terms."""
        held, self._waiting = self._waiting[:size], self._waiting[size:]
        while len(held) < size:
            card = next(self._cards)
            (self._waiting if card in held else held).append(card)
        return tuple(held)


def _rounds(terms: Mapping[str, tuple[str, ...]], rng: random.Random) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for term, categories in terms.items():
        groups.setdefault(categories[0], []).append(term)
    while True:
        places: list[tuple[float, str]] = []
        for group in groups.values():
            shuffled = rng.sample(group, len(group))
            places += [((at + rng.random()) / len(group), term) for at, term in enumerate(shuffled)]
        yield from (term for _place, term in sorted(places))


def _entities(terms: list[str], deck: Deck | None, params: Params, rng: random.Random) -> list[tuple[str, ...]]:
    """The entities of each call of a round; those of one call are never the same."""
    calls, each = params.random_seed_num, min(params.entities_per_call, len(terms))
    if deck is not None:
        return [deck.hand(each) for _call in range(calls)]
    if calls * each <= len(terms):
        drawn = rng.sample(terms, calls * each)
        return [tuple(drawn[at * each : (at + 1) * each]) for at in range(calls)]
    if each == 1:
        return [(term,) for term in _several(terms, calls, rng)]
    return [tuple(rng.sample(terms, each)) for _call in range(calls)]


def _of_type(seeds: Sequence[SeedView], kind: str) -> list[SeedView]:
    return [seed for seed in seeds if seed.task_type == kind]


def _again(seeds: list[SeedView], rng: random.Random) -> Iterator[SeedView]:
    """The seeds in a random order, then all of them again in another."""
    while True:
        yield from rng.sample(seeds, len(seeds))


def _several(rows: Sequence[Row], count: int, rng: random.Random) -> list[Row]:
    """So many of the rows without replacement; all of them again and again where there are fewer."""
    found: list[Row] = []
    while len(found) < count:
        found += rng.sample(rows, min(count - len(found), len(rows)))
    return found


def _like(seed: SeedView, seeds: Sequence[SeedView], count: int, rng: random.Random) -> list[SeedView]:
    """More seeds of the same task type to stand beside it, as far as there are any."""
    others = [each for each in seeds if each.task_type == seed.task_type and each.id != seed.id] if count > 0 else []
    return rng.sample(others, min(count, len(others)))
