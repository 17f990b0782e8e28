"""Rows that repeat others are dropped while a run makes them, and a conflict is settled by one key, or without any
script."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import expect

from generation.actions.items import claim_items
from generation.actions.jobs import work_on
from generation.actions.ledger import RunLedger
from generation.actions.samples import admit
from generation.engine.ledger import Finished
from generation.models import Draft, Item, Run, Sample
from generation.types import Draft as DraftValue
from review.actions.conflict_searches import fill_conflict_search
from review.models import ConflictSearch
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.journeys.conftest import session_of
from tests.runs import door, plant_seeds, start_offline

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = "Explain in two short sentences why the leaves of many trees turn red and yellow in autumn."
SAID = "The days grow shorter and the tree stops making green. What was hidden under the green can now be seen by all."
MARS = ("How many moons does the planet Mars have?", "Two: Phobos and Deimos.", "It lost all of them long ago.")
VENUS = ("How many moons does the planet Venus have?", "It has none.", "Seven, and all of them are made of ice.")


def propose(cast: Cast) -> tuple[int, int]:
    """A run whose one draft nearly repeats an approved row: the run, and the sample that was dropped."""
    make_samples(cast.project, [(ASKED, SAID)], state=Sample.State.APPROVED)
    plant_seeds(cast.project, now=NOW)
    run, hands = start_offline(cast.project), door()
    admit(run.pool_id, owner=hands.owner(), folder=hands.folder, clock=hands.now)
    Run.objects.filter(pk=run.pk).update(wave=99)
    Item.objects.filter(run=run).update(stage="self_instruct.instances")
    item = claim_items(run.pk, owner="w", limit=1, now=timezone.now())[0]
    draft = DraftValue("sample", instruction=ASKED, output=f"{SAID} Indeed.", language="en")
    RunLedger(run, owner="w", folder=hands.folder, clock=timezone.now).write([Finished(item, [draft])])
    admit(run.pool_id, owner=hands.owner(), folder=hands.folder, clock=hands.now)
    return run.pk, Sample.objects.get(draft=Draft.objects.get(item=item.id)).pk


def searched() -> None:
    """The worker's part of a search."""
    job = ConflictSearch.objects.latest("pk").job
    assert job is not None
    work_on(job.pk, owner="w", clock=timezone.now, work=lambda each: fill_conflict_search(each, clock=timezone.now))
    connections.close_all()


def test_a_near_duplicate_is_dropped_and_conflicts_are_settled(live_server, page, browser):
    cast = make_cast()
    run, dropped = propose(cast)
    pairs = [(asked, said) for asked, *answers in (MARS, VENUS) for said in answers]
    rows = make_samples(cast.project, pairs)
    cookies = [{"name": k, "value": v, "url": live_server.url} for k, v in session_of(cast.bob).items()]
    page.context.add_cookies(cookies)
    at = f"{live_server.url}/p/{cast.project.slug}"
    page.goto(f"{at}/runs/{run}")
    expect(page.get_by_text("nearly the same row is there already").first).to_be_visible()
    page.goto(f"{at}/samples/{dropped}")
    expect(page.get_by_text("likeness 0.9")).to_be_visible()
    page.goto(f"{at}/conflicts")
    page.keyboard.press("g")
    expect(page.get_by_text("Samples are being searched")).to_be_visible()
    with ThreadPoolExecutor(1) as worker:
        worker.submit(searched).result()
    page.goto(f"{at}/conflicts")
    page.keyboard.press("s")
    page.wait_for_url("**/conflicts/*")
    page.keyboard.press("1")
    page.wait_for_url(lambda url: not url.endswith(f"/conflicts/{rows[0].pk}"))
    expect(page.get_by_text("1 sample is rejected.")).to_be_visible()
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(cookies)
    second = plain.new_page()
    second.goto(f"{at}/conflicts")
    second.locator("tbody a").first.click()
    second.get_by_role("button", name="Keep it, reject 1 other").nth(1).click()
    expect(second.get_by_text("1 sample is rejected.")).to_be_visible()
    plain.close()
    with ThreadPoolExecutor(1) as worker:
        states = worker.submit(lambda: states_of([row.pk for row in rows])).result()
    assert states == ["needs_review", "rejected", "rejected", "needs_review"]


def states_of(ids: list[int]) -> list[str]:
    found = dict(Sample.objects.filter(pk__in=ids).values_list("pk", "state"))
    connections.close_all()
    return [found[pk] for pk in ids]
