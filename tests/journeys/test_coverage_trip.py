"""A cell without rows becomes a run that fills it, by keys; the best rows become a file, without scripts."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import expect

from generation.actions.jobs import work_on
from generation.actions.seeds import save_seed
from generation.actions.vocabularies import save_vocabulary
from generation.formats.seed_tasks import SeedRow
from generation.models import Job, Run, Sample
from generation.types import Instance
from review.actions.exports import build_export
from review.actions.freezing import freeze_version
from review.actions.selection_work import fill_selection
from tests.cast import make_cast, make_samples
from tests.journeys.conftest import session_of
from tests.runs import offline_endpoint, work_through

pytestmark = pytest.mark.django_db(transaction=True)
WORK = {
    "review.select_rows": fill_selection,
    "review.freeze_version": freeze_version,
    "review.build_export": build_export,
}


@pytest.fixture
def cast(settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path / "exports"
    offline_endpoint()
    return make_cast()


def signed_in(context, cast, live_server):
    for name, value in session_of(cast.alice).items():
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    return f"{live_server.url}/p/poems"


def apart(work):
    """Does it as a worker would: outside of the browser's thread."""

    def done():
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result(60)


def work_job():
    def work():
        job = Job.objects.latest("pk")
        work_on(
            job.pk, owner="w", clock=timezone.now, work=lambda job: WORK[job.kind](job, clock=timezone.now)
        )  # fmt: skip

    apart(work)


def test_an_empty_cell_becomes_a_run_that_fills_it(cast, live_server, page):
    now = timezone.now()
    for kind in ("repair", "buying"):
        row = SeedRow(
            instruction=f"What about {kind} of bicycles?", task_type=kind, language="en",
            instances=(Instance("", f"With {kind} it depends on the bicycle and on the weather."),),
        )  # fmt: skip
        save_seed(cast.project, row=row, now=now)
    terms = {"Drive": ["chain", "cassette"], "Brakes": ["rim brake", "disc brake"]}
    save_vocabulary(cast.project, name="Parts", terms=terms, by=None, now=now)
    asked = [(f"My chain jumps over tooth {number}.", "Measure it.") for number in range(6)]
    make_samples(cast.project, asked, state=Sample.State.APPROVED, task_type="repair")
    home = signed_in(page.context, cast, live_server)

    page.goto(f"{home}/coverage?rows=all")
    empty = page.locator("#coverage_grid tbody tr", has_text="Drive").locator("td[data-label=buying] a.gap")
    expect(empty).to_contain_text("0")
    page.keyboard.press("f")
    page.wait_for_url(re.compile("/runs/new/domain_generation"))
    expect(page.locator("#hole")).to_contain_text("buying")
    expect(page.locator("[name=p_only_terms]")).to_have_value("Drive")
    page.locator("[data-action=start]").first.click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    run = apart(lambda: work_through(Run.objects.latest("id")))
    assert run.state == "completed"
    page.goto(f"{home}/coverage?rows=all")
    filled = page.locator("#coverage_grid tbody tr", has_text="Drive").locator("td[data-label=buying]")
    expect(filled).not_to_have_text(re.compile(r"^0"))


def test_a_tier_leaves_as_a_file_in_its_order_without_scripts(cast, live_server, browser):
    topics = ["bees", "rivers", "clocks", "bread", "glass", "moths", "ferns", "trams", "ink", "salt"]
    texts = [(f"Tell me about {topic}.", f"{topic.title()} are worth a book.") for topic in topics]
    rows = make_samples(cast.project, texts, state=Sample.State.APPROVED)
    for number, row in enumerate(rows):
        row.scores = {"score": {"value": number + 1, "low": 1, "high": 10}}
    Sample.objects.bulk_update(rows, ["scores"])
    run = Run.objects.create(
        project=cast.project,
        recipe="quality_scoring",
        pool=cast.project.pools.create(name="x"),
        created_at=timezone.now(),
    )
    run.tallies.create(name="score.score", count=10)
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    home = signed_in(context, cast, live_server)

    page.goto(f"{home}/selections")
    page.select_option("[name=quality]", "score")
    page.select_option("[name=complexity]", "")
    page.fill("[name=w_quality]", "1")
    page.fill("[name=w_novelty]", "0")
    page.locator("[data-action=select]").click()
    work_job()
    page.reload()
    page.locator("#selection_tiers tbody tr", has_text="30").locator("a.btn").click()
    page.locator("#name").fill("best")
    page.locator("[data-action=freeze]").click()
    work_job()
    page.reload()
    page.locator("a[href*='exports/new?version']").first.click()
    page.locator("#main button.solid").click()
    work_job()
    page.reload()
    with page.expect_download() as coming:
        page.locator("a[href$='/file']").first.click()
    told = [json.loads(line) for line in coming.value.path().read_text().splitlines()]
    assert [row["instruction"] for row in told] == [f"Tell me about {topic}." for topic in ("salt", "ink", "trams")]
    context.close()
