"""How a judgement is written: the comparison moves by compare-and-set, a Judgement is added.

Everything that people do to comparisons goes through `advance` and `record`. They are called in a transaction and are
safe to repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, JSONField, OuterRef, Subquery
from django.db.models.functions import Now

from fdc_project.web.states import check
from generation.access import Seat
from generation.actions.audit import audit
from generation.models import Answer
from review.actions.changes import DecisionError, StaleError
from review.actions.comparison_queue import SUBJECT
from review.actions.settling import edited_answer
from review.actions.verdicts import Said, ranking_of, shown_to
from review.models import Claim, Comparison, Judgement
from review.reports.sights import was_shown

Action = Judgement.Action


class ComparisonNotFoundError(DecisionError):
    """There is no such comparison in this project."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a judgement. `saved` false is a conflict: nothing was written, `code` says why.

    `repeated` is true for a key that was seen before: this is the first answer again. `claimed` are the ids of
    comparisons that were claimed for what the person sees next. `state` is "" in a conflict and for a skip: how others
    voted is not for somebody who has not. `version` is as `told_version` says, 0 in a conflict.
    """

    saved: bool
    comparison_id: int
    state: str = ""
    version: int = 0
    code: str = ""
    judgement_id: int | None = None
    repeated: bool = False
    undid: str = ""
    claimed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """What is said, ready to be written. `version` is what the person saw."""

    said: Said
    key: str
    version: int
    seconds: float | None
    now: datetime


def read(seat: Seat, *, comparison_id: int, key: str) -> Any:
    """The comparison as it is with its round, in one query: `first` is the outcome kept under this key and `first_deed`
    what was done under it, `held` the slot that the person holds."""
    first = Judgement.objects.filter(person=seat.person, key=key)
    claims = Claim.objects.filter(subject_kind=SUBJECT, subject_id=OuterRef("pk"), person=seat.person)
    rows = Comparison.objects.filter(project=seat.project, pk=comparison_id).select_related("round", "sample")
    found = rows.defer("sample__search").annotate(
        first=Subquery(first.values("outcome"), output_field=JSONField()), first_deed=Subquery(first.values("action")),
        held=Subquery(claims.filter(expires_at__gt=Now()).values("slot")[:1]),
    ).first()  # fmt: skip
    if found is None:
        raise ComparisonNotFoundError("not_found")
    return found


def first_answer(comparison: Any, *, to: Sequence[str]) -> Judged | None:
    """What this key was answered the first time, or None for a new key; a conflict when it was the key of another deed
    than these, or spoke of another comparison: then what is asked now was not done."""
    if comparison.first is None:
        return None
    if comparison.first_deed not in to or comparison.first["comparison_id"] != comparison.pk:
        return conflict(comparison, code="key_used")
    return Judged(saved=True, repeated=True, **comparison.first)


def conflict(comparison: Comparison, *, code: str) -> Judged:
    """The answer to a judgement that came too late: why nothing was written."""
    return Judged(saved=False, comparison_id=comparison.pk, code=code)


def told_version(comparison: Comparison) -> int:
    """The version that people may know: 1 for as long as votes are taken, for each of them makes a new one."""
    return 1 if comparison.state == Comparison.State.OPEN else comparison.version


def advance(comparison: Comparison, **fields: Any) -> None:
    """Compare-and-set: every vote makes a new version, so that two votes at once cannot both be the last."""
    if fields.get("state", comparison.state) != comparison.state:
        check(comparison, fields["state"])
    rows = Comparison.objects.filter(pk=comparison.pk, version=comparison.version)
    if not rows.update(version=F("version") + 1, **fields):
        raise StaleError
    comparison.version += 1
    for name, value in fields.items():
        setattr(comparison, name, value)


def record(seat: Seat, *, comparison: Any, word: Word, slot: int | None) -> Judged:
    """Adds the judgement with the order in which the person saw the answers. Call it in a transaction."""
    said = word.said
    shown = shown_to(
        seat.person.pk, comparison=comparison.pk, answers=comparison.answers, seed=comparison.round.random_seed
    )
    ranking = [list(group) for group in ranking_of(said, shown=shown)] if said.action != Action.SKIP else []
    edit = _edit(seat, comparison, said, winner=ranking[0][0], now=word.now) if said.edit is not None else None
    unblinded = said.action != Action.SKIP and was_shown(seat, comparison=comparison, now=word.now)
    state = "" if said.action == Action.SKIP else comparison.state
    outcome = {"comparison_id": comparison.pk, "state": state, "version": told_version(comparison)}
    row = Judgement.objects.create(
        project=seat.project, comparison=comparison, sample_id=comparison.sample_id, pair_id=comparison.pair_id,
        person=seat.person, action=said.action, verdict=said.verdict if said.action != Action.SKIP else "",
        much_better=said.much_better, shown=shown, ranking=ranking, criteria=dict(said.criteria), edit=edit,
        unblinded=unblinded, note=said.note, slot=slot, version=comparison.version, key=word.key,
        seconds=word.seconds, outcome=outcome, claimed=comparison.held is not None, created_at=word.now,
    )  # fmt: skip
    if unblinded:
        audit("judgement.unblinded", by=seat.person, now=word.now, project=seat.project, subject=str(row.pk))
    return Judged(saved=True, judgement_id=row.pk, **outcome)


def kept(mine: Judgement, *, comparison: Comparison, outcome: Judged, state: str) -> Judged:
    """The outcome with the state that the vote led to, as it is told again for the same key."""
    version = told_version(comparison)
    mine.outcome = mine.outcome | {"state": state, "version": version}
    mine.save(update_fields=["outcome"])
    return replace(outcome, state=state, version=version)


def _edit(seat: Seat, comparison: Comparison, said: Said, *, winner: int, now: datetime) -> Answer | None:
    """The winner in the person's words; None when only its line ends differ, because it was the browser that changed
    them."""
    answer = Answer.objects.get(pk=winner)
    text = said.edit or ""
    if text.replace("\r\n", "\n").replace("\r", "\n") == answer.text.replace("\r\n", "\n").replace("\r", "\n"):
        return None
    return edited_answer(comparison, of=answer, text=text, by=seat.person, now=now)
