"""The demo project: seeds in English and Chinese, and rows made by rules that wait for a reviewer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from generation.actions.projects import create_project
from generation.actions.runs import start_run
from generation.actions.seed_rows import with_defaults
from generation.actions.seeds import DuplicateSeedError, save_seed
from generation.actions.sources import Choice
from generation.formats import seed_tasks
from generation.formats.seed_tasks import SeedRow
from generation.models import Membership, Person, Project, Role
from generation.samples import sample_path

NAME = "Demo 示例"
RECIPE = "few_shot"
_FILES = {"demo_seeds.en.jsonl": "", "demo_seeds.zh.jsonl": "", "sentiment_demo.json": "sentiment"}


def make_demo(owner: Person | None = None, *, now: datetime) -> Project:
    """The demo project, made once: a second call returns it, and gives `owner` a seat if nobody owns it yet.

    Its few-shot runs need no model, so the rows to review are there as soon as a worker has looked.
    """
    with transaction.atomic():
        project = Project.objects.filter(is_demo=True).order_by("id").first()
        if project is None:
            project = create_project(name=NAME, language="en", by=None, now=now, is_demo=True)
            for name, task_type in _FILES.items():
                _bring_in(project, name, task_type=task_type, now=now)
            for language in ("en", "zh"):
                _convert(project, language, by=owner, now=now)
        if owner is not None and not project.memberships.filter(role=Role.OWNER).exists():
            Membership.objects.create(project=project, person=owner, role=Role.OWNER, created_at=now)
    return project


def _bring_in(project: Project, name: str, *, task_type: str, now: datetime) -> None:
    with sample_path(name).open("rb") as file:
        for _line, row in seed_tasks.read(file):
            if not isinstance(row, SeedRow):
                raise ValueError(f"{name} has a line that is no seed: {row}")
            row = with_defaults(replace(row, task_type=row.task_type or task_type))
            try:
                save_seed(project, row=row, source=name, now=now)
            except DuplicateSeedError:
                continue


def _convert(project: Project, language: str, *, by: Person | None, now: datetime) -> None:
    start_run(
        project,
        recipe=RECIPE,
        params={"task_type": "sentiment"},
        language=language,
        choice=Choice(seeds={"task_type": "sentiment", "language": language}),
        start_key=f"demo-{language}",
        by=by,
        now=now,
    )
