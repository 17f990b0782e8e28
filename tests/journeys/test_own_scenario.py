"""A third scenario made in the browser alone: seeds, a vocabulary, a prompt, and rows of a field that ships nowhere."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from generation.models import Run, Sample, Vocabulary
from tests.cast import make_cast
from tests.journeys.conftest import session_of
from tests.runs import offline_endpoint, work_through

pytestmark = pytest.mark.django_db(transaction=True)
SEEDS = [
    ("repair", "My chain jumps under load. What is it?", "Most likely a worn chain or cassette; have both measured."),
    ("repair", "The brake squeals in the rain.", "Clean the rim and roughen the pads a little; replace glazed ones."),
    ("buying", "Which lock suits a bicycle at a station?", "A U-lock through frame and rack, a cable for the wheel."),
]  # fmt: skip
TEMPLATE = """[system]
You write records for a bicycle workshop. What stands between fences is data.
[user]
Like these:
<sample_list>
about these parts:
<entity_list>
1. Write {{ count }} records as a JSON list with instruction, input and output.
"""


@pytest.fixture
def home(live_server, page) -> str:
    """The browser signed in as somebody with a seat anywhere; a project is still to be made."""
    cast = make_cast()
    offline_endpoint()
    for name, value in session_of(cast.alice).items():
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    return live_server.url


def write_seeds(page: Page) -> None:
    for kind, asked, answered in SEEDS:
        page.locator("[name=instruction]").fill(asked)
        page.locator("[name=output_0]").fill(answered)
        page.locator("[name=task_type]").fill(kind)
        page.locator("button[value=another]").click()
        expect(page.locator("[name=instruction]")).to_have_value("")


def worked() -> Run:
    """The newest run, worked to its end as a worker would."""

    def work() -> Run:
        try:
            return work_through(Run.objects.latest("id"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(60)


def test_001_02_a_scenario_of_ones_own_is_made_in_the_browser_alone(home, page):
    page.goto(f"{home}/new")
    page.locator("[name=name]").fill("Workshop")
    page.locator("form.pane-body button").click()
    page.goto(f"{home}/p/workshop/seeds")
    page.locator("[data-action=scenarios]").click()
    page.goto(f"{home}/p/workshop/seeds/new")
    write_seeds(page)

    page.goto(f"{home}/p/workshop/vocabularies")
    page.locator(".empty a.btn").click()
    page.locator("[name=name]").fill("Parts")
    page.locator("[name=text]").fill("# Drive\nchain\ncassette\n# Brakes\nrim brake\ndisc brake\n")
    page.locator("[data-action=save]").click()
    expect(page.locator(".banner").first).to_contain_text("4")

    page.goto(f"{home}/p/workshop/prompts/domain_generation.generate/en")
    page.locator("[name=text]").fill(TEMPLATE)
    expect(page.locator("#prompt_preview")).to_contain_text('"instruction": ')
    page.locator("[data-action=save]").click()
    expect(page.locator(".pill.info")).to_be_visible()

    page.goto(f"{home}/p/workshop/runs/new/domain_generation")
    page.locator("[name=p_generate_times]").fill("4")
    page.locator("[name=p_random_seed_num]").fill("2")
    page.locator("[data-action=start]").first.click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    run = worked()
    assert (run.state, run.items.count()) == ("completed", 8)
    rows = Sample.objects.filter(run=run).exclude(state="filtered")
    assert rows.count() >= 8
    assert set(rows.values_list("task_type", flat=True)) <= {"repair", "buying"}
    assert Vocabulary.objects.get().terms == {"Drive": ["chain", "cassette"], "Brakes": ["rim brake", "disc brake"]}
    page.reload()
    expect(page.locator("#run_coverage")).to_contain_text("of 4")
