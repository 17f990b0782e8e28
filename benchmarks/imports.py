"""How fast a file of rows comes into a project and goes out again, and whether reviewers notice.

Run with `python -m benchmarks.imports [rows]` (default 200,000). Uploads end at 200 MB, so that more than 300,000 rows
come as several files; the reviewers' import has half as many rows, and one file's at the most. On SQLite, and on
PostgreSQL where FDC_TEST_DATABASE_URL names one. The words of the search come in by a job of its own, with a rate of
its own. The reviewers are those of `benchmarks.review`: one person who decides before and during an import into the
same database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from benchmarks.export import measured, place_of_its_own
from benchmarks.review import ROOT, prepared, server, surroundings
from benchmarks.review_client import Client, quantile

PORT = 8137
A_FILE = 300_000
POSTGRESQL = "FDC_TEST_DATABASE_URL"


def main(arguments: list[str]) -> None:
    """Prints the rates on each database, each in a process of its own, then the reviewers' times."""
    rows = int(arguments[0]) if arguments else 200_000
    for url in ["", *filter(None, [os.environ.get(POSTGRESQL, "")])]:
        own = os.environ | {"DATABASE_URL": url, "REDIS_URL": ""}
        command = [sys.executable, "-m", "benchmarks.imports", "rates", str(rows)]
        subprocess.run(command, cwd=ROOT, env=own, check=True)
    beside = min(rows // 2, A_FILE)
    reviewers(beside)
    if given := os.environ.get(POSTGRESQL):
        with database_beside(given) as url:
            reviewers(beside, database_url=url)


def rates(rows: int) -> None:
    """Import, index, freeze and export on the database of the settings."""
    with place_of_its_own() as folder:
        from django.db import connection

        from benchmarks.import_steps import Steps, write_file

        paths = [Path(folder, f"rows-{first}.jsonl") for first in range(0, rows, A_FILE)]
        for path, first in zip(paths, range(0, rows, A_FILE), strict=True):
            write_file(path, min(A_FILE, rows - first), first=first)
        steps = Steps(folder, paths)
        size = sum(path.stat().st_size for path in paths)
        print(f"{rows:,} rows, {size / 1e6:.0f} MB, {connection.vendor}")
        print(f"{'':<44} {'rows/s':>10} {'rows/CPU s':>12} {'peak':>8}")
        goal = "(goal: 60,000 SQLite, 50,000 PostgreSQL)"
        measured("import, approved", rows, steps.read_in, bar=goal)
        measured("the same file again: nothing new", rows, steps.read_in_again)
        measured("search index of the import", rows, steps.index)
        measured("freeze", rows, steps.freeze)
        measured("export", rows, steps.export, bar="(goal: 200,000 SQLite, 50,000 PostgreSQL)")


def reviewers(rows: int, *, database_url: str = "") -> None:
    """The times of one reviewer's decisions before and while an import runs in another process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sessions = prepared(folder, 10_000, database_url=database_url)
        with server(folder, PORT, database_url=database_url):
            one = Client(PORT, sessions[0])
            one.review(20)
            quiet = one.review(150)
            command = [sys.executable, "-m", "benchmarks.import_steps", str(folder / "rows.jsonl"), str(rows)]
            working = subprocess.Popen(
                command, cwd=ROOT, env=surroundings(folder, database_url=database_url), stdout=subprocess.PIPE,
                stdin=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert working.stdout
            assert working.stdout.readline().startswith("ready")
            assert working.stdin
            working.stdin.write("go\n")
            working.stdin.flush()
            busy: list[float] = []
            while working.poll() is None and len(busy) < 9000:
                busy += one.review(10)
            assert working.wait() == 0
            rate = working.stdout.read().strip()
    told = {name: [round(quantile(times, share), 1) for share in (0.5, 0.95, 1)]
            for name, times in (("before", quiet), ("during", busy))}  # fmt: skip
    print(f"reviewer on {'PostgreSQL' if database_url else 'SQLite'}, ms p50, p95, most: {json.dumps(told)},"
          f" {len(busy)} decisions beside {rate} rows/s (bar: p95 50)", flush=True)  # fmt: skip


@contextmanager
def database_beside(given: str) -> Iterator[str]:
    """An empty PostgreSQL database on the same server, gone afterwards."""
    name = f"fdc_bench_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        try:
            yield urlsplit(given)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


if __name__ == "__main__":
    if sys.argv[1:2] == ["rates"]:
        rates(int(sys.argv[2]))
    else:
        main(sys.argv[1:])
