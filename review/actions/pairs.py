"""What people do to preference pairs one by one: hold one back, vouch for one, undo either; and have all shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from generation.access import Seat
from generation.actions.admitted_verdicts import HELD_BY
from generation.actions.audit import audit
from generation.actions.contradictions import hold_all_contradictions
from generation.models import AuditEntry, Look, PreferencePair
from generation.preferences.gate import REASONS
from review.actions.pair_moves import Moved, PairError, PairNotFoundError, move, moved, noted, pair_in, standing
from review.pair_rules import may_leave
from review.policies import check_can_keep_pairs
from review.reports.sights import sights_of

State, Source = PreferencePair.State, PreferencePair.Source
GIVEN = ("by_hand", "both_bad", "tie", "near_identical", "refusal", "speaks_to_judge", "people_disagree", "evaluation")
"""Reasons that a person may hold a pair back for."""
LONGEST_NOTE = 500
_UNDOABLE = ("pair.hold_back", "pair.release")


def hold_back(
    seat: Seat, *, pair_id: int, version: int, now: datetime, reason: str = "by_hand", note: str = ""
) -> Moved:
    """Keeps a pair from leaving, for one of the `GIVEN` reasons. `version` is the one that the person saw.

    `PairNotFoundError`, `PairError` "blind" (not without having looked), "changed_since", "unknown_reason".
    """
    assert set(GIVEN) <= set(REASONS)
    if reason not in GIVEN:
        raise PairError("unknown_reason")
    with transaction.atomic():
        pair = _seen(seat, pair_id=pair_id, version=version)
        if (pair.state, pair.reason) == (State.HELD_BACK, reason):
            return moved(pair, repeated=True)
        before = standing(pair)
        by = {"person": seat.person.pk, "version": pair.version + 1}
        move(pair, to=State.HELD_BACK, reason=reason, meta=pair.meta | {HELD_BY: by})
        return noted(seat, pair=pair, verb="hold_back", before=before, now=now, note=note[:LONGEST_NOTE])


def release(seat: Seat, *, pair_id: int, version: int, now: datetime, note: str = "") -> Moved:
    """Lets a pair leave on this person's word: its source is people from now on.

    As `hold_back`, and `PairError` "identical", "empty_answer" or "evaluation" for what nobody can vouch for, "turned"
    while a pair of the same answers that says the opposite may leave.
    """
    with transaction.atomic():
        pair = _seen(seat, pair_id=pair_id, version=version)
        if (pair.state, pair.source) == (State.EXPORTABLE, Source.HUMAN):
            return moved(pair, repeated=True)
        if code := _hopeless(pair):
            raise PairError(code)
        before = standing(pair)
        move(pair, to=State.EXPORTABLE, source=Source.HUMAN)
        hold_all_contradictions(pair.project_id, pairs=[pair.pk])
        return noted(seat, pair=pair, verb="release", before=before, now=now, note=note[:LONGEST_NOTE])


def undo_move(seat: Seat, *, pair_id: int, entry: int, now: datetime) -> Moved:
    """Puts a pair back to where it was before the audit entry, as long as nothing has happened to it since."""
    with transaction.atomic():
        pair = _seen(seat, pair_id=pair_id, version=None)
        found = AuditEntry.objects.filter(project=seat.project, pk=entry, subject=f"pair {pair.pk}").first()
        if found is None or found.action not in _UNDOABLE:
            raise PairNotFoundError("not_found")
        then: dict[str, Any] = found.detail["before"]
        if pair.version != found.detail["after"]["version"]:
            raise PairError("changed_since")
        before = standing(pair)
        known = then["state"] == pair.state or then["state"] in PreferencePair.TRANSITIONS[pair.state]
        move(pair, to=then["state"] if known else State.READY, reason=then["reason"], source=then["source"])
        hold_all_contradictions(pair.project_id, pairs=[pair.pk])
        pair.refresh_from_db()
        return noted(seat, pair=pair, verb="undo", before=before, now=now, undoes=entry)


def look_at_pairs(seat: Seat, *, now: datetime) -> bool:
    """Shows this person what stands behind all pairs of the project, and says so for good: every vote of theirs counts
    as unblinded since. Editors and owners only. False when they had looked before."""
    check_can_keep_pairs(seat)
    with transaction.atomic():
        _, made = Look.objects.get_or_create(
            project=seat.project, person=seat.person, sample=None, run=None, defaults={"created_at": now}
        )
        if made:
            audit("pairs.look", by=seat.person, now=now, project=seat.project)
    return made


def _seen(seat: Seat, *, pair_id: int, version: int | None) -> PreferencePair:
    check_can_keep_pairs(seat)
    pair = pair_in(seat, pair_id=pair_id)
    if not sights_of(seat, samples=[pair.sample_id])[pair.sample_id].verdicts:
        raise PairError("blind")
    if version is not None and pair.version != version:
        raise PairError("changed_since")
    return pair


def _hopeless(pair: PreferencePair) -> str:
    if not pair.chosen.text.strip() and not pair.chosen.meta.get("calls"):
        return "empty_answer"
    if pair.chosen.text.strip() == pair.rejected.text.strip() and pair.chosen.meta == pair.rejected.meta:
        return "identical"
    if pair.reason == "evaluation" or pair.sample.evaluation:
        return "evaluation"
    texts = {"chosen__text": pair.rejected.text, "rejected__text": pair.chosen.text}
    turned = PreferencePair.objects.filter(may_leave(), sample=pair.sample_id, **texts)
    return "turned" if turned.exists() else ""
