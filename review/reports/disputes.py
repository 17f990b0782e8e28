"""Comparisons on which people do not agree: the list, and one with all that was said of it.

Who may settle them sees who voted what and why. What is kept from voters (names of models, verdicts of judges) is kept
from the adjudicator too, until it is settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Substr
from django.shortcuts import get_object_or_404

from fdc_project.web.numbers import number_in
from fdc_project.web.paging import Page, page_of
from generation.access import Seat
from generation.models import Person, Role
from review.models import Comparison, Judgement, Round
from review.policies import can_adjudicate, check_can_adjudicate
from review.reports.comparisons import Card, Reveal, cards_for, reveal_of, shown_to_seat
from review.reports.votes import CLOSED

VIEWS = ("disputed", "split", "settled")
PAGE = 30
_SCANNED = 400
_TITLE = 160
_TURNED = {"left": "right", "right": "left"}
_SPOKEN = (Judgement.Action.VOTE, Judgement.Action.ADJUDICATE)


@dataclass(frozen=True, slots=True)
class DisputeFilter:
    """What the list shows: `disputed` ones wait for somebody, `settled` ones were settled by an adjudicator, `split`
    ones have a majority that somebody is outside of."""

    view: str = "disputed"
    language: str = ""
    person: int | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> DisputeFilter:
        """The filter in an address; what makes no sense is left out."""
        view = query.get("view", "")
        return cls(view if view in VIEWS else "disputed", query.get("language", "")[:10],
                   number_in(query.get("person", "")))  # fmt: skip


@dataclass(frozen=True, slots=True)
class VoteSeen:
    """What somebody said, with left, right and places as the reader sees them.

    `saying` is the verdict, with "_much" where it was much better. `seconds` is how long they took.
    """

    person: str
    action: str
    saying: str
    places: Sequence[Sequence[int]]
    criteria: Mapping[str, str]
    note: str
    seconds: float | None
    unblinded: bool
    edited: bool
    judgement_id: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A comparison of the list with its votes."""

    comparison: Comparison
    title: str
    votes: Sequence[VoteSeen]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list, and what its filters offer."""

    lines: Sequence[Line]
    page: Page[Comparison]
    languages: Sequence[str]
    people: Sequence[Person]


@dataclass(frozen=True, slots=True)
class Dispute:
    """One comparison with all that was said; `reveal` is empty until it is settled. `next_id` waits after it."""

    comparison: Comparison
    card: Card
    votes: Sequence[VoteSeen]
    reveal: Reveal
    mine: VoteSeen | None
    next_id: int | None


def disputes_of(seat: Seat, *, asked: Round, chosen: DisputeFilter, after: Any = None) -> Listed:
    """The round's disagreements, oldest first, by key."""
    check_can_adjudicate(seat)
    rows = _filtered(asked, chosen)
    page = _split_page(rows, after) if chosen.view == "split" else page_of(rows, after=after, size=PAGE)
    said = votes_seen(seat, page.rows)
    lines = [Line(row, row.title, said.get(row.pk, ())) for row in page.rows]  # type: ignore[attr-defined]
    languages = _of_view(asked, chosen.view).order_by().values_list("sample__language", flat=True).distinct()[:20]
    members = seat.project.memberships.filter(role__in=(Role.REVIEWER, Role.EDITOR, Role.OWNER))
    people = [each.person for each in members.select_related("person").order_by("person__username")[:100]]
    return Listed(lines, page, sorted(filter(None, languages)), people)


