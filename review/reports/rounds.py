"""Rounds in figures: the list of them, who is at work, and what waits for one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count as CountOf
from django.db.models.functions import Now

from fdc_project.web.paging import Page, capped_count, page_of
from generation.access import Seat
from generation.models import Person, Project, Role
from review.actions.comparison_queue import SUBJECT, open_to
from review.models import Claim, Comparison, Judgement, Round
from review.policies import can_open_rounds
from review.reports.comparisons import Behind, Card, Reveal, reveal_of

ROUNDS_SHOWN = 20
ROUNDS_ASKED = 5
MOST_WAITING = 1_000
State, Action, Verdict = Comparison.State, Judgement.Action, Judgement.Verdict


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round of the list. `done` of `total` comparisons have all their votes, people agree on `agreed` of them.

    `left` waits for the person who looks (capped, `more` says so); `people` hold something of it now.
    """

    asked: Round
    total: int
    done: int
    agreed: int
    disputed: int
    left: int
    more: bool
    people: Sequence[Person]


@dataclass(frozen=True, slots=True)
class RoundDesk:
    """What stands around the card: this person's own part of the round, and what an empty page can offer.

    `others_left` and `skipped` are only counted when nothing is on the desk.
    """

    mine_done: int
    mine_left: int
    mine_more: bool
    skipped: int
    others_left: int

    @property
    def mine_all(self) -> int:
        """All that is this person's to judge."""
        return self.mine_done + self.mine_left


@dataclass(frozen=True, slots=True)
class AfterVote:
    """What the page shows once the person has voted: their own vote, and what may be revealed of all others.

    `saying` is their vote as the buttons say it, `chosen` the place that they preferred, 0 for none.
    """

    saying: str
    chosen: int
    places: Sequence[Sequence[int]]
    mine: Judgement
    reveal: Reveal
    others: Mapping[str, int]
    wanted: int
    votes: int

    @property
    def behind(self) -> Mapping[int, Behind]:
        """Place -> what stood there, where the names may be seen."""
        return {side.place: side for side in self.reveal.sides} if self.reveal.sight.names else {}


def rounds_of(seat: Seat, *, after: str | None = None) -> tuple[Page[Round], list[RoundLine]]:
    """A page of the project's rounds, the newest first. Four statements, and one for each open round."""
    rows = Round.objects.filter(project=seat.project)
    page = page_of(rows, after=after, size=ROUNDS_SHOWN, newest_first=True)
    states: dict[int, dict[str, int]] = {asked.pk: {} for asked in page.rows}
    counted = Comparison.objects.filter(round__in=states).order_by().values_list("round", "state")
    for pk, state, count in counted.annotate(count=CountOf("id")):
        states[pk][state] = count
    people = _at_work(seat, list(states))
    return page, [_line(seat, asked, states[asked.pk], people.get(asked.pk, ())) for asked in page.rows]


def round_desk(seat: Seat, *, asked: Round, empty: bool) -> RoundDesk:
    """The figures beside the card for this person."""
    mine = Judgement.objects.filter(comparison__round=asked, person=seat.person, live=True)
    left = capped_count(open_to(seat, asked=asked)) if asked.state == Round.State.OPEN else None
    skipped = mine.filter(action=Action.SKIP, comparison__state=State.OPEN)
    others = Comparison.objects.filter(round=asked, state=State.OPEN)
    waits = empty and asked.state == Round.State.OPEN
    return RoundDesk(
        mine_done=capped_count(mine.filter(action=Action.VOTE)).number,
        mine_left=left.number if left else 0,
        mine_more=bool(left and left.more),
        skipped=capped_count(skipped).number if waits else 0,
        others_left=capped_count(others).number if waits else 0,
    )


def open_comparisons(project: Project) -> int:
    """How many comparisons of open rounds still want a vote (capped)."""
    return capped_count(
        Comparison.objects.filter(project=project, state=State.OPEN, round__state=Round.State.OPEN)
    ).number


