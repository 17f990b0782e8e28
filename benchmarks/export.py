"""How fast a dataset is frozen and written out, beside what the database and the disk allow.

Run with `python -m benchmarks.export [rows]` (default 200,000). It makes a database of its own in a temporary folder,
or a schema of its own in the PostgreSQL that `DATABASE_URL` names. CPU seconds are of this process; a row is about 600
bytes.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
TEXT = "数据 and words, as they come: " * 8


@contextmanager
def place_of_its_own() -> Iterator[str]:
    """Django set up on a fresh database, gone afterwards."""
    folder = tempfile.mkdtemp(prefix="fdc-bench-")
    os.environ |= {"FDC_DATA_DIR": folder, "FDC_SECRET_KEY": "b" * 50, "DJANGO_SETTINGS_MODULE": "fdc_project.settings"}
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        yield folder
    finally:
        teardown_databases(made, verbosity=0)
        shutil.rmtree(folder, ignore_errors=True)


def fill(rows: int) -> Any:
    """A project with `rows` approved samples."""
    from generation.models import Project, Sample

    project = Project.objects.create(slug="bench", name="Bench", created_at=NOW)
    for start in range(0, rows, 5000):
        numbers = range(start, min(start + 5000, rows))
        texts = [(f"{at} {TEXT}", f"{TEXT}{at}", f"{at:064x}") for at in numbers]
        every = {"project": project, "origin": "model", "state": "approved", "created_at": NOW}
        Sample.objects.bulk_create(
            Sample(instruction=asked, output=said, content_hash=known, **every) for asked, said, known in texts
        )
    return project


def measured(name: str, rows: int, work: Callable[[], Any], *, bar: str = "") -> Any:
    """Runs `work` and prints its line."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:<44} {rows / wall:>10,.0f} {rows / cpu:>12,.0f} {peak:>8} MB  {bar}", flush=True)
    return result


def main(arguments: list[str]) -> None:
    """Prints one line for each step."""
    rows = int(arguments[0]) if arguments else 200_000
    with place_of_its_own() as folder:
        from django.db import connection

        from benchmarks.export_steps import Steps

        project = fill(rows)
        steps = Steps(project, folder, now=NOW)
        print(f"{rows:,} rows, {connection.vendor}\n{'':<44} {'rows/s':>10} {'rows/CPU s':>12} {'peak':>8}")
        measured("limit: read the columns, nothing else", rows, steps.read)
        version = measured("freeze", rows, steps.freeze)
        print(f"{'  longest write transaction':<44} {steps.longest_hold * 1000:>10.0f} ms  (bar: 50)")
        bar = "(goal: 200,000 SQLite, 50,000 PostgreSQL)"
        measured("bare rows into a file", rows, lambda: steps.bare(version), bar=bar)
        measured("export: file, hash, manifest", rows, lambda: steps.export(version))


if __name__ == "__main__":
    main(sys.argv[1:])
