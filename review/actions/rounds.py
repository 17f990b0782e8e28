"""Rounds of comparing: opened by editors, filled from pairs, prompts or samples, closed, opened again, withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from fdc_project.web.states import check
from generation.access import Seat
from generation.actions.audit import audit
from generation.actions.jobs import finish_job, save_progress, start_job
from generation.models import Job, Membership, Role
from review.actions.comparison_queue import RoundNotFoundError, round_in
from review.actions.dealing import BATCH, Choice, drawn, fill, seat_rows
from review.actions.settling import unsettle
from review.models import Assignment, Comparison, Round
from review.policies import check_can_open_rounds

__all__ = ["RoundError", "RoundNotFoundError", "RoundWish", "candidates", "close_round", "deal_to_all", "fill_round",
           "open_round", "reopen_round", "withdraw"]  # fmt: skip
KIND = "review.fill_round"
AT_ONCE = 5 * BATCH
"""Rows up to which a round is filled before its page answers; more are a job."""
MOST_OVERLAP = 9
MOST_CRITERIA = 6
LONGEST_NAME = 120
LONGEST_GUIDELINES = 20_000
State = Comparison.State


class RoundError(Exception):
    """The round cannot be opened as it was wished for; `code` says why, `name` which field."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code, self.name = code, name


@dataclass(frozen=True, slots=True)
class RoundWish:
    """What is asked of whom. `chosen` is a `Choice` as a mapping; `dealt` as `Round.dealt`; `overlap_share` in
    percent."""

    name: str
    kind: str = Round.Kind.CHOOSE.value
    chosen: Mapping[str, Any] = field(default_factory=dict)
    guidelines: str = ""
    criteria: Sequence[str] = ()
    rationale: str = Round.Rationale.OPTIONAL.value
    overlap: int = 1
    overlap_share: int = 100
    reveal: bool = True
    dealt: Sequence[Mapping[str, Any]] = ()
    random_seed: int = 42


def candidates(seat: Seat, *, kind: str, chosen: Mapping[str, Any]) -> int:
    """How many pairs or samples such a round would be made of."""
    found = seat_rows(seat, kind=kind, chosen=chosen).order_by().count()
    most = Choice.from_config(chosen, kind=kind).most
    return min(found, most) if most else found


def open_round(seat: Seat, *, wish: RoundWish, now: datetime) -> Round:
    """The round that was wished for; the same wish once more is the same round. Editors and owners only.

    A small round is full at once; a large one is open too, and a job fills it. `RoundError`.
    """
    check_can_open_rounds(seat)
    values = _checked(seat, wish)
    with transaction.atomic():
        asked, fresh = Round.objects.get_or_create(
            project=seat.project, name=values["name"],
            defaults=values | {"created_by": seat.person, "created_at": now},
        )  # fmt: skip
        if not fresh:
            if any(getattr(asked, name) != value for name, value in values.items()):
                raise RoundError("name_taken", "name")
            return asked
        _begin(seat, asked, now=now)
        subject = str(asked.pk)
        audit("round.open", by=seat.person, now=now, project=seat.project, subject=subject, **_told(asked))
    return asked


def fill_round(job: Job, *, clock: Callable[[], datetime]) -> None:
    """Makes the comparisons of the job's round and ends the job. `JobLostError` when somebody else has it now."""
    asked = Round.objects.select_related("project").get(pk=job.params["round"])
    only, after = job.params.get("only"), job.cursor.get("after", 0)
    while True:
        with transaction.atomic():
            last, made = fill(asked, after=after, only=only, now=clock())
            if last:
                progress = {"done": job.done + BATCH, "accepted": job.accepted + made}
                save_progress(job, now=clock(), cursor=job.cursor | {"after": last}, **progress)
        if not last:
            return finish_job(job, now=clock())
        after = last


def close_round(seat: Seat, *, round_id: int, now: datetime) -> Round:
    """Nothing more is asked and nothing more is said; what was said stays. Editors and owners only."""
    return _turned(seat, round_id, Round.State.CLOSED, now=now)


def reopen_round(seat: Seat, *, round_id: int, now: datetime) -> Round:
    """A closed round goes on. Editors and owners only."""
    return _turned(seat, round_id, Round.State.OPEN, now=now)


def withdraw(seat: Seat, *, round_id: int, now: datetime, comparisons: Sequence[int] | None = None) -> int:
    """Takes comparisons that are open or disputed out of the round, all of them when none is named; how many. Votes
    stay in the history, pairs stand as they did before. Editors and owners only."""
    check_can_open_rounds(seat)
    asked = round_in(seat, round_id=round_id)
    with transaction.atomic():
        rows = Comparison.objects.filter(round=asked)
        if comparisons is not None:
            rows = rows.filter(pk__in=comparisons)
        for disputed in rows.filter(state=State.DISPUTED).select_for_update().order_by("pk"):
            unsettle(disputed)
        gone = rows.filter(state__in=(State.OPEN, State.DISPUTED))
        number = gone.update(state=State.WITHDRAWN, version=F("version") + 1, outcome={})
        subject = str(asked.pk)
        audit("round.withdraw", by=seat.person, now=now, project=seat.project, subject=subject, comparisons=number)
    return number


