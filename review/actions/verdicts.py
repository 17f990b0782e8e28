"""What a person may say of a comparison, and the order in which they see its answers."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from generation.engine.fingerprint import derived_seed
from generation.files.text import check_text
from generation.quality.text import blank
from review.actions.changes import DecisionError
from review.actions.consensus import UNRANKED, Ranking, Vote
from review.models import Judgement, Round

Verdict, Action = Judgement.Verdict, Judgement.Action
SAYABLE = (Action.VOTE, Action.SKIP, Action.ADJUDICATE)
VERDICTS: Mapping[str, tuple[str, ...]] = {
    Round.Kind.CHOOSE: (Verdict.LEFT, Verdict.RIGHT, Verdict.TIE, Verdict.BOTH_BAD),
    Round.Kind.RANK: (Verdict.RANKED, Verdict.BOTH_BAD),
    Round.Kind.RATE: (Verdict.GOOD, Verdict.BAD),
}
LONGEST_NOTE = 4_000
LONGEST_TEXT = 1_000_000
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Said:
    """What one person says. `verdict` and `criteria` speak of the sides as they were shown; `places` groups the places
    of the answers, from 1, the best first. `edit` is the winner as it should read."""

    action: str = Action.VOTE.value
    verdict: str = ""
    much_better: bool = False
    places: Sequence[Sequence[int]] = ()
    criteria: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    edit: str | None = None


def shown_to(person: int, *, comparison: int, answers: Sequence[int], seed: int) -> list[int]:
    """The answer ids from left to right (top to bottom) as this person sees them, the same every time."""
    order = sorted(answers)
    random.Random(derived_seed(seed, "sides", comparison, person)).shuffle(order)
    return order


def check_key(key: str) -> None:
    """`DecisionError` for what cannot be an idempotency key."""
    if not _KEY.fullmatch(key):
        raise DecisionError("bad_key")


def check_said(said: Said, *, asked: Round, sides: int) -> None:
    """`DecisionError` for what the round does not ask, or what could not be stored."""
    if said.action not in SAYABLE:
        raise DecisionError("unknown_action")
    if len(said.note) > LONGEST_NOTE or len(said.edit or "") > LONGEST_TEXT:
        raise DecisionError("too_long")
    if code := next(filter(None, map(check_text, (said.note, said.edit or ""))), None):
        raise DecisionError(code)
    if said.action == Action.SKIP:
        return
    if said.verdict not in VERDICTS[asked.kind]:
        raise DecisionError("unknown_verdict")
    if said.verdict == Verdict.RANKED and sorted(place for group in said.places for place in group) != list(
        range(1, sides + 1)
    ):
        raise DecisionError("bad_ranking")
    _check_details(said, asked=asked)


def _check_details(said: Said, *, asked: Round) -> None:
    chose = said.verdict in (Verdict.LEFT, Verdict.RIGHT)
    if said.much_better and not chose:
        raise DecisionError("strength_unexpected")
    if said.edit is not None and not chose:
        raise DecisionError("text_unexpected")
    if said.edit is not None and blank(said.edit):
        raise DecisionError("text_missing")
    allowed = (Verdict.LEFT, Verdict.RIGHT, Verdict.TIE)
    if any(name not in asked.criteria or word not in allowed for name, word in said.criteria.items()):
        raise DecisionError("unknown_criterion")
    if said.criteria and asked.kind != Round.Kind.CHOOSE:
        raise DecisionError("unknown_criterion")
    if asked.rationale == Round.Rationale.REQUIRED and not said.note.strip():
        raise DecisionError("rationale_missing")


def ranking_of(said: Said, *, shown: Sequence[int]) -> Ranking:
    """What was said as groups of answer ids, the best first; nothing where no answer is put before another."""
    if said.verdict == Verdict.RANKED:
        return tuple(tuple(shown[place - 1] for place in group) for group in said.places if group)
    if said.verdict == Verdict.TIE:
        return (tuple(shown),)
    if said.verdict in (Verdict.LEFT, Verdict.RIGHT):
        return ((shown[0],), (shown[1],)) if said.verdict == Verdict.LEFT else ((shown[1],), (shown[0],))
    return ()


def vote_of(judgement: Judgement) -> Vote:
    """A stored vote as the consensus counts it."""
    ranking = tuple(tuple(group) for group in judgement.ranking)
    verdict = judgement.verdict if judgement.verdict in UNRANKED else ""
    return Vote(ranking, verdict, judgement.much_better)
