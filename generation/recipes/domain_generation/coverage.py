"""How evenly a run used its seeds and entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generation.formats.vocabularies import flattened


@dataclass(frozen=True, slots=True)
class Used:
    """What one call showed."""

    seed_ids: tuple[int, ...]
    entities: tuple[str, ...]
    task_type: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Calls by entity, by category, by seed and by task type, most first. `gini` is 0 where all entities came alike."""

    calls: int
    entities: tuple[tuple[str, int], ...]
    unused: tuple[str, ...]
    gini: float
    categories: tuple[tuple[str, int], ...]
    seeds: tuple[tuple[int, int], ...]
    unused_seeds: tuple[int, ...]
    task_types: tuple[tuple[str, int], ...]

    @property
    def terms(self) -> int:
        """How many entities there are, those never used included."""
        return len(self.entities) + len(self.unused)


def coverage(calls: Iterable[Used], *, vocabulary: Mapping[str, Sequence[str]], seed_ids: Sequence[int]) -> Coverage:
    """The coverage of these calls over all that they might have drawn. A term of two categories counts for both."""
    terms = flattened(vocabulary)
    entities: Counter[str] = Counter()
    seeds: Counter[int] = Counter()
    types: Counter[str] = Counter()
    count = 0
    for call in calls:
        count += 1
        entities.update(call.entities)
        seeds.update(call.seed_ids)
        types[call.task_type] += 1
    categories: Counter[str] = Counter(dict.fromkeys(vocabulary, 0))
    for term, number in entities.items():
        categories.update(dict.fromkeys(terms.get(term, ()), number))
    return Coverage(
        count,
        tuple(entities.most_common()),
        tuple(term for term in terms if not entities[term]),
        gini([entities[term] for term in terms]),
        tuple(categories.most_common()),
        tuple(seeds.most_common()),
        tuple(pk for pk in seed_ids if not seeds[pk]),
        tuple(types.most_common()),
    )


def gini(counts: Sequence[int]) -> float:
    """The Gini coefficient: 0 where all are alike, towards 1 where one has everything; 0 of nothing."""
    total, size = sum(counts), len(counts)
    if not total:
        return 0.0
    ranked = sum(rank * count for rank, count in enumerate(sorted(counts), 1))
    return 2 * ranked / (size * total) - (size + 1) / size
