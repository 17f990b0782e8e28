"""One group of samples that ask the same, as they read now: who agrees with whom, what differs, where each is from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fdc_project.web.differences import word_diff
from generation.access import Seat
from generation.models import Sample
from generation.quality.checks.size_guide import LABEL_TASKS
from generation.quality.near_duplicates import Questions, WordHashes
from generation.quality.report import RowFacts
from generation.quality.report.duplicates import prompt_of
from review.actions.bulk_moves import pieces
from review.models import ConflictGroup
from review.quality_facts import ALIVE, facts_of_samples
from review.reports.receipts import Card, cards_for
from review.reports.veils import veil_cards

PAGE_SIZE = 30
MOST_COMPARED = 1000
"""Samples of a group whose answers are compared with each other, to say which agree."""
_LONGEST_COMPARED = 8000
_LEAST_SHARED = 0.2
"""Share of an answer that it must have in common with the first one for what differs to be marked: of two texts with
nothing in common everything is."""
_LABEL_WORDS = 4
"""Words up to which an answer is held to be a label here: a search counts how many rows give it, a page cannot."""

Piece = tuple[bool, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """One sample of a group as it reads now. `camp` counts from 1: samples of one camp agree; 0 where it is out or was
    not compared. `marked` are the pieces of its output, true for those that the answer it is compared with lacks;
    `asked` the pieces of its prompt where that differs from the first one's."""

    card: Card
    camp: int
    alive: bool
    place: int
    kept: bool
    score: float | None
    marked: Sequence[Piece] = ()
    asked: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class Camp:
    """Samples whose answers agree: how many there are, and the ids of the first."""

    number: int
    size: int
    ids: Sequence[int]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.size - len(self.ids)


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A group with one page of its samples. `alive` are those of the whole group that still stand, in the order of the
    pages, `camp` which of them agree. `stands` says whether they still are what the group says; `first` is the sample
    that the others are compared with."""

    group: ConflictGroup
    samples: Sequence[Standing]
    first: Card | None
    alive: Sequence[int]
    camp: Mapping[int, int]
    stands: bool
    start: int
    total: int
    earlier: int | None
    later: int | None
    next_id: int | None
    previous_id: int | None
    mine: ConflictGroup | None

    @property
    def others(self) -> int:
        """How many samples keeping one of them rejects."""
        return max(0, len(self.alive) - 1)

    @property
    def end(self) -> int:
        """The place of the last sample on the page, from 1."""
        return self.start + len(self.samples)

    @property
    def marks(self) -> bool:
        """Whether anything on the page is marked as different."""
        return any(each.marked for each in self.samples)

    @property
    def camps(self) -> list[Camp]:
        """Who agrees with whom in the whole group."""
        return self.camps_of(self.alive)

    def camps_of(self, ids: Sequence[int], *, named: int = 0) -> list[Camp]:
        """These samples by what they answer, the first `named` of each by their ids."""
        members: dict[int, list[int]] = {}
        for pk in ids:
            members.setdefault(self.camp.get(pk, 0), []).append(pk)
        return [Camp(number, len(own), own[:named]) for number, own in sorted(members.items())]

    def gives_way(self, keep: Sequence[int]) -> list[int]:
        """What is rejected when these are kept."""
        kept = set(keep)
        return [pk for pk in self.alive if pk not in kept]


def group_seen(seat: Seat, group_id: int, *, start: int = 0) -> GroupSeen | None:
    """The group of that id with its samples from the place `start` on, None where the project has none."""
    groups = ConflictGroup.objects.filter(project=seat.project)
    group = groups.filter(pk=group_id).select_related("settled_by").first()
    if group is None:
        return None
    states = _states(seat, group.samples)
    alive = [pk for pk in group.samples if states.get(pk) in ALIVE]
    compared = Sample.objects.filter(project=seat.project, pk__in=alive[:MOST_COMPARED])
    facts = {each.id: each for each in facts_of_samples(compared)}
    camps = _camps([facts[pk] for pk in alive if pk in facts])
    alive.sort(key=lambda pk: camps.get(pk, len(camps) + 1))
    everything = [*alive, *(pk for pk in group.samples if pk in states and states[pk] not in ALIVE)]
    start = min(max(0, start), max(0, len(everything) - 1)) // PAGE_SIZE * PAGE_SIZE
    shown = everything[start : start + PAGE_SIZE]
    first = alive[0] if alive else next(iter(everything), None)
    cards = {card.sample.pk: card for card in veil_cards(seat, cards_for(seat, ids=[*shown, *_once(first, shown)]))}
    told_apart = len(set(camps.values()))
    around = _around(seat, group)
    return GroupSeen(
        group=group,
        samples=_standings(shown, cards, camps, set(alive), kept=set(group.kept), first=first),
        first=cards.get(first or 0),
        alive=alive,
        camp=camps,
        stands=told_apart > 1 if group.kind == ConflictGroup.Kind.CONFLICT else len(alive) > 1,
        start=start,
        total=len(everything),
        earlier=max(0, start - PAGE_SIZE) if start else None,
        later=start + PAGE_SIZE if start + PAGE_SIZE < len(everything) else None,
        previous_id=around[0],
        next_id=around[1],
        mine=last_settled(seat),
    )


def _states(seat: Seat, ids: Sequence[int]) -> dict[int, str]:
    rows = Sample.objects.filter(project=seat.project)
    return {pk: state for some in pieces(ids) for pk, state in rows.filter(pk__in=some).values_list("pk", "state")}


def _once(pk: int | None, shown: Sequence[int]) -> Sequence[int]:
    return [] if pk is None or pk in shown else [pk]


def _standings(
    shown: Sequence[int], cards: Mapping[int, Card], camps: Mapping[int, int], alive: set[int], *, kept: set[int],
    first: int | None,
) -> list[Standing]:  # fmt: skip
    base = cards.get(first or 0)
    found = [pk for pk in shown if pk in cards]
    standings = []
    for place, pk in enumerate(found, 1):
        card = cards[pk]
        against = base if pk != first else _only_other(found, cards, alive, pk)
        asked = () if base is None or _prompt(card) == _prompt(base) else _pieces(_prompt(base), _prompt(card))
        marked = _pieces(against.sample.output, card.sample.output) if against else ()
        standings.append(
            Standing(card, camps.get(pk, 0), pk in alive, place, pk in kept, _score(card), marked, asked)
        )  # fmt: skip
    return standings


def _only_other(shown: Sequence[int], cards: Mapping[int, Card], alive: set[int], pk: int) -> Card | None:
    """The one sample that the first can be compared with, where there are two."""
    others = [each for each in shown if each in alive and each != pk]
    return cards[others[0]] if len(others) == 1 else None


def _pieces(before: str, after: str) -> list[Piece]:
    """The text `after` in pieces, those marked that `before` lacks; empty where the two have hardly anything in common,
    or are the same."""
    if before == after or len(before) + len(after) > 2 * _LONGEST_COMPARED:
        return []
    pieces = [(kind == "added", text) for kind, text in word_diff(before, after) if kind != "removed"]
    shared = sum(len(text.strip()) for only, text in pieces if not only)
    return pieces if shared >= _LEAST_SHARED * len(after) else []


def _prompt(card: Card) -> str:
    return "\n".join(filter(None, (card.sample.instruction, card.sample.input)))


def _score(card: Card) -> float | None:
    """The mean of its scores that stand on a scale; a veiled card has none."""
    scores = [each for each in (card.sample.scores or {}).values() if isinstance(each, dict)]
    values = [float(each["value"]) for each in scores if each.get("high") is not None and "value" in each]
    return sum(values) / len(values) if values else None


def _around(seat: Seat, group: ConflictGroup) -> tuple[int | None, int | None]:
    """The open groups of the kind before and after this one; the first again after the last."""
    rows = ConflictGroup.objects.filter(project=seat.project, kind=group.kind, state=ConflictGroup.State.OPEN)
    others = rows.exclude(pk=group.pk).order_by("pk").values_list("pk", flat=True)
    before = others.filter(pk__lt=group.pk).last()
    return before, others.filter(pk__gt=group.pk).first() or others.first()


def last_settled(seat: Seat) -> ConflictGroup | None:
    """The group that this person settled last."""
    mine = ConflictGroup.objects.filter(project=seat.project, settled_by=seat.person)
    return mine.exclude(state=ConflictGroup.State.OPEN).order_by("-settled_at", "-pk").defer("samples").first()


def _camps(rows: Sequence[RowFacts]) -> dict[int, int]:
    """Sample -> its camp, of those that still ask the same as another one."""
    hashes, questions = WordHashes(), Questions()
    for each in rows:
        output = hashes.of(f"{each.draft.output}\n{each.draft.rejected}")
        closed = each.draft.task_type in LABEL_TASKS or len(output) <= 8 * _LABEL_WORDS
        questions.add(hashes.of(prompt_of(each.draft)), output, closed=closed)
    found: dict[int, int] = {}
    for question in questions.groups():
        begin = max(found.values(), default=0)
        for number, camp in enumerate(question.camps, begin + 1):
            found |= {rows[row].id: number for row in camp}
    return found
