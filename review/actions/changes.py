"""How a decision is written: the sample moves by compare-and-set, a Decision is added, the tallies follow.

Everything that people do to samples goes through `write`. It is called in a transaction and is safe to repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, JSONField, Max, OuterRef, Subquery
from django.db.models.functions import Now

from fdc_project.web.states import check
from generation.access import Seat
from generation.actions.tallies import count_moves
from generation.content import content_hash, search_words, unedited
from generation.models import Revision, Sample
from review.actions.pair_moves import withdraw_edits
from review.models import Claim, Decision

TEXT_FIELDS = ("system", "instruction", "input", "output")
REMEDY, UNDO_REMEDY = "remedy-", "undo-remedy-"
"""How the keys of decisions begin that one click wrote of many samples; no browser may use such a key."""


class DecisionError(Exception):
    """What was asked for makes no sense as it stands; `code` says why. Nothing was written."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SampleNotFoundError(DecisionError):
    """There is no such sample in this project."""


class StaleError(Exception):
    """Somebody else wrote between our reading and our writing: read again."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The four texts of a sample that a person may edit."""

    instruction: str
    output: str
    input: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision. `saved` false is a conflict: nothing was written, `code` says why.

    `repeated` is true for a key that was seen before: this is the first answer again. `claimed` are the ids of samples
    that were claimed for what the person sees next.
    """

    saved: bool
    sample_id: int
    state: str
    version: int
    revision: int
    flagged: bool
    code: str = ""
    decision_id: int | None = None
    repeated: bool = False
    claimed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One decision, ready to be written. `fields` are the sample's new values; `texts` becomes a new revision."""

    action: str
    key: str
    now: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    texts: Texts | None = None
    reason: str = ""
    note: str = ""
    seconds: float | None = None
    undoes: Decision | None = None


def read(seat: Seat, *, sample_id: int, key: str) -> Sample:
    """The sample as it is, in one query, with three things more.

    `first` is the outcome kept under this key, or None, and `first_deed` what was done under it; `held` whether this
    person has a live claim on it.
    """
    first = Decision.objects.filter(person=seat.person, key=key)
    claims = Claim.objects.filter(subject_kind="sample", subject_id=OuterRef("pk"), person=seat.person)
    rows = Sample.objects.filter(project=seat.project, pk=sample_id).defer("search")
    sample = rows.annotate(
        first=Subquery(first.values("outcome"), output_field=JSONField()), first_deed=Subquery(first.values("action")),
        held=Exists(claims.filter(expires_at__gt=Now())),
    ).first()  # fmt: skip
    if sample is None:
        raise SampleNotFoundError("not_found")
    return sample


def write(seat: Seat, *, sample: Sample, change: Change) -> Outcome:
    """Writes one decision; `StaleError` when the sample is no longer what was read. Call it in a
    transaction."""
    before = snapshot(sample)
    values = dict(change.fields)
    if change.texts is not None:
        values |= _revise(seat, sample=sample, texts=change.texts, now=change.now)
    old_state, old_flag = sample.state, sample.flagged
    if values.get("state", old_state) != old_state:
        check(sample, values["state"])
    if change.action != Decision.Action.SKIP:
        values["version"] = sample.version + 1
        if not Sample.objects.filter(pk=sample.pk, version=sample.version).update(**values):
            raise StaleError
    for name, value in values.items():
        setattr(sample, name, value)
    decision = _record(seat, sample=sample, change=change, before=before)
    shard = sample.pk
    if old_state == Sample.State.APPROVED != sample.state:
        withdraw_edits(sample)
    if sample.state != old_state:
        count_moves(seat.project.pk, kind="sample", moves={old_state: -1, sample.state: 1}, shard=shard)
    if sample.flagged != old_flag:
        count_moves(seat.project.pk, kind="flag", moves={"flagged": 1 if sample.flagged else -1}, shard=shard)
    return _outcome(sample, decision_id=decision.pk)


def conflict(sample: Sample, *, code: str) -> Outcome:
    """The answer to a decision that came too late: how the sample stands, and why nothing was written."""
    return _outcome(sample, saved=False, code=code)


def first_answer(sample: Any, *, to: Sequence[str]) -> Outcome | None:
    """What this key was answered the first time, or None for a new key; a conflict when it was the key of another deed
    than these, or spoke of another sample: then what is asked now was not done."""
    if sample.first is None:
        return None
    if sample.first_deed not in to or sample.first["sample_id"] != sample.pk:
        return conflict(sample, code="key_used")
    return Outcome(saved=True, repeated=True, **sample.first)


def snapshot(sample: Sample) -> dict[str, Any]:
    """What an undo puts back, as plain JSON."""
    return {
        "state": sample.state,
        "reason": sample.reason,
        "flagged": sample.flagged,
        "edited": sample.edited,
        "revision": sample.revision,
        "decided_by": sample.decided_by_id,
        "decided_at": sample.decided_at.isoformat() if sample.decided_at else None,
    }


def _revise(seat: Seat, *, sample: Sample, texts: Texts, now: datetime) -> dict[str, Any]:
    """A new immutable revision after the last one, whichever of them the sample shows now. What was there before the
    first edit is written down with it."""
    wording = {name: getattr(texts, name) for name in TEXT_FIELDS}
    fingerprint = content_hash(**wording, turns=sample.turns, **unedited(sample))
    last = Revision.objects.filter(sample=sample).aggregate(number=Max("number"))["number"]
    if last is None:
        sample.first_revision().save(force_insert=True)
    revision = Revision.objects.create(
        sample=sample, number=(last or 1) + 1, turns=sample.turns, content_hash=fingerprint,
        author=seat.person, created_at=now, **wording,
    )  # fmt: skip
    derived = {"content_hash": fingerprint, "search": search_words(*wording.values())}
    return wording | derived | {"revision": revision.number, "edited": True}


def _record(seat: Seat, *, sample: Sample, change: Change, before: dict[str, Any]) -> Decision:
    outcome = {
        "sample_id": sample.pk, "state": sample.state, "version": sample.version,
        "revision": sample.revision, "flagged": sample.flagged,
    }  # fmt: skip
    return Decision.objects.create(
        project=seat.project, sample=sample, person=seat.person, action=change.action, reason=change.reason,
        note=change.note, revision=sample.revision, version=sample.version, key=change.key, seconds=change.seconds,
        before=before, outcome=outcome, undoes=change.undoes, claimed=sample.held, created_at=change.now,  # type: ignore[attr-defined]
    )  # fmt: skip


def _outcome(sample: Sample, *, saved: bool = True, code: str = "", decision_id: int | None = None) -> Outcome:
    return Outcome(
        saved=saved, sample_id=sample.pk, state=sample.state, version=sample.version, revision=sample.revision,
        flagged=sample.flagged, code=code, decision_id=decision_id,
    )  # fmt: skip
