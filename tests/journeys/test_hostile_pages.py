"""No hostile text is obeyed on any page: nothing fires, nothing leaves, nothing is reported."""

from __future__ import annotations

import os
from urllib.parse import quote

import pytest
from django.test import Client

from generation.models import OneTimeLink, Person, Sample, Seed
from generation.models.people import token_hash
from tests.addresses import addresses
from tests.cast import make_person
from tests.faults.report import FULL, write_down
from tests.hostile.corpus import GROUPS, HOSTILE, POLYGLOT, REFUSED
from tests.hostile.flood import Flood, WholeFlood
from tests.hostile.flood_rounds import RoundFlood
from tests.hostile.flood_rows import RowFlood
from tests.hostile.flood_sources import SourceFlood
from tests.hostile.watch import Watch
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ANSWERS = (200, 302, 403, 405, 410)
"""Opened, moved on, not for this role, only for forms, a link of the other kind. Anything else hides a page from us."""
LISTS = ("seeds", "samples", "runs", "exports")
WITH_A_QUERY = {
    "seeds": "?q={0}&tag={0}&type={0}",
    "samples": "?q={0}",
    "review": "?q={0}",
    "rounds": "?after={0}",
    "round_new": "?name={0}&kind={0}&of={0}&language={0}&task_type={0}&most={0}",
    "endpoint_new": "?name={0}&base_url={0}&models={0}",
    "prompt": "?diff={0}",
    "exports": "?after={0}",
    "export_new": "?asked=1&task_type={0}&language={0}&format={0}",
    "sign_in": "?next={0}",
    "dataset_new": "?asked=1&name={0}&note={0}&sources=2&s1_name={0}&s1_task_type={0}&s1_tag={0}&s2_name={0}",
    "version_rows": "?source={0}&split={0}",
    "versions_compare": "?show={0}",
    "documents": "?q={0}&kind={0}",
    "document": "?at=30000&sample=1",
    "new_run": "?scenario={0}&vocabulary={0}",
    "prompt_versions": "?old={0}&new={0}&endpoint={0}&model={0}",
    "spend": "?by=model",
}


def pages(world: World, person: Person) -> dict[str, str]:
    """The address of every page that this person may open, by its name: all URL patterns that answer with HTML."""
    client = Client()
    client.force_login(person)
    found = {}
    for address in addresses():
        if not address.is_api:
            url = address.url(world.arguments)
            answer = client.get(url)
            assert answer.status_code in ANSWERS, f"{url} answers {answer.status_code}"
            shown = "attachment" not in answer.get("Content-Disposition", "")  # what is saved is not opened here
            if answer.status_code == 200 and shown and answer["Content-Type"].startswith("text/html"):
                found[address.name] = url
    return found


def test_the_corpus_has_more_than_200_hostile_texts():
    assert len(set(HOSTILE)) > 400
    assert len(set(REFUSED)) >= 10
    assert len(GROUPS) >= 15


def test_nothing_is_obeyed_on_any_page(world, alice, watch):
    flood = WholeFlood(world, owner=alice, one=POLYGLOT)
    flood.single()
    flood.many()
    RowFlood(world, one=POLYGLOT, now=flood.now).everything()
    SourceFlood(world, one=POLYGLOT, now=flood.now).everything()
    RoundFlood(world, one=POLYGLOT, now=flood.now).everything()
    seen = watch(alice)
    found = pages(world, alice)
    silent = set()
    for name, url in found.items():
        seen.visit(url)
        silent |= set() if seen.shows("fired()") else {name}
        if name in WITH_A_QUERY:
            seen.visit(url + WITH_A_QUERY[name].format(quote(POLYGLOT, safe="")), also=(url,))
    visit_the_rest_of_lists(seen, found)
    assert seen.faults == []
    assert silent <= {"help", "methods", "stages", "api_page", "catalogue", "project_new", "sign_in"}
    assert len(found) >= 30
    assert seen.visits > 60
    write_down(test="hostile texts in every field", texts=len(HOSTILE), pages=seen.visits, faults=len(seen.faults))


def visit_the_rest_of_lists(seen: Watch, found: dict[str, str]) -> None:
    """Every further page of the long lists."""
    for name in LISTS:
        seen.visit(found[name])
        for _ in range(30):
            more = seen.page.locator("a[href*='after=']").last
            if not more.count():
                break
            seen.visit(found[name] + (more.get_attribute("href") or "").replace(found[name], ""))


def test_nothing_is_obeyed_by_people_who_only_look_or_are_not_signed_in(world, alice, watch):
    dave = Person.objects.get(username="dave")
    Flood(world, owner=alice, one=POLYGLOT).single()
    seen = watch(dave)
    for url in pages(world, dave).values():
        seen.visit(url)
    OneTimeLink.objects.create(
        purpose="recovery", token_hash=token_hash("lost"), person=alice, created_at=alice.date_joined,
        expires_at=alice.date_joined.replace(year=2100),
    )  # fmt: skip
    outside = watch()
    outside.visit("/welcome/lost")
    outside.visit(f"/join/{world.arguments['link']}")
    outside.visit(f"/sign-in?next={quote(POLYGLOT)}")
    for address in (f"/p/{quote(POLYGLOT[:5])}", "/welcome/" + quote(POLYGLOT.replace("/", ""))):
        outside.visit(address, status=410 if "welcome" in address else 404)
    faults = [fault for fault in [*seen.faults, *outside.faults] if "status of 4" not in fault]
    assert faults == []


def test_nothing_is_obeyed_in_the_admin_site(world, alice, watch):
    root = make_person("root")
    Person.objects.filter(pk=root.pk).update(is_superuser=True, is_staff=True)
    root.refresh_from_db()
    flood = WholeFlood(world, owner=alice, one=POLYGLOT)
    flood.single()
    flood.many()
    seen = watch(root)
    also = ("/admin/jsi18n/",)
    seen.visit("/admin/", also=also)
    lists = seen.page.locator("#content-main th a, #content-main td a").evaluate_all("all => all.map(a => a.pathname)")
    for address in sorted(set(lists)):
        seen.visit(address, also=also)
        rows = seen.page.locator("#result_list th a").evaluate_all("all => all.slice(0, 2).map(a => a.pathname)")
        for row in rows:
            seen.visit(row, also=also)
    assert seen.faults == []
    assert seen.visits > 5


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("group", GROUPS if FULL else ["htmx"])
def test_a_text_alone_is_harmless_on_every_page(world, alice, watch, group):
    """Where many texts share a page one could hide what another does. FDC_TRUST_TEXTS says how many of each group."""
    texts = GROUPS[group][: int(os.environ.get("FDC_TRUST_TEXTS", "1"))]
    seen = watch(alice)
    for text in texts:
        Flood(world, owner=alice, one=text).single()
        Sample.objects.filter(pk=world.arguments["sample_id"]).update(
            instruction=text,
            input=text,
            output=text,
            system=text,
            turns=[{"role": "user", "content": text}],
            tags=[text[:60]],
        )
        Seed.objects.filter(pk=world.arguments["seed_id"]).update(
            instruction=text, instances=[{"input": text, "output": text}], fields={text[:200]: text}
        )
        for url in pages(world, alice).values():
            seen.visit(url)
        assert seen.faults == [], repr(text)
    write_down(test="hostile texts alone", group=group, texts=len(texts), pages=seen.visits, faults=len(seen.faults))
