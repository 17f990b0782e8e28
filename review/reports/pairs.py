"""What the pages of preference pairs read: lists by key, counts by state and reason, one pair and where it comes from.

Everything goes through the rule of blindness: who may not know which answer is preferred gets two texts in an order
that is drawn for them, and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Substr

from fdc_project.web.paging import Count, Page, capped_count, page_of
from generation.access import Seat
from generation.actions.tallies import counts
from generation.blinding import Sight
from generation.models import AuditEntry, Look, PreferencePair, Run
from review.actions.edit_pairs import edits_without_pair
from review.actions.pair_moves import TAKEN_BACK
from review.models import Judgement
from review.pair_criteria import PairCriteria
from review.pair_rules import Ground, ground_of
from review.reports.sights import sights_of

PAGE_SIZE = 50
LONGEST_TEXT = 240
LATEST_RUNS = 50
MOST_EVENTS = 50
_LIST_FIELDS = (
    "id", "project_id", "sample_id", "chosen_id", "rejected_id", "state", "reason", "source", "margin", "consistent",
    "run_id", "job_id", "version", "created_at", "sample__language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One answer as a page shows it. `mark` is "chosen" or "rejected", "" for who may not know."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PairSeen:
    """A pair as this person may see it: `pair` is None for whoever may not know more than two answers to a prompt."""

    pk: int
    prompt: str
    language: str
    sides: Sequence[Side]
    sight: Sight
    pair: PreferencePair | None = None
    ground: Ground = ""


@dataclass(frozen=True, slots=True)
class PairsFound:
    """One page of the list. `open` says whether this person may have it by state, reason and source; without that the
    criteria are the neutral ones and nothing is counted."""

    criteria: PairCriteria
    page: Page[PreferencePair]
    rows: Sequence[PairSeen]
    count: Count
    open: bool
    by_state: Mapping[str, int]
    by_reason: Sequence[tuple[str, int]]
    total: int
    runs: Sequence[Run]
    edits: Count


def may_list_by(seat: Seat, *, run: int | None) -> bool:
    """Whether the person has looked behind all pairs of the project, or of this run: then a list may tell of them."""
    looks = Look.objects.filter(person=seat.person, project=seat.project)
    if looks.filter(sample=None, run=None).exists():
        return True
    return run is not None and looks.filter(run__in=Run.objects.filter(pk=run)).exists()


def browse_pairs(seat: Seat, *, criteria: PairCriteria, after: str | None, size: int = PAGE_SIZE) -> PairsFound:
    """One page of the filter, newest first. Filters that tell of pairs are left out for who may not know."""
    project = seat.project
    open_ = may_list_by(seat, run=criteria.run)
    criteria = criteria if open_ else criteria.neutral()
    rows = criteria.apply(PreferencePair.objects.filter(project=project))
    page = page_of(_listed(rows), after=after, size=size, newest_first=True)
    sights = sights_of(seat, samples=[pair.sample_id for pair in page.rows])
    everything = counts(project.pk, kind="pair")
    by_state = everything if criteria.run is None else _states_of(criteria.run)
    known = criteria == PairCriteria(state=criteria.state)
    number = by_state.get(criteria.state, 0) if criteria.state else sum(everything.values())
    return PairsFound(
        criteria=criteria,
        page=page,
        rows=[_row(seat, pair, sights[pair.sample_id]) for pair in page.rows],
        count=Count(number, False) if known else capped_count(rows),
        open=open_,
        by_state=by_state if open_ else {},
        by_reason=_reasons(seat, criteria) if open_ else (),
        total=sum(everything.values()),
        runs=_runs(seat) if open_ else (),
        edits=capped_count(edits_without_pair(project), cap=1000),
    )


def browse_some(seat: Seat, rows: QuerySet[PreferencePair]) -> list[PairSeen]:
    """A few pairs as the list shows them, each as far as this person may see it."""
    found = list(_listed(rows))
    sights = sights_of(seat, samples=[pair.sample_id for pair in found])
    return [_row(seat, pair, sights[pair.sample_id]) for pair in found]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a pair, from the audit trail. `undoable` while nothing has happened since."""

    entry: AuditEntry
    undoable: bool


@dataclass(frozen=True, slots=True)
class PairWhole:
    """One pair with all that this person may know of it."""

    seen: PairSeen
    prompt: Any
    judge: Mapping[str, Any]
    votes: Sequence[Judgement]
    events: Sequence[Event]


