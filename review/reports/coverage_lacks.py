"""What a project has and never used: terms that no row speaks of, seeds and documents that no row comes from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from generation.holes import MOST_SEEDS, MOST_TERMS, Hole
from generation.models import Document, Grounding, Project, Sample, Seed

SHOWN = 20
_ROWS_OF_A_DOCUMENT = 9


@dataclass(frozen=True, slots=True)
class Unspoken:
    """The terms of a vocabulary's category that no row speaks of; `missing` holds the first of them."""

    category: str
    terms: int
    hit: int
    missing: Sequence[str]

    @property
    def hole(self) -> Hole:
        """What a run about these terms is begun with."""
        return Hole(terms=tuple(self.missing[:MOST_TERMS]))


@dataclass(frozen=True, slots=True)
class UnusedSeeds:
    """Seeds that no row descends from: how many of how many, and the first of them."""

    seeds: int
    unused: int
    first: Sequence[Seed] = ()
    ids: Sequence[int] = ()

    @property
    def hole(self) -> Hole:
        """What a run of these seeds is begun with."""
        return Hole(seeds=tuple(self.ids))


@dataclass(frozen=True, slots=True)
class BareDocuments:
    """Documents that no row stands on: how many of how many, and the first of them, each with the run about it."""

    documents: int
    bare: int
    first: Sequence[tuple[Document, Hole]] = ()


def unspoken(wanted: Mapping[str, Any], hit: Collection[str]) -> list[Unspoken]:
    """By category the terms that are not among `hit`."""
    found = []
    for category, listed in (wanted.get("categories") or {}).items():
        terms = list(dict.fromkeys(listed))
        missing = [term for term in terms if term not in hit]
        if missing:
            found.append(Unspoken(category, len(terms), len(terms) - len(missing), missing[:MOST_TERMS]))
    return found


def unused_seeds(project: Project) -> UnusedSeeds:
    """The seeds that no row descends from."""
    rows = Seed.objects.in_project(project)
    count = rows.count()
    if not count:
        return UnusedSeeds(0, 0)
    unused = rows.filter(~Exists(Sample.objects.filter(seed=OuterRef("pk")))).order_by("pk")
    ids = list(unused.values_list("pk", flat=True)[:MOST_SEEDS])
    several = unused.count() if len(ids) == MOST_SEEDS else len(ids)
    return UnusedSeeds(count, several, list(unused[:SHOWN]), ids)


def bare_documents(project: Project) -> BareDocuments:
    """The documents that no row stands on."""
    rows = Document.objects.in_project(project)
    count = rows.count()
    if not count:
        return BareDocuments(0, 0)
    bare = rows.filter(~Exists(Grounding.objects.filter(document=OuterRef("pk")))).order_by("pk")
    first = [(each, Hole(document=each.pk, rows=_ROWS_OF_A_DOCUMENT)) for each in bare.listed()[:SHOWN]]
    return BareDocuments(count, bare.count() if len(first) == SHOWN else len(first), first)
