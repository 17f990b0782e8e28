"""A worker process of its own for exports, so that it can be killed: `python -m tests.faults.exporter <what> [number]`.

It runs on the database of `FDC_DATA_DIR`, which the test gives it.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up first
from django.utils import timezone  # noqa: E402

from fdc_project.starting import migrations_are_due  # noqa: E402
from generation.actions.jobs import LEASE, work_on  # noqa: E402
from generation.models import Project  # noqa: E402
from review.actions.exports import build_export, start_export  # noqa: E402
from review.models import DatasetRow, Export  # noqa: E402
from tests.cast import make_samples  # noqa: E402


def say(**what: Any) -> None:
    """One line of JSON to whoever started this process."""
    print(json.dumps(what), flush=True)


def prepare(rows: int) -> None:
    """A database with `rows` approved samples."""
    if migrations_are_due():
        call_command("migrate", verbosity=0)
    project = Project.objects.create(slug="poems", name="Poems", created_at=timezone.now())
    make_samples(project, rows, state="approved")
    say(prepared=True)


def start() -> None:
    """A waiting export of a new version."""
    project = Project.objects.get()
    say(export=start_export(project, format_name="alpaca", by=None, now=timezone.now()).pk)


def work(turn: int) -> None:
    """Works on the export, in a time in which the leases of all earlier turns have run out."""
    export = Export.objects.latest("pk")
    late = turn * (LEASE + timedelta(seconds=1))

    def clock() -> Any:
        return timezone.now() + late

    say(working=True)
    work_on(export.job_id, owner=f"worker {turn}", clock=clock, work=lambda job: build_export(job, clock=clock))
    tell()


def again() -> None:
    """One more export of the same version, undisturbed."""
    version = Export.objects.latest("pk").version
    start_export(version.dataset.project, format_name="alpaca", by=None, now=timezone.now(), version=version)
    work(0)


def tell() -> None:
    """How the newest export stands."""
    export = Export.objects.select_related("job", "version").latest("pk")
    pins = DatasetRow.objects.filter(version=export.version).order_by("position")
    places = list(pins.values_list("position", flat=True))
    say(
        state=export.job.state,
        attempt=export.job.attempt,
        rows=export.rows,
        sha256=export.sha256,
        stored_name=export.stored_name,
        places_are_whole=places == list(range(1, export.version.rows + 1)),
    )


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    {"prepare": prepare, "start": start, "work": work, "again": again, "tell": tell}[what](*map(int, numbers))
