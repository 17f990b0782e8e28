"""The page on which a group of conflicting samples is settled: a page at a time, with what differs, by one key each."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.actions.tallies import counts
from generation.models import PreferencePair, Sample
from review.actions.changes import Texts
from review.actions.conflict_searches import fill_conflict_search, start_conflict_search
from review.actions.conflicts import ConflictError, Wording, reopen_group, settle_group
from review.actions.decisions import decide
from review.models import ConflictGroup, ConflictSearch, Decision
from review.reports.conflict_group import group_seen
from tests.cast import NOW, Cast, make_cast, make_samples, new_key
from tests.pairs import make_pair

pytestmark = pytest.mark.django_db
WHY = "How many moons does the planet Mars have?"
TWO, LOST = "Mars has two moons, Phobos and Deimos, both small and dark.", "It lost all of them long ago."


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def grouped(cast: Cast, rows: list[Sample], *, kind: str = "conflict") -> ConflictGroup:
    search = ConflictSearch.objects.create(project=cast.project, created_at=NOW, finished_at=NOW)
    ids = [row.pk for row in rows]
    return ConflictGroup.objects.create(
        project=cast.project, search=search, kind=kind, key=f"{kind}{ids[0]}", samples=ids, size=len(ids)
    )


def here(group: ConflictGroup) -> str:
    return f"/p/poems/conflicts/{group.pk}"


def large(cast: Cast, size: int = 70) -> list[Sample]:
    """One question with the first answer said by every third sample."""
    names = ["".join(pair) for pair in product("abcdefghij", repeat=2)]
    two = "So the book says in its tale of the night, and many pages later once more with a picture of both of them."
    lost = "Rain has washed it all away since spring, stone by stone, until somebody swept up whatever there was left."
    said = [f"{TWO} {two} {names[n]}" if n % 3 == 0 else f"{LOST} {lost} {names[n]}" for n in range(size)]
    return make_samples(cast.project, [(WHY, each) for each in said])


def test_a_large_group_is_shown_a_page_at_a_time_and_keeps_the_marks(cast: Cast, client: Client) -> None:
    rows = large(cast)
    group = grouped(cast, rows)
    client.force_login(cast.bob)
    page = client.get(here(group)).content.decode()
    assert "1–30 of 70" in page
    assert "answer 1 × 24, answer 2 × 46" in page
    marked = {"do": "page-30", "from": "0", "keep": [rows[0].pk, rows[3].pk]}
    moved = client.post(here(group), marked)
    assert moved.headers["Location"] == f"{here(group)}?from=30&keep={rows[0].pk}&keep={rows[3].pk}"
    second = client.get(moved.headers["Location"]).content.decode()
    assert "31–60 of 70" in second
    assert "2 marked on other pages" in second
    shown = [pk for start in (0, 30, 60, 10**9) for pk in ids_on(client, f"{here(group)}?from={start}")]
    assert set(shown) == {row.pk for row in rows}


def ids_on(client: Client, url: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<a href="/p/poems/samples/(\d+)">#', client.get(url).content.decode())]


def test_nothing_that_the_page_did_not_show_is_rejected_without_saying_how_much(cast: Cast, client: Client) -> None:
    rows = large(cast)
    group = grouped(cast, rows)
    client.force_login(cast.bob)
    sent: dict[str, Any] = {"do": f"keep-{rows[0].pk}", "from": "0"}
    asked = client.post(here(group), sent).content.decode()
    assert "69 samples would be rejected" in asked
    assert "40 of them do not stand on this page" in asked
    assert "and 28 more like these" in asked  # all of them are of the second answer, of which twelve are named
    assert counts(cast.project.pk, kind="sample") == {"needs_review": 70}
    Sample.objects.filter(pk=rows[69].pk).update(state="rejected")
    assert "68 samples would be rejected" in client.post(here(group), sent | {"sure": "69"}).content.decode()
    done = client.post(here(group), sent | {"sure": "68"}, follow=True).content.decode()
    assert "68 samples are rejected." in done
    assert Sample.objects.filter(state="needs_review").get() == rows[0]


def test_words_that_differ_are_marked_on_both_sides_in_english_and_chinese(cast: Cast, client: Client) -> None:
    one, other = make_samples(cast.project, [(WHY, TWO), (WHY, TWO.replace("small", "large"))])
    zh = make_samples(
        cast.project, [("火星有几颗卫星？", "火星有两颗卫星。"), ("火星有几颗卫星？", "火星有三颗卫星。")]
    )
    client.force_login(cast.dave)
    page = client.get(here(grouped(cast, [one, other]))).content.decode()
    assert '<mark class="only">small</mark>' in page
    assert '<mark class="only">large</mark>' in page
    page = client.get(here(grouped(cast, zh))).content.decode()
    assert '<mark class="only">两</mark>' in page
    assert '<mark class="only">三</mark>' in page
    assert "Keep it" not in page, "who only views settles nothing"
    plain = client.get(here(ConflictGroup.objects.latest("pk")) + "?marks=0").content.decode()
    assert '<mark class="only">三' not in plain


def test_hostile_answers_stay_text(cast: Cast, client: Client) -> None:
    bad = "<script>alert(1)</script>\u202e<img src=x onerror=alert(2)> both small"
    rows = make_samples(cast.project, [(bad, f"{bad} and dark"), (bad, f"{bad} and bright")])
    client.force_login(cast.bob)
    for query in ("", "?marks=0", f"?write={rows[0].pk}", "?from=-5&keep=x&keep=1", "?from=99999999999999999999"):
        page = client.get(here(ConflictGroup.objects.first() or grouped(cast, rows)) + query).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_an_answer_of_ones_own_is_kept_and_undone(cast: Cast, client: Client) -> None:
    one, other = make_samples(cast.project, [(WHY, TWO), (WHY, LOST)], state="approved", decided_by=cast.carol)
    group = grouped(cast, [one, other])
    client.force_login(cast.bob)
    assert "<textarea" in client.get(f"{here(group)}?write={one.pk}").content.decode()
    sent = {"do": f"write-{one.pk}", "text": "Mars has two moons.\r\nPhobos is the larger.", "revision": "1"}
    client.post(here(group), sent)
    one.refresh_from_db()
    assert (one.state, one.output, one.revision) == ("approved", "Mars has two moons.\nPhobos is the larger.", 2)
    assert Decision.objects.get(sample=one).action == "edit"
    other.refresh_from_db()
    assert (other.state, other.reason) == ("rejected", "conflicting_outputs")
    client.post(here(group), {"do": "undo"})
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, one.output, other.state) == ("approved", TWO, "approved")
    assert counts(cast.project.pk, kind="sample") == {"approved": 2}


def test_what_somebody_changed_meanwhile_is_not_written_over_and_ones_own_words_are_kept(
    cast: Cast, client: Client
) -> None:
    one, other = make_samples(cast.project, [(WHY, TWO), (WHY, LOST)])
    group = grouped(cast, [one, other])
    words = Texts(instruction=WHY, output="Two, says Carol.")
    decide(cast.seat("carol"), sample_id=one.pk, action="edit", key=new_key(), version=1, text=words, now=NOW)
    client.force_login(cast.bob)
    late = client.post(here(group), {"do": f"write-{one.pk}", "text": "Two, says Bob.", "revision": "1"})
    assert late.status_code == 409
    assert "Two, says Bob." in late.content.decode()
    one.refresh_from_db()
    assert one.output == "Two, says Carol."
    group.refresh_from_db()
    assert group.state == "open"
    settle_group(cast.seat("alice"), group_id=group.pk, keep=[one.pk], now=timezone.now())
    late = client.post(here(group), {"do": f"write-{one.pk}", "text": "Two, says Bob.", "revision": "2"})
    assert "Somebody settled this group before you" in late.content.decode()
    assert "Settled by alice" in late.content.decode()
    assert "Two, says Bob." in late.content.decode()


def test_wordings_that_make_no_sense_are_refused_and_nothing_is_settled(cast: Cast) -> None:
    one, other = make_samples(cast.project, [(WHY, TWO), (WHY, LOST)])
    group, bob = grouped(cast, [one, other]), cast.seat("bob")
    for keep, text, code in (
        ([one.pk], " \u3000\n", "text_missing"), ([one.pk], "a\0b", "bad_text"), ([], "Two.", "nothing_kept"),
        ([one.pk, other.pk], "Two.", "one_text"), ([one.pk], "x" * 1_000_001, "bad_text"),
    ):  # fmt: skip
        with pytest.raises(ConflictError, match=code):
            settle_group(bob, group_id=group.pk, keep=keep, wording=Wording(text, 1), now=NOW)
    Sample.objects.filter(pk=one.pk).update(state="rejected")
    with pytest.raises(ConflictError, match="kept_gone"):
        settle_group(bob, group_id=group.pk, keep=[one.pk], now=NOW)
    assert not Decision.objects.exists()


def test_u_takes_back_on_the_next_page_what_was_settled_before(cast: Cast, client: Client) -> None:
    first = grouped(cast, make_samples(cast.project, [(WHY, TWO), (WHY, LOST)]))
    second = grouped(cast, make_samples(cast.project, [("Name a bird.", "A wren."), ("Name a bird.", "Tuesday.")]))
    client.force_login(cast.bob)
    done = client.post(here(first), {"do": f"keep-{first.samples[0]}"})
    assert done.headers["Location"] == here(second)
    page = client.get(here(second)).content.decode()
    assert f"Undo #{first.pk}" in page
    assert f'<form id="take_back" method="post" action="{here(first)}">' in page
    back = client.post(here(first), {"do": "undo"}, follow=True).content.decode()
    assert "1 sample stands as before" in back
    client.force_login(cast.alice)
    assert "Undo #" not in client.get(here(second)).content.decode()


def test_a_group_may_hold_thousands_and_is_opened_again_whole(cast: Cast) -> None:
    rows = make_samples(cast.project, 1200)
    group = grouped(cast, rows, kind="redundant")
    seen = group_seen(cast.seat("bob"), group.pk, start=1190)
    assert seen is not None
    assert (seen.total, seen.start, len(seen.samples), seen.others) == (1200, 1170, 30, 1199)
    assert settle_group(cast.seat("bob"), group_id=group.pk, keep=[rows[7].pk], now=NOW) == 1199
    assert reopen_group(cast.seat("bob"), group_id=group.pk, now=NOW) == 1199
    assert counts(cast.project.pk, kind="sample") == {"needs_review": 1200}


def test_pairs_that_contradicted_each_other_before_anybody_looked_are_held_back_and_listed(
    cast: Cast, client: Client
) -> None:
    make_pair(cast.project, "Which?", "an apple tree", "a pine", source="import", state="ready")
    pair = PreferencePair.objects.get()
    PreferencePair.objects.create(
        project=cast.project, sample=pair.sample, chosen=pair.rejected, rejected=pair.chosen, source="judge",
        state="exportable", created_at=NOW,
    )  # fmt: skip
    make_pair(cast.project, "Which else?", "tea", "mud", source="judge", state="exportable")
    client.force_login(cast.bob)
    made = start_conflict_search(cast.seat("bob"), now=NOW)
    work_on(made.job_id or 0, owner="w", clock=timezone.now, work=lambda j: fill_conflict_search(j, clock=timezone.now))
    held = PreferencePair.objects.filter(state="held_back", reason="contradicted")
    assert held.count() == 2
    page = client.get("/p/poems/conflicts?view=pairs").content.decode()
    assert "Which?" in page
    assert "Which else?" not in page
    assert "an apple tree" not in page, "the list tells no answer, so it cannot tell which is preferred"
    assert "Have people decide" in page
