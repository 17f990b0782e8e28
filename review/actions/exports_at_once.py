"""An export that whoever asks for it also builds: the commands need no worker."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db import transaction

from generation.actions.jobs import JobLostError, claim_job, fail_job
from generation.models import Project
from review.actions.exports import build_export, start_export
from review.exporting.source import Clock
from review.models import Export


def export_at_once(project: Project, *, owner: str, clock: Clock, **asked: Any) -> Export:
    """The export, built and over: its job says how it ended. `asked` and errors are those of `start_export`.

    The job is claimed before anybody else can see it, so no worker builds it a second time; one that is cancelled from
    a page meanwhile comes back as it is.
    """
    with transaction.atomic():
        export = start_export(project, by=None, now=clock(), **asked)
        job = claim_job(export.job_id, owner=owner, now=clock())
    assert job is not None
    try:
        build_export(job, clock=clock)
    except JobLostError:
        pass
    except BaseException:
        with suppress(JobLostError):
            fail_job(job, message="unexpected", now=clock())
        raise
    return Export.objects.select_related("job", "version__dataset").get(pk=export.pk)