def pair_seen(seat: Seat, *, pair_id: int) -> PairWhole | None:
    """The project's pair, or None."""
    rows = PreferencePair.objects.filter(project=seat.project, pk=pair_id)
    pair = rows.select_related("sample", "chosen__author", "rejected__author", "run", "job").first()
    if pair is None:
        return None
    sight = sights_of(seat, samples=[pair.sample_id])[pair.sample_id]
    texts = [pair.chosen.text, pair.rejected.text]
    seen = _seen(seat, pair, sight, prompt=pair.sample.instruction, texts=texts)
    if not sight.verdicts:
        return PairWhole(seen, pair.sample, {}, (), ())
    judge = dict(pair.meta.get("judge") or {})
    if not sight.names:
        judge = {name: value for name, value in judge.items() if name != "model"}
    return PairWhole(seen, pair.sample, judge, _votes(pair) if sight.votes else (), _events(seat, pair))


def edit_pair_of(sample: Any) -> PreferencePair | None:
    """The pair that was made of the sample's edit and not taken back, or None."""
    rows = PreferencePair.objects.filter(sample__parent=sample, source=PreferencePair.Source.EDIT)
    return rows.exclude(reason=TAKEN_BACK).order_by("-pk").first()


def order_for(seat: Seat, pair_id: int) -> bool:
    """Whether the chosen answer comes second for this person: drawn by them and the pair, so that it tells nothing."""
    drawn = hashlib.blake2b(f"pair {pair_id} {seat.person.pk} {seat.project.pk}".encode(), digest_size=1).digest()
    return bool(drawn[0] & 1)


def _listed(rows: QuerySet[PreferencePair]) -> QuerySet[PreferencePair]:
    return rows.select_related("sample").only(*_LIST_FIELDS).annotate(
        asked=Substr("sample__instruction", 1, LONGEST_TEXT), better=Substr("chosen__text", 1, LONGEST_TEXT),
        worse=Substr("rejected__text", 1, LONGEST_TEXT), better_model=F("chosen__model"),
        worse_model=F("rejected__model"),
    )  # fmt: skip


def _row(seat: Seat, pair: Any, sight: Sight) -> PairSeen:
    return _seen(seat, pair, sight, prompt=pair.asked, texts=[pair.better, pair.worse])


def _seen(seat: Seat, pair: PreferencePair, sight: Sight, *, prompt: str, texts: Sequence[str]) -> PairSeen:
    language = pair.sample.language
    if not sight.verdicts:
        second_first = order_for(seat, pair.pk)
        shown = [Side(text) for text in (reversed(texts) if second_first else texts)]
        return PairSeen(pair.pk, prompt, language, shown, sight)
    marked = [Side(text, mark) for text, mark in zip(texts, ("chosen", "rejected"), strict=True)]
    return PairSeen(pair.pk, prompt, language, marked, sight, pair, ground_of(pair))


def _states_of(run: int) -> dict[str, int]:
    rows = PreferencePair.objects.filter(run=run).order_by().values_list("state").annotate(n=CountOf("pk"))
    return dict(rows)


def _reasons(seat: Seat, criteria: PairCriteria) -> list[tuple[str, int]]:
    """Why pairs are held back, most first: one pass over an index of nothing but those."""
    held = PreferencePair.objects.filter(project=seat.project, state=PreferencePair.State.HELD_BACK)
    if criteria.run is not None:
        held = held.filter(run=criteria.run)
    return list(held.order_by().values_list("reason").annotate(n=CountOf("pk")).order_by("-n", "reason"))


def _runs(seat: Seat) -> list[Run]:
    """The latest runs that made pairs."""
    made = PreferencePair.objects.filter(run=OuterRef("pk"))
    return list(Run.objects.in_project(seat.project).filter(Exists(made)).only("pk", "recipe")[:LATEST_RUNS])


def _votes(pair: PreferencePair) -> Sequence[Judgement]:
    """What people said of the pair, the newest first."""
    rows = Judgement.objects.filter(sample=pair.sample_id, live=True).exclude(verdict="").select_related("person")
    both = {pair.chosen_id, pair.rejected_id}
    return [vote for vote in rows.order_by("-pk")[:200] if both <= set(vote.shown)][:MOST_EVENTS]


def _events(seat: Seat, pair: PreferencePair) -> list[Event]:
    rows = AuditEntry.objects.filter(project=seat.project, subject=f"pair {pair.pk}").select_related("person")
    found = list(rows.order_by("-pk")[:MOST_EVENTS])
    return [
        Event(entry, entry.action in ("pair.hold_back", "pair.release") and _current(entry, pair)) for entry in found
    ]


def _current(entry: AuditEntry, pair: PreferencePair) -> bool:
    return bool(entry.detail.get("after", {}).get("version") == pair.version)
