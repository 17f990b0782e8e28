"""The cells that samples fill are found by the index, not by reading all of them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from generation.models import Project, Sample
from generation.models.cells import Cell, cells_of

pytestmark = pytest.mark.django_db


def samples(project: Project, *rows: tuple[str, str, str]) -> None:
    every = {
        "project": project,
        "origin": "model",
        "instruction": "Say it",
        "output": "It",
        "created_at": timezone.now(),
    }
    Sample.objects.bulk_create(
        Sample(state=state, task_type=kind, language=language, content_hash=f"{at:064x}", **every)
        for at, (state, kind, language) in enumerate(rows)
    )


def test_each_cell_is_told_once_and_only_those_of_the_project():
    mine, other = (
        Project.objects.create(slug=slug, name=slug, created_at=timezone.now()) for slug in ("mine", "other")
    )
    samples(other, ("approved", "code", "en"), ("rejected", "翻译", "zh"))
    assert cells_of(mine) == []
    samples(
        mine, ("approved", "rewrite", "zh"), ("approved", "", ""), ("approved", "rewrite", "en"),
        ("needs_review", "'; --", "zh"), ("approved", "rewrite", "zh"), ("approved", "", "en"),
    )  # fmt: skip
    assert sorted(cells_of(mine)) == [
        Cell("approved", "", ""), Cell("approved", "", "en"), Cell("approved", "rewrite", "en"),
        Cell("approved", "rewrite", "zh"), Cell("needs_review", "'; --", "zh"),
    ]  # fmt: skip


def test_the_steps_go_along_the_index():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads small tables whole")
    project = Project.objects.create(slug="mine", name="Mine", created_at=timezone.now())
    asked: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, params, many, context: (
        asked.append(sql), execute(sql, params, many, context)
    )[1]):  # fmt: skip
        cells_of(project)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]}", [project.pk, project.pk])
        plan = " ".join(str(row[3]) for row in cursor.fetchall())
    assert plan.count("USING COVERING INDEX samples_by_cell") == 2, plan
    assert "TEMP B-TREE" not in plan, plan
