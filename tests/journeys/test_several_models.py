"""A run of three models in the browser: two that answer and one that judges, each asked under its own name.

With FDC_PICTURES=FOLDER the pages are kept as pictures.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from generation.actions.seeds import save_seed
from generation.formats.seed_tasks import SeedRow
from generation.models import Job, PreferencePair, Run
from generation.types import Instance
from review.tasks import report_pairs_task
from tests.cast import NOW
from tests.chat_server import chat_server
from tests.journeys.conftest import session_of
from tests.judging_server import JUDGE
from tests.recorded import answers, playing
from tests.runs import work_through

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not answers.FOLDER.exists(), reason="the recorded answers are not beside the project"),
]
PICTURES = os.environ.get("FDC_PICTURES", "")
T = TypeVar("T")
ROWS = int(os.environ.get("FDC_PICTURED_ROWS", "12"))


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def aside(work: Callable[[], T]) -> T:
    """The work as a worker would do it, beside the browser."""

    def done() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as worker:
        return worker.submit(done).result()


def test_two_models_and_a_judge_are_chosen_and_each_has_its_share(live_server, page, django_user_model):
    long = [row for row in answers.rows() if all(len(text.strip()) > 20 for text in row.answers.values())][:ROWS]
    alice = django_user_model.objects.create_superuser("alice", password="x")
    desk = answers.desk(long)
    with chat_server(desk, models=[*answers.MODELS, JUDGE]) as server:
        project = playing.prepare(server, slug="recorded")
        project.memberships.create(person=alice, role="owner", created_at=NOW)
        for row in long:
            seed = SeedRow(instruction=row.instruction, instances=(Instance(row.input, row.target),))
            save_seed(project, row=seed, now=NOW, source="prompts.jsonl")
        for name, value in session_of(alice).items():
            page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{live_server.url}/p/recorded/runs/new/model_comparison")
        page.locator("[name=endpoint]").select_option(label="Recorded")
        page.locator("[name=model]").fill(answers.HIGH)
        page.locator("[name=low_model]").fill(answers.HIGH)
        page.locator("[name=confirm]").or_(page.locator("button[value=start]")).first.wait_for()
        page.locator("button[value=start]").click()
        expect(page.locator("body")).to_contain_text("must be another model than the run's own")
        page.locator("[name=low_model]").fill(answers.LOW)
        page.locator("[name=judge_model]").fill(JUDGE)
        page.locator("button[value=look]").click()
        expect(page.locator("body")).not_to_contain_text("must be another model")
        picture(page, "preferences-new-run")
        if page.locator("[name=confirm]").count():
            page.locator("[name=confirm]").check()
        page.locator("button[value=start]").click()
        page.wait_for_url("**/runs/*")
        run = aside(lambda: work_through(Run.objects.latest("id"), turns=400))
        page.reload()
    assert run.state == "completed"
    shares = page.locator("#run_models")
    for name in (answers.HIGH, answers.LOW, JUDGE):
        expect(shares).to_contain_text(name)
    expect(page.locator("#run_drafts")).to_contain_text("Hidden: this run wrote answers")  # not that it made none
    page.set_viewport_size({"width": 1440, "height": 1340})
    picture(page, "preferences-run")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_server.url}/p/recorded/pairs/report")
    page.locator("[data-action=measure]").click()
    expect(page.locator("[data-action=measure]")).to_have_count(0)  # the job is there
    aside(lambda: report_pairs_task(Job.objects.filter(kind="review.report_pairs").latest("id").pk))
    page.goto(f"{live_server.url}/p/recorded/pairs/report")
    expect(page.locator("[data-action=measure]")).to_be_visible()  # to measure again
    picture(page, "preferences-report")
    assert set(desk.asked) == {answers.HIGH, answers.LOW, JUDGE}
    assert desk.names_seen == []
    assert PreferencePair.objects.filter(run=run, state="exportable").exists()