def dispute_of(seat: Seat, *, asked: Round, comparison_id: int) -> Dispute:
    """One comparison of the round with its votes, `Http404`. Until all are in, they are nobody's to see."""
    check_can_adjudicate(seat)
    row = get_object_or_404(Comparison.objects.select_related("round").filter(round=asked), pk=comparison_id)
    said = votes_seen(seat, [row]).get(row.pk, ()) if row.state in CLOSED else ()
    waiting = Comparison.objects.filter(round=asked, state=Comparison.State.DISPUTED, pk__gt=row.pk).order_by("pk")
    return Dispute(
        comparison=row,
        card=cards_for(seat, ids=[row.pk])[0],
        votes=said,
        reveal=reveal_of(seat, comparison_id=row.pk),
        mine=next((vote for vote in said if vote.mine and vote.action == Judgement.Action.ADJUDICATE), None),
        next_id=waiting.values_list("pk", flat=True).first(),
    )


def votes_seen(seat: Seat, rows: Iterable[Comparison]) -> dict[int, list[VoteSeen]]:
    """What people said of these comparisons, by comparison, in the order in which they said it. One query."""
    if not can_adjudicate(seat):
        return {}
    orders = {row.pk: shown_to_seat(seat, row) for row in rows}
    said = Judgement.objects.filter(comparison__in=list(orders), action__in=_SPOKEN, live=True)
    found: dict[int, list[VoteSeen]] = {}
    for vote in said.select_related("person").order_by("pk"):
        order = orders[vote.comparison_id or 0]
        found.setdefault(vote.comparison_id or 0, []).append(_seen(vote, order, mine=vote.person_id == seat.person.pk))
    return found


def _seen(vote: Judgement, order: Sequence[int], *, mine: bool) -> VoteSeen:
    turned = list(vote.shown) != list(order)
    verdict = _TURNED.get(vote.verdict, vote.verdict) if turned else vote.verdict
    at = {answer: place for place, answer in enumerate(order, 1)}
    return VoteSeen(
        person=str(vote.person.username),
        action=vote.action,
        saying=f"{verdict}_much" if vote.much_better else verdict,
        places=[sorted(at[answer] for answer in group if answer in at) for group in vote.ranking],
        criteria={name: _TURNED.get(said, said) if turned else said for name, said in vote.criteria.items()},
        note=vote.note,
        seconds=vote.seconds,
        unblinded=vote.unblinded,
        edited=vote.edit_id is not None,
        judgement_id=vote.pk,
        mine=mine,
    )


def _of_view(asked: Round, view: str) -> QuerySet[Comparison]:
    state = {"disputed": Comparison.State.DISPUTED, "settled": Comparison.State.SETTLED}.get(view)
    rows = Comparison.objects.filter(round=asked, state=state or Comparison.State.AGREED)
    return rows if state else rows.filter(votes__gt=1)


def _filtered(asked: Round, chosen: DisputeFilter) -> QuerySet[Comparison]:
    rows = _of_view(asked, chosen.view).select_related("round", "sample").defer("sample__search")
    if chosen.language:
        rows = rows.filter(sample__language=chosen.language)
    if chosen.person:
        spoke = Judgement.objects.filter(comparison=OuterRef("pk"), person=chosen.person, action__in=_SPOKEN, live=True)
        rows = rows.filter(Exists(spoke))
    return rows.annotate(title=Substr("sample__instruction", 1, _TITLE))


def _split_page(rows: QuerySet[Comparison], after: Any) -> Page[Comparison]:
    """Agreed comparisons with somebody outside the majority: some hundreds are read at a time, those that differ are
    kept, and the next page begins where this one stopped reading."""
    page = page_of(rows, after=after, size=_SCANNED)
    votes = Judgement.objects.filter(comparison__in=[row.pk for row in page.rows], action="vote", live=True)
    said: dict[int, set[Any]] = {}
    for comparison, verdict, ranking in votes.values_list("comparison_id", "verdict", "ranking"):
        same = tuple(tuple(sorted(group)) for group in ranking) or verdict
        said.setdefault(comparison or 0, set()).add(same)
    differ = [row for row in page.rows if len(said.get(row.pk, ())) > 1]
    if len(differ) > PAGE:
        return Page(differ[:PAGE], differ[PAGE - 1].pk, page.first)
    return Page(differ, page.after, page.first)
