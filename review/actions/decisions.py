"""What people say of samples: approve, reject, edit, skip, flag, and take it back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from generation.access import Seat
from generation.content import search_words
from generation.files.text import check_text
from generation.models import Revision, Sample
from review.actions.changes import (
    REMEDY,
    TEXT_FIELDS,
    UNDO_REMEDY,
    Change,
    DecisionError,
    Outcome,
    Texts,
    conflict,
    first_answer,
    read,
    write,
)
from review.actions.leases import until_written
from review.actions.queue import VERDICTS, Upcoming, claim_free, renew_and_release, said_of
from review.models import Decision
from review.policies import check_can_reopen, check_can_review, settled

Action = Decision.Action
DECIDABLE = (Action.APPROVE, Action.REJECT, Action.EDIT, Action.SKIP, Action.FLAG, Action.UNFLAG)
FINAL = (Action.APPROVE, Action.REJECT, Action.SKIP)
"""What takes a sample off the person's desk."""
HARMLESS = (Action.SKIP, Action.FLAG, Action.UNFLAG)
"""What somebody else may say of a sample meanwhile without making a late decision a conflict."""
LONGEST_TEXT = 1_000_000
LONGEST_REASON = 60
LONGEST_NOTE = 4_000
LONGEST_STAY = timedelta(days=1).total_seconds()
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


def decide(
    seat: Seat, *, sample_id: int, action: str, key: str, version: int, revision: int | None = None,
    text: Texts | None = None, reason: str = "", note: str = "", seconds: float | None = None, now: datetime,
    upcoming: Upcoming | None = None,
) -> Outcome:  # fmt: skip
    """Writes what this person says of a sample, once per `key`, and claims what they see next.

    `version` (and `revision`, where known) is what the person saw. A late decision counts if nobody else decided;
    otherwise the outcome is a conflict and nothing is written. `text` comes with an edit, or with an approval to save
    and approve in one. One transaction. `DecisionError` for input that makes no sense.
    """
    check_can_review(seat)
    _check(action=action, key=key, text=text, reason=reason, note=note)
    spent = min(max(seconds, 0.0), LONGEST_STAY) if seconds is not None else None
    change = Change(action=action, key=key, now=now, texts=text, reason=reason, note=note, seconds=spent)

    def attempt() -> Outcome:
        sample = read(seat, sample_id=sample_id, key=key)
        outcome = first_answer(sample, to=DECIDABLE) or _said(seat, sample, change, version=version, revision=revision)
        renew_and_release(seat, done=sample_id if action in FINAL else 0)
        if upcoming is None:
            return outcome
        have, wanted = upcoming.have, upcoming.size - len(upcoming.have)
        claimed = claim_free(seat, criteria=upcoming.criteria, size=wanted, besides=have)
        return replace(outcome, claimed=tuple(claimed))

    return until_written(attempt)


def undo(seat: Seat, *, key: str, now: datetime, decision_id: int | None = None) -> Outcome:
    """Takes back one decision of this person (the latest that still stands, when none is named), once per `key`.

    The sample reads and stands again as it did before; what was said stays in the history. A conflict when the sample
    was changed since, and for a key that something else was written under. What one click moved in bulk is taken back
    as a whole, elsewhere. `DecisionError("nothing_to_undo")` when there is none.
    """
    check_can_review(seat)
    _check(action=Action.UNDO, key=key)

    def attempt() -> Outcome:
        decision = _undoable(seat, key=key, decision_id=decision_id)
        sample = read(seat, sample_id=decision.sample_id, key=key)
        if kept := first_answer(sample, to=(Action.UNDO,)):
            return kept
        later = Decision.objects.filter(sample=sample, version__gt=decision.version, undone_by=None)
        if later.exclude(action__in=(Action.UNDO, Action.SKIP)).exists():
            return conflict(sample, code="changed_since")
        fields = as_before(sample, decision=decision)
        change = Change(action=Action.UNDO, key=key, now=now, fields=fields, undoes=decision)
        return write(seat, sample=sample, change=change)

    return until_written(attempt)


def reopen(seat: Seat, *, sample_id: int, key: str, version: int, reason: str, now: datetime) -> Outcome:
    """Puts a decided sample back to review, for a reason. Editors and owners only; frozen versions keep their pins."""
    sources = (Sample.State.APPROVED, Sample.State.REJECTED)
    change = Change(action=Action.REOPEN, key=key, now=now, reason=reason)
    return _put_back(seat, change, sources=sources, sample_id=sample_id, version=version)


def restore(seat: Seat, *, sample_id: int, key: str, version: int, reason: str, now: datetime) -> Outcome:
    """Puts a sample that a check filtered out to review all the same. Editors and owners only."""
    change = Change(action=Action.RESTORE, key=key, now=now, reason=reason)
    return _put_back(seat, change, sources=(Sample.State.FILTERED,), sample_id=sample_id, version=version)


def _put_back(seat: Seat, change: Change, *, sources: tuple[str, ...], sample_id: int, version: int) -> Outcome:
    check_can_reopen(seat)
    _check(action=change.action, key=change.key, reason=change.reason)
    open_again = {"state": Sample.State.NEEDS_REVIEW, "reason": "", "decided_by": None, "decided_at": None}

    def attempt() -> Outcome:
        sample = read(seat, sample_id=sample_id, key=change.key)
        if kept := first_answer(sample, to=(change.action,)):
            return kept
        if sample.version != version or sample.state not in sources:
            return conflict(sample, code="changed_since")
        return write(seat, sample=sample, change=replace(change, fields=open_again))

    return until_written(attempt)


