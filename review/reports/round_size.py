"""How large a round would be: what it is counted in, and how much there is to judge of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generation.access import Seat
from generation.models import Answer
from review.actions.dealing import ANSWERS, Choice, seat_rows
from review.actions.rounds import candidates
from review.models import Round


@dataclass(frozen=True, slots=True)
class RoundSize:
    """`number` of `counted` ("pairs", "prompts", "outputs"), which is what "at most" counts, too; `rows` to judge are
    more where each answer of a prompt is rated on its own. They are `reckoned` where prompts are drawn by lot."""

    counted: str
    number: int
    rows: int
    reckoned: bool = False


def round_size(seat: Seat, *, kind: str, chosen: Mapping[str, Any]) -> RoundSize:
    """The size that such a round would have now."""
    choice, number = Choice.from_config(chosen, kind=kind), candidates(seat, kind=kind, chosen=chosen)
    counted = "pairs" if not choice.samples else "prompts" if choice.samples == ANSWERS else "outputs"
    if counted != "prompts" or kind != Round.Kind.RATE or not number:
        return RoundSize(counted, number, number)
    every = seat_rows(seat, kind=kind, chosen=chosen).order_by()
    answers = Answer.objects.filter(sample__in=every.values("pk")).values("sample", "text").distinct().count()
    prompts = every.count() if choice.most else number
    return RoundSize(counted, number, round(answers * number / prompts), reckoned=number < prompts)
