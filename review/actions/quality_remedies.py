"""What a finding on quality is remedied by: its samples dropped, or put back to review. One click each, and each can be
taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from generation.access import Seat
from generation.actions.audit import audit
from generation.actions.tallies import count_moves
from generation.models import AuditEntry, PreferencePair, Sample
from review.actions.changes import snapshot
from review.actions.pair_moves import withdraw_edits
from review.models import Decision, FoundRows, QualityReport
from review.policies import check_can_measure
from review.quality_facts import samples_of

MOST_DROPPED = 10_000
MOST_SENT = 1000
"""Samples that one click sends to people: the worst ones, and as many as `?finding=` narrows the queue to."""
_AT_ONCE = 500
State, Action = Sample.State, Decision.Action
_FROM = {"drop": (State.APPROVED, State.NEEDS_REVIEW), "review": (State.APPROVED,)}
_TO = {"drop": State.REJECTED, "review": State.NEEDS_REVIEW}
_ACTIONS = {"drop": Action.DROP, "review": Action.REOPEN}
_NEEDED = (
    "pk", "state", "reason", "flagged", "edited", "revision", "version", "decided_by_id", "decided_at", "project_id",
)  # fmt: skip


class QualityRemedyError(Exception):
    """The remedy cannot be applied; `code` says why: "not_offered", "no_rows", "not_found"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class QualityRemedied:
    """How many samples were moved, how many of the finding wait for people now, and the audit entry that an undo
    names (None where nothing had to be moved)."""

    moved: int
    waiting: int = 0
    entry: int | None = None


def offered(report: QualityReport, *, code: str) -> Sequence[str]:
    """The remedies of a finding that can be applied to its rows: those of samples only; pairs have reports of their
    own."""
    found = next((each for each in report.told.get("findings", ()) if each["code"] == code), None)
    ours = report.version is None or samples_of(report.version.dataset.kind)
    return tuple(found["remedies"]) if found and ours else ()


def remedy_quality(seat: Seat, *, report: QualityReport, code: str, way: str, now: datetime) -> QualityRemedied:
    """Applies "drop" (samples that wait or are approved become rejected, with the finding's reason) or "review" (the
    approved ones among the worst wait again). Editors and owners only. `QualityRemedyError`."""
    check_can_measure(seat)
    if way not in _TO or way not in offered(report, code=code):
        raise QualityRemedyError("not_offered")
    ids = ids_of(report, code=code, most=MOST_SENT if way == "review" else None)
    if not ids:
        raise QualityRemedyError("no_rows")
    found = next(each for each in report.told["findings"] if each["code"] == code)
    reason = (found["reason"] or code)[:60]
    with transaction.atomic():
        entry = audit(
            "quality.remedy", by=seat.person, now=now, project=seat.project, subject=f"report {report.pk}",
            finding=code, reason=reason, way=way,
        )  # fmt: skip
        moved: list[int] = []
        for some in _some(ids):
            if room := MOST_DROPPED - len(moved):
                moved += moved_rows(seat, ids=some, entry=entry, way=way, reason=reason, room=room, now=now)
        AuditEntry.objects.filter(pk=entry.pk).update(detail=entry.detail | {"moved": len(moved), "rows": moved})
        if not moved:
            entry.delete()
    mine = Sample.objects.filter(project=seat.project, state=State.NEEDS_REVIEW)
    waiting = sum(mine.filter(pk__in=some).count() for some in _some(ids[:MOST_SENT]))
    return QualityRemedied(len(moved), waiting, entry.pk if moved else None)


def undo_quality_remedy(seat: Seat, *, entry: int, now: datetime) -> QualityRemedied:
    """Puts every sample that a remedy moved, and that nobody has moved since, back to how it stood.
    `QualityRemedyError`."""
    check_can_measure(seat)
    found = AuditEntry.objects.filter(project=seat.project, pk=entry, action="quality.remedy").first()
    if found is None:
        raise QualityRemedyError("not_found")
    with transaction.atomic():
        back = sum(put_back(seat, ids=some, entry=found, now=now) for some in _some(found.detail["rows"]))
        audit(
            "quality.undo_remedy", by=seat.person, now=now, project=seat.project, subject=found.subject, undoes=entry,
            moved=back,
        )  # fmt: skip
    return QualityRemedied(back)