def _said(seat: Seat, sample: Sample, change: Change, *, version: int, revision: int | None) -> Outcome:
    if change.action == Action.SKIP:
        return write(seat, sample=sample, change=change)
    if sample.state != Sample.State.NEEDS_REVIEW:
        return conflict(sample, code="already_decided")
    if revision is not None and revision != sample.revision:
        return conflict(sample, code="edited_since")
    if version != sample.version and _decided_since(seat, sample, version):
        return conflict(sample, code="changed_since")
    change = replace(change, texts=_only_changes(sample, change.texts))
    if change.action == Action.EDIT and change.texts is None:
        raise DecisionError("nothing_changed")
    return write(seat, sample=sample, change=_with_consequences(seat, sample, change))


def _only_changes(sample: Sample, texts: Texts | None) -> Texts | None:
    """The edited texts, None when nothing was changed. A text that differs in its line ends only stays byte for byte,
    because it was the browser that changed them."""
    if texts is None:
        return None
    old = {name: getattr(sample, name) for name in TEXT_FIELDS}
    new = {name: getattr(texts, name) for name in TEXT_FIELDS}
    kept = {name: old[name] if _lines(old[name]) == _lines(word) else word for name, word in new.items()}
    return None if kept == old else Texts(**kept)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decided_since(seat: Seat, sample: Sample, version: int) -> bool:
    later = Decision.objects.filter(sample=sample, version__gt=version)
    ignored = HARMLESS if seat.project.overlap == 1 else (*HARMLESS, *VERDICTS)
    return later.exclude(action__in=ignored).exclude(undoes__action__in=ignored).exists()


def _with_consequences(seat: Seat, sample: Sample, change: Change) -> Change:
    """The change with the sample's new values: a flag, or the state that the verdicts lead to together."""
    if change.action in (Action.FLAG, Action.UNFLAG):
        return replace(change, fields={"flagged": change.action == Action.FLAG})
    if change.action == Action.EDIT:
        return change
    verdicts = [change.action]
    if seat.project.overlap > 1:
        said = dict(said_of(sample).filter(action__in=VERDICTS).values_list("person_id", "action"))
        if seat.person.pk in said:
            raise DecisionError("already_said")
        verdicts += said.values()
    state = settled(verdicts, overlap=seat.project.overlap)
    fields = {"state": state, "reason": change.reason, "decided_by": seat.person, "decided_at": change.now}
    return replace(change, fields=fields if state else {})


def _undoable(seat: Seat, *, key: str, decision_id: int | None) -> Decision:
    mine = Decision.objects.filter(person=seat.person, project=seat.project)
    if repeated := mine.filter(key=key, action=Action.UNDO).select_related("undoes").first():
        return repeated.undoes or repeated
    mine = mine.filter(undone_by=None).exclude(action=Action.UNDO).exclude(key__startswith=REMEDY)
    found = mine.filter(pk=decision_id).first() if decision_id else mine.order_by("-id").first()
    if found is None:
        raise DecisionError("nothing_to_undo")
    return found


def as_before(sample: Sample, *, decision: Decision) -> dict[str, object]:
    """The values that the decision replaced. Only what it touched, so that somebody's flag outlives another's undo."""
    before = decision.before
    if decision.action == Action.SKIP:
        return {}
    if decision.action in (Action.FLAG, Action.UNFLAG):
        return {"flagged": before["flagged"]}
    at = before["decided_at"]
    fields = {
        "state": before["state"], "reason": before["reason"],
        "decided_by_id": before["decided_by"], "decided_at": datetime.fromisoformat(at) if at else None,
    }  # fmt: skip
    if before["revision"] == decision.revision:
        return fields
    old = Revision.objects.get(sample=sample, number=before["revision"])
    texts = {name: getattr(old, name) for name in TEXT_FIELDS}
    return fields | texts | {
        "revision": old.number, "edited": before["edited"], "content_hash": old.content_hash,
        "search": search_words(*texts.values()),
    }  # fmt: skip


def _check(*, action: str, key: str, text: Texts | None = None, reason: str = "", note: str = "") -> None:
    """`DecisionError` for what cannot be a decision or could not be stored."""
    if action not in DECIDABLE and action not in (Action.UNDO, Action.REOPEN, Action.RESTORE):
        raise DecisionError("unknown_action")
    if not _KEY.fullmatch(key) or key.startswith((REMEDY, UNDO_REMEDY)):
        raise DecisionError("bad_key")
    if len(reason) > LONGEST_REASON or len(note) > LONGEST_NOTE:
        raise DecisionError("too_long")
    if action in (Action.REOPEN, Action.RESTORE) and not reason.strip():
        raise DecisionError("reason_missing")
    words = [reason, note, *(getattr(text, name) for name in TEXT_FIELDS if text)]
    if code := next(filter(None, map(check_text, words)), None):
        raise DecisionError(code)
    if (text is None and action == Action.EDIT) or (text and action not in (Action.EDIT, Action.APPROVE)):
        raise DecisionError("text_missing" if text is None else "text_unexpected")
    if text and not text.instruction.strip():
        raise DecisionError("instruction_empty")
    if text and any(len(word) > LONGEST_TEXT for word in words):
        raise DecisionError("too_long")
