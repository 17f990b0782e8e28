"""From a run to a manifest: every exported line is walked back to its calls, prompt versions, seeds and reviewers."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from generation.actions.endpoints import ensure_installation_endpoints
from generation.actions.jobs import work_on
from generation.actions.prompts import save_version, slot_named
from generation.actions.runs import start_run
from generation.actions.seeds import save_seed
from generation.formats import seed_tasks
from generation.models import Call, Run, Sample, Seed
from generation.samples import sample_path
from generation.tasks import admit, drain_run
from review.actions.decisions import decide
from review.actions.exports import build_export, file_path, manifest_path, start_export
from review.reports.receipts import cards_for
from review.selection import Selection
from tests.cast import make_cast, new_key

INVENT, CLASSIFY = "self_instruct.invent", "self_instruct.classify"


@pytest.fixture
def cast(transactional_db, settings, tmp_path):
    settings.EXPORT_ROOT, settings.DATA_DIR = tmp_path / "exports", tmp_path
    cast = make_cast()
    with sample_path("demo_seeds.en.jsonl").open("rb") as file:
        for _, row in list(seed_tasks.read(file))[:16]:
            save_seed(cast.project, row=row, now=timezone.now())
    return cast


def finished_run(cast) -> Run:
    """A Self-Instruct run by rules with one edited prompt, worked on as workers do."""
    [offline] = ensure_installation_endpoints(now=timezone.now())
    _, slot = slot_named(CLASSIFY, language="en")
    text = slot.shipped("en") + "\nThink twice."
    save_version(cast.project, slot=CLASSIFY, language="en", text=text, by=cast.bob, now=timezone.now())
    run = start_run(
        cast.project, recipe="self_instruct", params={"target": 4}, endpoint=offline, by=cast.bob, now=timezone.now()
    )
    for _ in range(60):
        admit(run.pool_id)
        drain_run(run.pk)
        run.refresh_from_db()
        if run.state == Run.State.COMPLETED:
            return run
    raise AssertionError(run.state)


def test_the_receipt_names_every_seed_and_not_just_the_first(cast):
    run = finished_run(cast)
    sample = Sample.objects.filter(run=run).select_related("draft").first()
    [card] = cards_for(cast.seat("carol"), ids=[sample.pk])
    assert list(card.receipt.seeds) == sample.draft.content["seed_ids"]
    assert len(card.receipt.seeds) > 1


def test_every_exported_line_leads_back_to_where_it_came_from(cast):
    run = finished_run(cast)
    samples = list(Sample.objects.filter(run=run, state=Sample.State.NEEDS_REVIEW))
    for sample in samples:
        decide(
            cast.seat("carol"), sample_id=sample.pk, action="approve", key=new_key(), version=sample.version,
            now=timezone.now(),
        )  # fmt: skip
    chosen = Selection(without_model=True)
    export = start_export(cast.project, format_name="alpaca", selection=chosen, by=cast.bob, now=timezone.now())
    clock = timezone.now
    work_on(export.job_id, owner="w", clock=clock, work=lambda job: build_export(job, clock=clock))
    head, *rows = [json.loads(line) for line in manifest_path(export).read_bytes().splitlines()]
    lines = file_path(export).read_bytes().splitlines()
    assert len(rows) == len(lines) == len(samples) >= 4
    assert head["statement"].startswith(f"{len(rows)} of {len(rows)} rows: made by rules")
    for row, line in zip(rows, lines, strict=True):
        check_line(row, json.loads(line), run)


def check_line(row, written, run):
    """One line of the manifest against the rows that it names."""
    sample = Sample.objects.get(pk=row["sample"])
    assert (written["instruction"], written["output"]) == (sample.instruction, sample.output)
    assert (row["run"], row["recipe"], row["origin"]) == (run.pk, "self_instruct", "rules")
    assert row["endpoint"] == "Offline rules"
    assert row["prompts"][CLASSIFY]["version"] == 2
    assert row["prompts"][INVENT] == {"version": 0}
    stages = {call["stage"] for call in row["calls"]}
    assert stages >= {INVENT, CLASSIFY}
    assert {call["call"] for call in row["calls"]} <= set(Call.objects.filter(run=run).values_list("pk", flat=True))
    assert row["seeds"]
    assert Seed.objects.filter(pk__in=row["seeds"]).count() == len(row["seeds"])
    assert [(each["by"], each["action"]) for each in row["decisions"]] == [("carol", "approve")]