def ids_of(report: QualityReport, *, code: str, most: int | None = None) -> list[int]:
    """The ids that a finding speaks of, worst first, `most` of them."""
    parts = FoundRows.objects.filter(report=report, code=code).order_by("part")
    if most is not None:
        parts = parts.filter(part__lt=-(-most // FoundRows.PART))
    return [pk for ids in parts.values_list("ids", flat=True) for pk in ids][:most]


def moved_rows(
    seat: Seat, *, ids: Sequence[int], entry: AuditEntry, way: str, reason: str, room: int, now: datetime
) -> list[int]:  # fmt: skip
    """Moves those of the samples that stand where `way` begins, `room` of them at most; their ids. Call it in a
    transaction whose audit `entry` is what an undo names."""
    rows = Sample.objects.filter(project=seat.project, pk__in=ids, state__in=_FROM[way])
    found = list(rows.only(*_NEEDED).order_by("pk").select_for_update(no_key=True)[:room])
    if not found:
        return []
    before = {sample.pk: snapshot(sample) for sample in found}
    were_approved = [sample for sample in found if sample.state == State.APPROVED]
    values: dict[str, Any] = {"state": _TO[way], "reason": reason, "decided_by": seat.person, "decided_at": now}
    if way == "review":
        values |= {"reason": "", "decided_by": None, "decided_at": None}
    Sample.objects.filter(pk__in=list(before)).update(**values, version=F("version") + 1)
    Decision.objects.bulk_create(
        Decision(
            project=seat.project, sample=sample, person=seat.person, action=_ACTIONS[way], reason=reason,
            revision=sample.revision, version=sample.version + 1, key=f"remedy-{entry.pk}-{sample.pk}",
            before=before[sample.pk], outcome=_outcome(sample, str(_TO[way])), claimed=False, created_at=now,
        )
        for sample in found
    )  # fmt: skip
    edited = PreferencePair.objects.filter(
        sample__parent__in=[each.pk for each in were_approved], source=PreferencePair.Source.EDIT
    )
    for sample in Sample.objects.filter(pk__in=edited.values("sample__parent")):
        withdraw_edits(sample)
    _count(seat, Counter({_TO[way].value: len(found)}), Counter(str(each["state"]) for each in before.values()))
    return list(before)


def put_back(seat: Seat, *, ids: Sequence[int], entry: AuditEntry, now: datetime) -> int:
    """Puts the samples that `moved_rows` moved, and that nobody has moved since, back to how they stood."""
    keys = [f"remedy-{entry.pk}-{pk}" for pk in ids]
    made = Decision.objects.filter(person=entry.person_id, key__in=keys, undone_by=None)
    said = {each.sample_id: each for each in made}
    rows = Sample.objects.filter(project=seat.project, pk__in=said).only(*_NEEDED).order_by("pk")
    found = [
        each for each in rows.select_for_update(no_key=True)
        if each.version == said[each.pk].version and each.state == said[each.pk].outcome["state"]
    ]  # fmt: skip
    for sample in found:
        before = said[sample.pk].before
        at = before["decided_at"]
        sample.state, sample.reason, sample.decided_by_id = before["state"], before["reason"], before["decided_by"]
        sample.decided_at = datetime.fromisoformat(at) if at else None
        sample.version += 1
    Sample.objects.bulk_update(found, ["state", "reason", "decided_by", "decided_at", "version"], batch_size=100)
    Decision.objects.bulk_create(
        Decision(
            project=seat.project, sample=sample, person=seat.person, action=Action.UNDO, revision=sample.revision,
            version=sample.version, key=f"undo-remedy-{entry.pk}-{sample.pk}", undoes=said[sample.pk], claimed=False,
            outcome=_outcome(sample, sample.state, version=sample.version), created_at=now,
        )
        for sample in found
    )  # fmt: skip
    moved = Counter(said[each.pk].outcome["state"] for each in found)
    _count(seat, Counter(str(each.state) for each in found), moved)
    return len(found)


def _outcome(sample: Sample, state: str, *, version: int | None = None) -> dict[str, Any]:
    return {
        "sample_id": sample.pk, "state": state, "version": version or sample.version + 1, "revision": sample.revision,
        "flagged": sample.flagged,
    }  # fmt: skip


def _count(seat: Seat, came: Counter[str], left: Counter[str]) -> None:
    moves = {state: came[state] - left[state] for state in {*came, *left}}
    count_moves(seat.project.pk, kind="sample", moves=moves)


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
