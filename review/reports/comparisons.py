"""What people see of comparisons: the prompt and the sides before the vote, and what was behind them after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fdc_project.web.texts import count_hidden
from generation.access import Seat
from generation.blinding import Sight
from generation.models import Answer, PreferencePair, Sample
from review.actions.judgements import told_version
from review.actions.verdicts import shown_to
from review.models import Comparison, Judgement, Round
from review.reports.card_media import MediumSeen, media_seen
from review.reports.sights import sight_of

Action = Judgement.Action


@dataclass(frozen=True, slots=True)
class Asked:
    """The comparison as the browser may know it: no answer ids, no state. `version` is what an adjudication must name,
    1 for as long as votes are taken: each of them makes a new version, so it would tell how many there are."""

    id: int
    version: int
    kind: str
    round_id: int


@dataclass(frozen=True, slots=True)
class Side:
    """One answer at its place, from 1. `hidden` counts invisible characters, `characters` all of them."""

    place: int
    text: str
    calls: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]
    hidden: int
    characters: int


@dataclass(frozen=True, slots=True)
class Card:
    """One comparison on the page. `prompt` is the sample of whose texts all but the output are shown; `position` is the
    card's place among those that were asked for, from 0."""

    comparison: Asked
    prompt: Sample
    sides: Sequence[Side]
    position: int
    has_math: bool
    media: Sequence[MediumSeen] = ()


@dataclass(frozen=True, slots=True)
class Behind:
    """What stood at a place: "" and None for what the person may not see. `scores` maps an aspect to {"value", "low",
    "high"}."""

    place: int
    answer_id: int | None
    model: str
    author: str
    run_id: int | None
    rank: int | None
    scores: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OtherVote:
    """What somebody else said, with the places as the reader sees them: groups of places, the best first."""

    person: str
    action: str
    verdict: str
    ranking: Sequence[Sequence[int]]
    much_better: bool
    note: str
    unblinded: bool


@dataclass(frozen=True, slots=True)
class PairBehind:
    """What a judge or a rule had said of the comparison's pair: which place it preferred, and how the pair stands."""

    chosen_place: int
    source: str
    state: str
    reason: str
    margin: float | None
    judge: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reveal:
    """What a person gets to see after the vote, as far as the sight allows; nothing of it before."""

    sight: Sight
    sides: Sequence[Behind] = ()
    votes: Sequence[OtherVote] = ()
    pair: PairBehind | None = None
    state: str = ""
    outcome: Mapping[str, Any] | None = None


def cards_for(seat: Seat, *, ids: Sequence[int]) -> list[Card]:
    """The cards of these comparisons of the seat's project in the order of `ids`, sides in this person's order. Three
    short queries."""
    rows = _comparisons(seat, ids)
    answers = Answer.objects.in_bulk([pk for row in rows.values() for pk in row.answers])
    media = media_seen([row.sample for row in rows.values()])
    found = [rows[pk] for pk in ids if pk in rows]
    return [
        _card(seat, row, answers, position=at, media=media.get(row.sample_id, ())) for at, row in enumerate(found)
    ]  # fmt: skip


def reveal_of(seat: Seat, *, comparison_id: int) -> Reveal:
    """What was behind the sides, and what others said: after the vote, or for somebody who looked. Empty before."""
    row = _comparisons(seat, [comparison_id]).get(comparison_id)
    if row is None:
        return Reveal(Sight(names=False, verdicts=False, votes=False))
    may = sight_of(seat, comparison=row)
    if not (may.names or may.verdicts or may.votes):
        return Reveal(may)
    shown = shown_to_seat(seat, row)
    answers = Answer.objects.select_related("author").in_bulk(row.answers)
    return Reveal(
        sight=may,
        sides=[_behind(at, answers[pk], may) for at, pk in enumerate(shown, 1)],
        votes=_others(seat, row, shown) if may.votes else (),
        pair=_pair_behind(row, shown) if may.verdicts else None,
        state=row.state if may.votes else "",
        outcome=_placed(row.outcome, shown) if may.votes else None,
    )


def shown_to_seat(seat: Seat, comparison: Comparison) -> list[int]:
    """The answer ids of the comparison in the order in which this person sees them."""
    return shown_to(
        seat.person.pk, comparison=comparison.pk, answers=comparison.answers, seed=comparison.round.random_seed
    )  # fmt: skip


def _comparisons(seat: Seat, ids: Sequence[int]) -> dict[int, Comparison]:
    rows = Comparison.objects.filter(project=seat.project, pk__in=ids).select_related("round", "sample")
    return {row.pk: row for row in rows.defer("sample__search")}


def _card(
    seat: Seat, row: Comparison, answers: Mapping[int, Answer], *, position: int, media: Sequence[MediumSeen]
) -> Card:
    sample = row.sample
    sides = [_side(at, answers[pk].text, answers[pk].meta) for at, pk in enumerate(shown_to_seat(seat, row), 1)]
    if not row.answers and row.round.kind == Round.Kind.RATE:
        sides = [_side(1, sample.output, {"steps": sample.steps, "calls": sample.calls})]
    texts = [sample.system, sample.instruction, sample.input, *(side.text for side in sides)]
    texts += [turn["content"] for turn in sample.turns]
    return Card(
        comparison=Asked(row.pk, told_version(row), row.round.kind, row.round_id),
        prompt=sample,
        sides=sides,
        position=position,
        has_math=any("$" in text for text in texts),
        media=media,
    )


def _side(place: int, text: str, meta: Mapping[str, Any]) -> Side:
    return Side(place, text, meta.get("calls", ()), meta.get("steps", ()), count_hidden(text), len(text))


def _behind(place: int, answer: Answer, may: Sight) -> Behind:
    return Behind(
        place=place,
        answer_id=answer.pk if may.names else None,
        model=answer.model if may.names else "",
        author=str(answer.author.username) if may.names and answer.author else "",
        run_id=answer.run_id if may.names else None,
        rank=answer.rank if may.verdicts else None,
        scores=answer.scores if may.verdicts else {},
    )


def _others(seat: Seat, row: Comparison, shown: Sequence[int]) -> list[OtherVote]:
    votes = Judgement.objects.filter(comparison=row, live=True, action__in=(Action.VOTE, Action.ADJUDICATE))
    others = votes.exclude(person=seat.person).select_related("person").order_by("pk")
    return [
        OtherVote(
            person=str(vote.person.username), action=vote.action, verdict=vote.verdict,
            ranking=_places(vote.ranking, shown), much_better=vote.much_better, note=vote.note,
            unblinded=vote.unblinded,
        )
        for vote in others
    ]  # fmt: skip


def _places(ranking: Sequence[Sequence[int]], shown: Sequence[int]) -> list[list[int]]:
    at = {pk: place for place, pk in enumerate(shown, 1)}
    return [sorted(at[pk] for pk in group if pk in at) for group in ranking]


def _placed(outcome: Mapping[str, Any], shown: Sequence[int]) -> dict[str, Any]:
    kept = {name: outcome[name] for name in ("verdict", "strength") if name in outcome}
    return kept | {"ranking": _places(outcome.get("ranking", ()), shown)}


def _pair_behind(row: Comparison, shown: Sequence[int]) -> PairBehind | None:
    pair = PreferencePair.objects.filter(pk=row.pair_id or 0).first()
    if pair is None or pair.chosen_id not in shown:
        return None
    return PairBehind(
        chosen_place=shown.index(pair.chosen_id) + 1, source=pair.source, state=pair.state, reason=pair.reason,
        margin=pair.margin, judge=pair.meta.get("judge") or {},
    )  # fmt: skip
