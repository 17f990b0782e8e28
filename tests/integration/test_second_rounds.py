"""From a set for fine-tuning to pairs for DPO: approved samples are asked again, and complex instructions corrected."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.actions.runs import start_wished
from generation.actions.sources import Choice
from generation.formats import format_named
from generation.models import PreferencePair, Project, Run, Sample
from review.actions.datasets import dataset_of, freeze
from review.actions.exports import build_export, file_path, start_export
from review.selection import Selection
from tests.cast import NOW, make_cast, make_samples
from tests.runs import plant_seeds, start_offline, work_through
from tests.scripted_runs import ground

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = [(f"Describe the {place} number {number}", "As it was learnt.") for place, number in (
    ("lake", 1), ("lake", 2), ("lake", 3), ("lake", 4), ("pond", 1), ("brook", 1), ("well", 1), ("spring", 1),
)]  # fmt: skip


@pytest.fixture(autouse=True)
def export_root(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_ROOT = tmp_path / "exports"


def dpo(project: Project, run: Run) -> list[dict[str, Any]]:
    """All pairs of the run that may leave, as a file for TRL's DPO that its contract check passes."""
    now = timezone.now()
    dataset = dataset_of(project, now=now, name="second round", kind="preference")
    chosen = Selection(kind="preference", run=run.pk, without_model=True)
    version = freeze(dataset, selection=chosen, by=None, now=now)
    made = start_export(project, format_name="trl_preference", by=None, now=now, version=version)
    work_on(made.job_id, owner="w", clock=timezone.now, work=lambda job: build_export(job, clock=timezone.now))
    made.job.refresh_from_db()
    assert made.job.state == "done", made.job.cursor
    rows: list[dict[str, Any]] = [json.loads(line) for line in file_path(made).read_text("utf-8").splitlines()]
    assert not [fault for row in rows for fault in format_named("trl_preference").check(row)]
    return rows


def test_004_04_a_set_for_fine_tuning_is_answered_again_and_becomes_pairs(tmp_path: Path) -> None:
    with ground("generate_pairs", tmp_path) as on:
        make_samples(on.project, ASKED, state=Sample.State.APPROVED)
        make_samples(on.project, [("Describe the lake number 9", "Nobody approved it.")])
        wish = replace(on.wish, choice=Choice(take=("samples",)))
        run = work_through(start_wished(on.project, wish=wish, by=on.person, now=timezone.now()))
        assert run.state == "completed"
        states = Counter(PreferencePair.objects.filter(run=run).values_list("state", "reason"))
        assert states == {("exportable", ""): 5, ("held_back", "below_margin"): 1}
        rows = dpo(on.project, run)
    assert sorted(row["prompt"].strip() for row in rows) == [
        "Describe the lake number 1", "Describe the lake number 2", "Describe the lake number 3",
        "Describe the lake number 4", "Describe the spring number 1",
    ]  # fmt: skip
    assert all("As it was learnt." not in json.dumps(row) for row in rows), "old answers are no part of new pairs"


def test_004_28_corrected_answers_to_complex_instructions_leave_as_pairs_for_dpo() -> None:
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    run = work_through(start_offline(cast.project, recipe="complex_from_simple", params={}))
    assert run.state.startswith("completed")
    pairs = PreferencePair.objects.filter(run=run, state="exportable")
    assert set(pairs.values_list("source", flat=True)) == {"rules"}
    rows = dpo(cast.project, run)
    texts = {(pair.chosen.text.strip(), pair.rejected.text.strip()) for pair in pairs}
    assert len(rows) == pairs.count() > 0
    assert {(row["chosen"].strip(), row["rejected"].strip()) for row in rows} == texts