def waiting_for_me(seat: Seat) -> tuple[int, int]:
    """How many comparisons of open rounds wait for this person (capped), and the round that has the most of them."""
    if not seat.may(Role.REVIEWER):
        return 0, 0
    counted = [
        (capped_count(open_to(seat, asked=asked), cap=MOST_WAITING).number, asked.pk)
        for asked in Round.objects.filter(project=seat.project, state=Round.State.OPEN).order_by("-id")[:ROUNDS_ASKED]
    ]
    return sum(count for count, _ in counted), max(counted)[1] if counted else 0


def after_vote(seat: Seat, *, comparison_id: int) -> AfterVote | None:
    """What may be shown to this person of a comparison that they voted on; None before the vote."""
    votes = Judgement.objects.filter(comparison=comparison_id, project=seat.project, live=True, action=Action.VOTE)
    mine = votes.filter(person=seat.person).select_related("comparison").first()
    if mine is None or mine.comparison is None:
        return None
    reveal = reveal_of(seat, comparison_id=comparison_id)
    at = {pk: place for place, pk in enumerate(mine.shown, 1)}
    places = [[at[pk] for pk in group] for group in mine.ranking]
    others: dict[str, int] = {}
    for vote in reveal.votes:
        said = _saying(vote.verdict, vote.ranking, much=False)
        others[said] = others.get(said, 0) + 1
    saying = _saying(mine.verdict, places, much=mine.much_better)
    chosen = places[0][0] if mine.verdict in (Verdict.LEFT, Verdict.RIGHT) else 0
    comparison = mine.comparison
    return AfterVote(saying, chosen, places, mine, reveal, others, comparison.wanted, comparison.votes)


def names_of(seat: Seat, *, card: Card) -> Mapping[int, Behind]:
    """Place -> what stands there, for somebody who had it shown before the vote; empty for all others."""
    if not can_open_rounds(seat):
        return {}
    reveal = reveal_of(seat, comparison_id=card.comparison.id)
    return {side.place: side for side in reveal.sides} if reveal.sight.names else {}


def _saying(verdict: str, places: Sequence[Sequence[int]], *, much: bool) -> str:
    """A vote as the reader's buttons would say it: others saw the sides in their own order."""
    if verdict not in (Verdict.LEFT, Verdict.RIGHT) or not places or not places[0]:
        return verdict
    return ("left" if places[0][0] == 1 else "right") + ("_much" if much else "")


def _line(seat: Seat, asked: Round, states: dict[str, int], people: Sequence[Person]) -> RoundLine:
    total = sum(count for state, count in states.items() if state != State.WITHDRAWN)
    disputed, settled = states.get(State.DISPUTED, 0), states.get(State.SETTLED, 0)
    agreed = states.get(State.AGREED, 0)
    open_one = asked.state == Round.State.OPEN and seat.may(Role.REVIEWER)
    left = capped_count(open_to(seat, asked=asked)) if open_one else None
    return RoundLine(
        asked, total, agreed + disputed + settled, agreed, disputed, left.number if left else 0,
        bool(left and left.more), people,
    )  # fmt: skip


def _at_work(seat: Seat, rounds: Sequence[int]) -> dict[int, list[Person]]:
    """Round id -> who holds one of its comparisons now."""
    live = Claim.objects.filter(project=seat.project, subject_kind=SUBJECT, expires_at__gt=Now())
    held = dict(live.values_list("subject_id", "person_id"))
    of = Comparison.objects.filter(pk__in=held, round__in=rounds).values_list("pk", "round_id")
    known = Person.objects.in_bulk(set(held.values()))
    found: dict[int, dict[int, Person]] = {}
    for comparison, asked in of:
        person = known.get(held[comparison])
        if person is not None:
            found.setdefault(asked, {})[person.pk] = person
    return {asked: list(people.values()) for asked, people in found.items()}
