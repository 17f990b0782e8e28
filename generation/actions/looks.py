"""Looking behind answers: who had names, scores and verdicts shown before anybody asked them is recorded."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from generation.access import Seat
from generation.actions.audit import audit
from generation.models import Look, Person, Project, Role, Run, Sample


def look_at_sample(seat: Seat, *, sample: Sample, now: datetime) -> Look:
    """Shows this person from now on what is behind the answers to one prompt, once for all; recorded. Editors and
    owners only (`PermissionDenied`)."""
    return _look(seat, sample=sample, run=None, now=now)


def look_at_run(seat: Seat, *, run: Run, now: datetime) -> Look:
    """The same for everything that a run made."""
    return _look(seat, sample=None, run=run, now=now)


def look_at_all(project: Project, *, by: Person, now: datetime) -> bool:
    """The same for all answers of the project; false when the person had looked before. Whoever calls it has asked
    whether they may."""
    with transaction.atomic():
        _, fresh = Look.objects.get_or_create(
            project=project, person=by, sample=None, run=None, defaults={"created_at": now}
        )
        if fresh:
            audit("pairs.look", by=by, now=now, project=project)
    return fresh


def _look(seat: Seat, *, sample: Sample | None, run: Run | None, now: datetime) -> Look:
    if not seat.may(Role.EDITOR):
        raise PermissionDenied
    with transaction.atomic():
        made, fresh = Look.objects.get_or_create(
            project=seat.project, person=seat.person, sample=sample, run=run, defaults={"created_at": now}
        )
        if fresh:
            kind, subject = ("sample", sample.pk) if sample else ("run", run and run.pk)
            audit(f"look.{kind}", by=seat.person, now=now, project=seat.project, subject=str(subject))
    return made
