"""What a preview foretells is what the run costs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import timezone

from generation.actions.endpoints import edit_endpoint
from generation.actions.estimates import Estimate, expect
from generation.actions.previews import Preview, preview_of, start_preview
from generation.actions.runs import start_wished
from generation.models import Draft, Run
from tests.faults.expected import Scripted
from tests.runs import work_through
from tests.scripted_runs import ground
from tests.scripted_server.beside import serving

SHORTER = {"steady": {"target": 30}}
"""Fewer rows than the script's own figures are for: the replies are the same, however many are wanted."""

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Foretold:
    """A preview, the estimate that it led to, and the run itself."""

    preview: Preview
    estimate: Estimate
    run: Run

    @property
    def off(self) -> float:
        """How far the likely cost was from the real one, as a part of it."""
        assert self.estimate.likely_micro is not None
        return abs(self.estimate.likely_micro - self.run.spent_micro) / self.run.spent_micro


def foretell(name: str, folder: Path) -> Foretold:
    """A paid preview on the scripted server, then the run on a server that never saw the preview."""
    now = timezone.now()
    with ground(name, folder, **SHORTER.get(name, {})) as stage:
        preview = preview_of(work_through(start_preview(stage.project, wish=stage.wish, by=stage.person, now=now)))
        found = expect(stage.project, wish=stage.wish, on=now.date(), measured=preview.measured)
        with serving(Scripted(name).script, folder) as server:
            edit_endpoint(stage.endpoint, by=stage.person, now=now, base_url=server.base_url)
            run = start_wished(stage.project, wish=stage.wish, by=stage.person, now=now, measured=preview.measured)
            return Foretold(preview, found, work_through(run, turns=400))


@pytest.mark.parametrize("name", ["evol_instruct", "quality_scoring"])
def test_the_likely_cost_is_within_a_tenth_of_the_real_one(name: str, tmp_path: Path) -> None:
    found = foretell(name, tmp_path)
    low, high = found.estimate.micro
    assert found.off <= 0.10
    assert low <= found.run.spent_micro <= high
    assert found.run.estimate["likely_micro"] == found.estimate.likely_micro
    assert found.run.currency == "CNY"


def test_a_run_with_a_goal_is_played_through_with_what_admission_lets_pass(tmp_path: Path) -> None:
    found = foretell("steady", tmp_path)
    assert found.off <= 0.10
    invented = [each.reason for each in found.preview.drafts if each.stage == "self_instruct.invent"]
    assert invented.count("") == 9
    assert {"too_short", "blocked_word", "starts_with_punctuation", "too_similar"} < set(invented)
    stages = found.estimate.outlook.stages if found.estimate.outlook else ()
    assert [(each.stage, each.measured, each.kept) for each in stages] == [
        ("self_instruct.invent", 3, 3.0),
        ("self_instruct.instances", 3, pytest.approx(4 / 3)),
    ]
    assert not Draft.objects.filter(run__preview=True).exclude(state="pending").exists()
