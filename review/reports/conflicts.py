"""The lists of conflicts: groups of samples with what is left of them, and prompts whose pairs contradict others."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from fdc_project.web.paging import Page, page_of
from generation.access import Seat
from generation.actions.contradictions import CONTRADICTED
from generation.models import PreferencePair, Sample
from generation.models.samples import SampleQuerySet
from review.actions.conflict_searches import MOST_GROUPS
from review.models import ConflictGroup, ConflictSearch
from review.quality_facts import ALIVE

VIEWS = ("conflict", "redundant", "settled", "pairs")
PAGE_SIZE = 50
_COUNTED = 200
"""Samples of a group of which a list counts how many are left."""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in the list: what its first sample asks, and how many of its samples still stand (None where there are
    too many to count for a list)."""

    group: ConflictGroup
    asked: str
    language: str
    alive: int | None

    @property
    def over(self) -> bool:
        """Whether nothing is left to settle."""
        return self.alive is not None and self.alive < 2


@dataclass(frozen=True, slots=True)
class PairLine:
    """A prompt some of whose pairs say the opposite of others, and how many are held back for that."""

    sample: int
    asked: str
    language: str
    pairs: int


def groups_of(seat: Seat, *, view: str, after: str | None) -> tuple[Page[ConflictGroup], list[GroupLine]]:
    """One page of the project's groups: the open ones of a kind, or those that were settled."""
    rows = ConflictGroup.objects.filter(project=seat.project)
    if view == "settled":
        rows = rows.exclude(state=ConflictGroup.State.OPEN).select_related("settled_by")
    else:
        rows = rows.filter(state=ConflictGroup.State.OPEN, kind=view)
    page = page_of(rows, after=after, size=PAGE_SIZE)
    ids = {pk for group in page.rows for pk in group.samples[:_COUNTED]}
    told = {
        pk: (state, asked, language)
        for pk, state, asked, language in Sample.objects.filter(project=seat.project, pk__in=ids).values_list(
            "pk", "state", "instruction", "language"
        )
    }
    lines = []
    for group in page.rows:
        known = [told[pk] for pk in group.samples[:_COUNTED] if pk in told]
        _state, asked, language = known[0] if known else ("", "", "")
        alive = sum(state in ALIVE for state, *_ in known) if len(group.samples) <= _COUNTED else None
        lines.append(GroupLine(group, asked[:200], language, alive))
    return page, lines


def pairs_of(seat: Seat, *, after: str | None) -> tuple[Page[Sample], list[PairLine]]:
    """One page of the prompts whose pairs contradict each other. Which answer any of them prefers is not told."""
    page = page_of(_contradicted(seat), after=after, size=PAGE_SIZE)
    held = _held(seat).filter(sample__in=[row.pk for row in page.rows]).order_by().values_list("sample")
    counted = dict(held.annotate(Count("pk")))
    return page, [PairLine(row.pk, row.instruction[:200], row.language, counted[row.pk]) for row in page.rows]


def counts_of(seat: Seat) -> dict[str, int]:
    """Open groups by kind, those that were settled, and prompts whose pairs contradict each other."""
    rows = ConflictGroup.objects.filter(project=seat.project).order_by().values_list("kind", "state")
    found = dict.fromkeys(VIEWS, 0)
    for kind, state, count in rows.annotate(Count("pk")):
        found[kind if state == ConflictGroup.State.OPEN else "settled"] += count
    found["pairs"] = _held(seat).order_by().aggregate(n=Count("sample", distinct=True))["n"]
    return found


def is_cut(search: ConflictSearch | None, open_groups: int) -> bool:
    """Whether a search found more groups of a kind than it keeps, as far as the open ones tell."""
    return search is not None and open_groups >= MOST_GROUPS


def newest_search(seat: Seat) -> ConflictSearch | None:
    """The latest search, whether it is done or not."""
    return ConflictSearch.objects.filter(project=seat.project).select_related("job").order_by("-pk").first()


def _held(seat: Seat) -> QuerySet[PreferencePair]:
    held = PreferencePair.State.HELD_BACK
    return PreferencePair.objects.filter(project=seat.project, state=held, reason=CONTRADICTED)


def _contradicted(seat: Seat) -> SampleQuerySet:
    return Sample.objects.filter(project=seat.project, pk__in=_held(seat).values("sample"))
