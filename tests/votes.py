"""Rounds with votes in them, for tests: who says what of which pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generation.models import PreferencePair
from review.actions.comparing import Judged, Said, judge
from review.actions.rounds import RoundWish, open_round
from review.actions.verdicts import shown_to
from review.models import Comparison, Round
from tests.cast import NOW, Cast, new_key
from tests.pairs import make_pair


def make_round(cast: Cast, count: int, *, name: str = "Pairs", overlap: int = 2, **fields: object) -> Round:
    """A round of choosing over so many new pairs, opened by Bob."""
    values: dict[str, Any] = {"source": "judge", "state": "ready"} | fields
    for number in range(count):
        make_pair(cast.project, f"{name} question {number}?", f"better {number}", f"worse {number}", **values)
    return open_round(cast.seat("bob"), wish=RoundWish(name, overlap=overlap), now=NOW)


def comparisons(asked: Round) -> list[Comparison]:
    """The round's comparisons in order, as they stand now."""
    return list(asked.comparisons.select_related("round", "pair").order_by("pk"))


def say(cast: Cast, comparison: Comparison, name: str, word: str, *, action: str = "vote", note: str = "") -> Judged:
    """One person's word: "chosen" or "rejected" (sides of the pair), "tie" or "both_bad"."""
    seat = cast.seat(name)
    comparison = Comparison.objects.select_related("round", "pair").get(pk=comparison.pk)
    verdict = word
    if word in ("chosen", "rejected"):
        pair: PreferencePair = comparison.pair  # type: ignore[assignment]
        wanted = pair.chosen_id if word == "chosen" else pair.rejected_id
        seed = comparison.round.random_seed
        order = shown_to(seat.person.pk, comparison=comparison.pk, answers=comparison.answers, seed=seed)
        verdict = ("left", "right")[order.index(wanted)]
    said = Said(action=action, verdict=verdict, note=note)
    return judge(
        seat, comparison_id=comparison.pk, said=said, key=new_key(), version=comparison.version, seconds=8.0, now=NOW
    )


def all_say(cast: Cast, asked: Round, name: str, words: Sequence[str]) -> None:
    """What one person says of the round's comparisons, in order; "" is nothing."""
    for comparison, word in zip(comparisons(asked), words, strict=False):
        if word:
            say(cast, comparison, name, word)
