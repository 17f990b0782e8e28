"""What a report on quality takes: the job over many rows in time and memory, and its page from what is stored.

Run with `python -m benchmarks.quality_report [rows]` (default 100,000). Rows
are of some 400 characters, half English and half Chinese; twenty of them repeat evaluation texts and a hundred repeat
other rows. Aims: memory that grows with the rows' fingerprints alone, all twenty found and no other, the page within a
second.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from functools import partial
from typing import Any

from benchmarks.export import NOW, measured, place_of_its_own

HELD_OUT, AGAIN = 20, 100
_STARTS = "ba de fi go hu ja ke li mo nu pa re si to vu wa".split()  # noqa: SIM905
_ENDS = "ck ld mp nd ng nk pt rd rk rl rm rn rt sk st th".split()  # noqa: SIM905
ENGLISH = ["the", "of", "and", "to", "in", "a", *(a + b + c for a in _STARTS for b in ("", "la", "ri") for c in _ENDS)]
CHINESE = [chr(code) for code in range(0x4E00, 0x4E00 + 3000, 3)] + list("的一是不了在人有我他") * 20


def said(rng: random.Random, *, chinese: bool, words: int) -> str:
    """So many words, or twice as many characters, in sentences."""
    if chinese:
        return "".join("".join(rng.choices(CHINESE, k=16)) + "。" for _ in range(max(1, words // 8)))
    return " ".join(" ".join(rng.choices(ENGLISH, k=12)).capitalize() + "." for _ in range(max(1, words // 12)))


def fill(rows: int) -> Any:
    """A project with `rows` approved samples, and twenty kept for evaluation."""
    from generation.actions.tallies import count_moves
    from generation.models import Project, Sample

    rng = random.Random(7)
    project = Project.objects.create(slug="bench", name="Bench", created_at=NOW)
    held = [said(rng, chinese=bool(at % 2), words=40) for at in range(HELD_OUT)]
    every = {"project": project, "origin": "model", "created_at": NOW, "state": "approved"}
    Sample.objects.bulk_create(
        Sample(instruction=text, output="A", content_hash=f"{at:064x}", evaluation=True, **every)
        for at, text in enumerate(held)
    )
    first: list[tuple[str, str]] = []
    for start in range(0, rows, 5000):
        made = []
        for at in range(start, min(start + 5000, rows)):
            chinese = bool(at % 2)
            asked, told = said(rng, chinese=chinese, words=12), said(rng, chinese=chinese, words=48)
            if at < HELD_OUT:
                told = f"{told} {held[at]}"
            first += [(asked, told)] if HELD_OUT <= at < HELD_OUT + AGAIN else []
            if at >= rows - AGAIN:
                asked, told = first[at - rows + AGAIN]
            language = "zh" if chinese else "en"
            made.append(
                Sample(instruction=asked, output=told, content_hash=f"{at:064x}", language=language, **every)
            )  # fmt: skip
        Sample.objects.bulk_create(made)
    count_moves(project.pk, kind="sample", moves={"approved": rows + HELD_OUT})
    return project


def main(arguments: list[str]) -> None:
    """Prints one line for each step."""
    rows = int(arguments[0]) if arguments else 100_000
    with place_of_its_own():
        from django.core.management import call_command
        from django.db import connection
        from django.test import Client
        from django.urls import reverse
        from django.utils import timezone

        from generation.access import seat_in
        from generation.actions.jobs import work_on
        from generation.models import Person
        from generation.quality.report import SECTIONS, Asked, report_of
        from review.actions.quality_reports import fill_quality_report, measured_samples, start_quality_report
        from review.criteria import Criteria
        from review.models import FoundRows
        from review.quality_facts import facts_of_samples

        fill(rows)
        person = Person.objects.create(username="owner", password="!", is_superuser=True)
        seat, clock, wanted = seat_in(person, "bench"), timezone.now, Criteria(state="approved")
        base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{rows:,} rows, {connection.vendor}, base {base} MB\n{'':<44} {'rows/s':>10} {'rows/CPU s':>12}")
        measured("limit: read the rows, nothing else", rows, lambda: read(measured_samples(seat, criteria=wanted)))
        few = [each for each, _ in zip(facts_of_samples(measured_samples(seat, criteria=wanted)), range(5000))]  # noqa: B905
        for section in SECTIONS:
            alone = section(Asked())
            measured(f"  section {alone.name}, 5,000 rows", len(few), partial(whole, alone, few))
        report = start_quality_report(seat, criteria=wanted, now=clock())
        measured("job", rows, lambda: work_on(report.job_id or 0, owner="w", clock=clock,
                                              work=lambda job: fill_quality_report(job, clock=clock)))  # fmt: skip
        parts = FoundRows.objects.filter(report=report, code="contaminated").values_list("ids", flat=True)
        hits = sorted(pk for ids in parts for pk in ids)
        print(f"contaminated: {len(hits)} found of {HELD_OUT} planted: {hits[:3]} ...")
        call_command("collectstatic", interactive=False, verbosity=0)
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(person)
        for name in ("quality_report", "quality_report_json", "quality_report_file"):
            for _ in range(2):
                start = time.perf_counter()
                answer = client.get(reverse(name, args=["bench", report.pk]))
                took = time.perf_counter() - start
            print(f"{name:<44} {took * 1000:>7.0f} ms  {len(answer.content) // 1024} kB  {answer.status_code}")
        again = report_of(few, asked=Asked()).told == report_of(few, asked=Asked()).told
        print(f"the same rows give the same report: {again}")


def read(rows: Any) -> None:
    """Reads every row's facts and keeps none."""
    from review.quality_facts import facts_of_samples

    for _ in facts_of_samples(rows):
        pass


def whole(section: Any, rows: list[Any]) -> None:
    """One section from the first row to its findings."""
    for row in rows:
        section.see(row)
    section.told(), section.findings()


if __name__ == "__main__":
    main(sys.argv[1:])