def deal_to_all(seat: Seat, *, round_id: int, now: datetime, person: int | None = None) -> int:
    """Lets everybody have what was dealt (to one person, if one is named) and is still open; how many assignments are
    gone. Editors and owners only."""
    check_can_open_rounds(seat)
    asked = round_in(seat, round_id=round_id)
    with transaction.atomic():
        rows = Assignment.objects.filter(comparison__round=asked, comparison__state=State.OPEN)
        if person is not None:
            rows = rows.filter(comparison__in=rows.filter(person=person).values("comparison"))
        number, _ = rows.delete()
        subject = str(asked.pk)
        audit("round.deal_to_all", by=seat.person, now=now, project=seat.project, subject=subject, assignments=number)
    return number


def _turned(seat: Seat, round_id: int, state: Round.State, *, now: datetime) -> Round:
    check_can_open_rounds(seat)
    asked = round_in(seat, round_id=round_id)
    if asked.state == state:
        return asked
    check(asked, state)
    with transaction.atomic():
        asked.state = state
        asked.save(update_fields=["state"])
        verb = "round.close" if state == Round.State.CLOSED else "round.reopen"
        audit(verb, by=seat.person, now=now, project=seat.project, subject=str(asked.pk))
    return asked


def _begin(seat: Seat, asked: Round, *, now: datetime) -> None:
    rows = seat_rows(seat, kind=asked.kind, chosen=asked.chosen)
    number = candidates(seat, kind=asked.kind, chosen=asked.chosen)
    if not number:
        raise RoundError("nothing_to_compare", "chosen")
    only = drawn(rows, most=Choice.from_config(asked.chosen, kind=asked.kind).most, seed=asked.random_seed)
    if number > AT_ONCE:
        job = start_job(
            seat.project, kind=KIND, params={"round": asked.pk, "only": only}, by=seat.person, now=now
        )  # fmt: skip
        Job.objects.filter(pk=job.pk).update(total=number)
        return
    after, made = fill(asked, after=0, only=only, now=now)
    while after:
        after, more = fill(asked, after=after, only=only, now=now)
        made += more
    if not made:
        raise RoundError("nothing_to_compare", "chosen")


def _told(asked: Round) -> dict[str, Any]:
    return {"name": asked.name, "kind": asked.kind, "overlap": asked.overlap}


def _checked(seat: Seat, wish: RoundWish) -> dict[str, Any]:
    """The round's fields; `RoundError` for what makes no sense."""
    name = " ".join(wish.name.replace("\0", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise RoundError("too_long" if name else "name_missing", "name")
    if len(wish.guidelines) > LONGEST_GUIDELINES:
        raise RoundError("too_long", "guidelines")
    if wish.kind not in Round.Kind.values:
        raise RoundError("unknown_kind", "kind")
    if wish.rationale not in Round.Rationale.values:
        raise RoundError("unknown_rationale", "rationale")
    if not 1 <= wish.overlap <= MOST_OVERLAP:
        raise RoundError("out_of_range", "overlap")
    if not 0 <= wish.overlap_share <= 100:
        raise RoundError("out_of_range", "overlap_share")
    criteria = [" ".join(word.replace("\0", "").split())[:60] for word in wish.criteria]
    criteria = [word for word in dict.fromkeys(criteria) if word]
    if len(criteria) > MOST_CRITERIA:
        raise RoundError("too_many", "criteria")
    return {
        "name": name, "kind": wish.kind, "guidelines": wish.guidelines.replace("\0", ""), "criteria": criteria,
        "rationale": wish.rationale, "overlap": wish.overlap, "overlap_share": wish.overlap_share,
        "reveal": wish.reveal, "dealt": _deal(seat, wish.dealt), "chosen": dict(wish.chosen),
        "random_seed": wish.random_seed,
    }  # fmt: skip


def _deal(seat: Seat, dealt: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    people = Membership.objects.filter(project=seat.project).exclude(role=Role.VIEWER)
    able = set(people.values_list("person_id", flat=True))
    entries = []
    for entry in dealt:
        share = entry.get("share") or 100
        if entry.get("person") not in able:
            raise RoundError("unknown_person", "dealt")
        if not isinstance(share, int) or not 1 <= share <= 100:
            raise RoundError("out_of_range", "dealt")
        narrow = {name: str(entry[name]) for name in ("language", "task_type") if entry.get(name)}
        entries.append({"person": entry["person"], "share": share, **narrow})
    return entries
