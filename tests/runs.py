"""Runs for tests: seeds, an offline endpoint, and a worker's turn without a worker."""

from __future__ import annotations

import hashlib
import json
import random
import time
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.utils import timezone

from generation.actions.drains import Door, drain
from generation.actions.endpoints import ensure_installation_endpoints
from generation.actions.runs import start_run
from generation.actions.samples import admit
from generation.engine.ledger import Limits
from generation.models import Endpoint, Project, Run, Seed
from generation.samples import sample_path

OVER = ("completed", "completed_with_errors", "cancelled", "failed")


def door() -> Door:
    """What a task hands in."""
    return Door(timezone.now, time.monotonic, random.Random(1), Path(settings.DATA_DIR) / "owners")


def plant_seeds(project: Project, *, now: datetime) -> list[Seed]:
    """The demo's English seeds."""
    rows = [json.loads(line) for line in sample_path("demo_seeds.en.jsonl").read_text(encoding="utf-8").splitlines()]
    return Seed.objects.bulk_create(
        Seed(
            project=project, instruction=row["instruction"], instances=row["instances"], language="en",
            is_classification=row["is_classification"], created_at=now, updated_at=now,
            content_hash=hashlib.sha256(row["instruction"].encode()).hexdigest(),
        )
        for row in rows
    )  # fmt: skip


def offline_endpoint() -> Endpoint:
    """The rules that every installation has."""
    ensure_installation_endpoints(now=timezone.now())
    return Endpoint.objects.get(kind="offline")


def start_offline(project: Project, *, recipe: str = "self_instruct", **wishes: Any) -> Run:
    """A run on the project's seeds without a model."""
    wishes = {"params": {"target": 5}} | wishes
    return start_run(project, recipe=recipe, by=None, now=timezone.now(), endpoint=offline_endpoint(), **wishes)


def turn(run: Run) -> None:
    """What the workers do when they are rung for once: admission, then a drain that does not wait for more."""
    hands = door()
    admit(run.pool_id, owner=hands.owner(), folder=hands.folder, clock=hands.now)
    with patch("generation.actions.assignments.Limits", partial(Limits, idle=0.0)):
        drain(run.pk, door=hands)


def work_through(run: Run, *, turns: int = 60) -> Run:
    """Turns until the run is over or paused."""
    for _ in range(turns):
        run.refresh_from_db()
        if run.state != Run.State.RUNNING:
            return run
        turn(run)
    raise AssertionError(f"the run is still {run.state}")
