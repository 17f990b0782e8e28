"""Conflicts of samples: found by a job, settled by a person, undone."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.actions.tallies import counts
from generation.models import Sample
from review.actions.conflict_searches import fill_conflict_search, start_conflict_search
from review.actions.conflicts import ConflictError, no_conflict, reopen_group, settle_group
from review.models import ConflictGroup, Decision
from review.reports.conflict_group import group_seen
from tests.cast import NOW, Cast, make_cast, make_samples

pytestmark = pytest.mark.django_db

WHY = "How many moons does the planet Mars have?"
TWO = "Mars has two moons, Phobos and Deimos, both small and dark."
NONE = "It lost all of them long ago."
SAME = "Mars has two moons, Phobos and Deimos, both of them small and dark."
ZH, ZH_TWO, ZH_NONE = "火星有几颗卫星？", "火星有两颗卫星，分别是火卫一和火卫二。", "早就全部丢失了。"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def search(cast: Cast) -> list[ConflictGroup]:
    made = start_conflict_search(cast.seat("bob"), now=NOW)
    assert made.job is not None
    work_on(made.job.pk, owner="w", clock=timezone.now, work=lambda job: fill_conflict_search(job, clock=timezone.now))
    return list(ConflictGroup.objects.filter(project=cast.project, state="open").order_by("kind", "pk"))


def test_a_search_finds_conflicts_and_redundant_samples_in_both_languages(cast: Cast) -> None:
    texts = [(WHY, TWO), (WHY, NONE), (WHY, SAME), (ZH, ZH_TWO), (ZH, ZH_NONE), ("Name a bird.", "A wren.")]
    rows = make_samples(cast.project, texts)
    found = {(group.kind, frozenset(group.samples)) for group in search(cast)}
    ids = [row.pk for row in rows]
    assert ("conflict", frozenset(ids[3:5])) in found
    assert any(kind == "redundant" and {ids[0], ids[2]} <= samples for kind, samples in found)
    assert any(kind == "conflict" and ids[1] in samples for kind, samples in found)


def test_settling_rejects_the_others_as_decisions_and_undo_puts_them_back(cast: Cast) -> None:
    good, bad = make_samples(cast.project, [(WHY, TWO), (WHY, NONE)])
    Sample.objects.filter(pk=bad.pk).update(state="approved")
    (group,) = search(cast)
    before = counts(cast.project.pk, kind="sample")
    assert settle_group(cast.seat("bob"), group_id=group.pk, keep=[good.pk], now=NOW) == 1
    bad.refresh_from_db()
    assert (bad.state, bad.reason) == ("rejected", "conflicting_outputs")
    assert Decision.objects.get(sample=bad).action == "drop"
    assert reopen_group(cast.seat("bob"), group_id=group.pk, now=NOW) == 1
    bad.refresh_from_db()
    assert (bad.state, bad.reason) == ("approved", "")
    assert counts(cast.project.pk, kind="sample") == before


def test_what_was_settled_does_not_come_back_with_the_next_search(cast: Cast) -> None:
    make_samples(cast.project, [(WHY, TWO), (WHY, NONE)])
    (group,) = search(cast)
    no_conflict(cast.seat("bob"), group_id=group.pk, now=NOW)
    assert search(cast) == []
    with pytest.raises(ConflictError, match="settled_already"):
        settle_group(cast.seat("bob"), group_id=group.pk, keep=group.samples, now=NOW)


def test_a_group_is_held_against_the_texts_as_they_read_now(cast: Cast) -> None:
    rows = make_samples(cast.project, [(WHY, TWO), (WHY, NONE)])
    (group,) = search(cast)
    seen = group_seen(cast.seat("dave"), group.pk)
    assert seen is not None
    assert seen.stands
    Sample.objects.filter(pk=rows[1].pk).update(output=SAME)
    seen = group_seen(cast.seat("dave"), group.pk)
    assert seen is not None
    assert not seen.stands


def test_only_editors_search_and_settle(cast: Cast) -> None:
    for who in ("carol", "dave"):
        with pytest.raises(PermissionDenied):
            start_conflict_search(cast.seat(who), now=NOW)


def test_the_pages_settle_a_group_without_scripting(cast: Cast, client: Client) -> None:
    good, bad = make_samples(cast.project, [(WHY, TWO), (WHY, f"<script>alert(1)</script>{NONE}")])
    client.force_login(cast.bob)
    assert b"Nobody has looked" in client.get("/p/poems/conflicts").content
    (group,) = search(cast)
    page = client.get(f"/p/poems/conflicts/{group.pk}").content
    assert b"<script>alert" not in page
    client.post(f"/p/poems/conflicts/{group.pk}", {"do": "keep", "keep": [good.pk]})
    bad.refresh_from_db()
    assert bad.state == "rejected"
    assert b"Open it again" in client.get(f"/p/poems/conflicts/{group.pk}").content
    assert b"settled" in client.get("/p/poems/conflicts?view=settled").content


def test_the_whole_page_comes_anew_when_a_search_is_done(cast: Cast, client: Client) -> None:
    make_samples(cast.project, [(WHY, TWO), (WHY, NONE)])
    client.force_login(cast.bob)
    asking = {"HX-Request": "true", "HX-Target": "conflict_list"}
    start_conflict_search(cast.seat("bob"), now=NOW)
    assert b"being searched" in client.get("/p/poems/conflicts", headers=asking).content
    search(cast)
    assert client.get("/p/poems/conflicts", headers=asking).headers["HX-Redirect"] == "/p/poems/conflicts"
