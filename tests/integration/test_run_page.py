"""The page of a run: its figures add up, its failures are a click from their bytes, its buttons do what they say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from generation.actions.endpoints import create_endpoint, ensure_installation_endpoints
from generation.actions.run_tallies import move_tallies
from generation.actions.runs import start_run
from generation.actions.seeds import save_seed
from generation.figures import figures
from generation.formats.seed_tasks import SeedRow
from generation.models import Call, Endpoint, Item, Run, Sample
from tests.cast import NOW, make_cast, make_samples

pytestmark = pytest.mark.django_db

RAW = '{"error": "<script>alert(1)</script> \u202e broken"}'.encode() + b"\xff\x00"


@pytest.fixture
def cast():
    cast = make_cast()
    ensure_installation_endpoints(now=NOW)
    save_seed(cast.project, row=SeedRow(instruction="Describe the sea."), now=NOW)
    return cast


@pytest.fixture
def run(cast):
    """A paid run at work: ten requests asked, of which eight answered, one failed, one on the wire."""
    endpoint = create_endpoint(
        cast.project, kind="openai_compatible", by=cast.alice, now=NOW, name="Paid", base_url="https://example.org/v1"
    )
    run = start_run(
        cast.project, recipe="self_instruct", params={}, endpoint=endpoint, model="m-1", by=cast.bob, now=NOW
    )
    Run.objects.filter(pk=run.pk).update(
        input_price=1, output_price=2, budget_micro=5_000_000, spent_micro=1_980_000, reserved_micro=40_000,
        maybe_billed_micro=10_000, started_at=timezone.now() - timedelta(minutes=2),
    )  # fmt: skip
    move_tallies(run.pk, moves={
        "call.asked": 10, "call.answered": 8, "call.failed": 1, "call.wire": 1, "call.tries": 12, "call.retried": 2,
        "call.recovered": 2, "failure.malformed_reply": 1, "tokens.in": 7960, "tokens.out": 4110, "item.planned": 8,
        "item.done": 4, "item.failed": 1, "sample.needs_review": 3, "draft.self_instruct.invent.admitted": 20,
        "draft.self_instruct.invent.too_similar": 4,
    })  # fmt: skip
    item = Item.objects.create(run=run, stage="self_instruct.invent", wave=0, number=0, random_seed=1, state="failed")
    Call.objects.create(
        run=run, item=item, stage=item.stage, step=0, state="failed", failure="malformed_reply",
        failure_detail="no JSON", fingerprint="f" * 64, raw=RAW, status=200, ended_at=timezone.now(), latency_ms=1900,
        request={"messages": [{"role": "user", "content": "Go <b>on</b>"}]},
    )  # fmt: skip
    make_samples(cast.project, 3, run=run)
    return Run.objects.get(pk=run.pk)


@pytest.fixture
def url(run):
    return f"/p/poems/runs/{run.pk}"


@pytest.fixture
def as_bob(client, cast):
    client.force_login(cast.bob)
    return client


def test_the_figures_are_on_the_page_and_add_up(as_bob, url):
    text = as_bob.get(url).text
    for words in ("adds up", "$1.98", "$0.04", "cap $5.00 stops the run", "7,960", "4,110", "62 %", "2 tried again"):
        assert words in text
    assert "2 more met trouble, waited and were answered: no failures." in text
    assert "too similar" in text or "too much like" in text


def test_it_says_how_far_the_goal_is_reached_and_what_was_expected(as_bob, url, run):
    Run.objects.filter(pk=run.pk).update(estimate={"calls": [43, 100], "cost_micro": [2_000_000, 5_000_000]})
    text = as_bob.get(url).text
    for words in ("20 of 20", "43 – 100 calls expected", "$2.00 – $5.00 estimated", "on course for $10.64 – $24.75"):
        assert words in text


def test_a_run_that_ends_before_its_goal_says_so(as_bob, url, run):
    assert "gave up before its goal" not in as_bob.get(url).text
    move_tallies(run.pk, moves={"draft.self_instruct.invent.admitted": -15})
    Run.objects.filter(pk=run.pk).update(state="completed", finished_at=timezone.now())
    assert "gave up before its goal" in as_bob.get(url).text


def test_what_was_never_measured_is_not_shown_as_an_estimate(as_bob, url, run):
    assert run.estimate == {"calls": [43, 100]}, "the recipe's own count is kept at the start"
    text = as_bob.get(url).text
    assert "no estimate: no preview was measured" in text
    Run.objects.filter(pk=run.pk).update(estimate={}, recipe="gone")
    assert as_bob.get(url).status_code == 200


def test_time_left_counts_tries_that_fail_too(run):
    move_tallies(run.pk, moves={"call.answered": -8, "call.failed": 8})
    assert figures(run, now=timezone.now() + timedelta(seconds=2)).seconds_left > 0


def test_time_left_is_that_to_the_goal_and_not_only_of_what_is_planned(run):
    move_tallies(run.pk, moves={"item.done": 3, "draft.self_instruct.invent.admitted": -15})
    shown = figures(run, now=timezone.now() + timedelta(seconds=2))
    assert (shown.items.waiting, shown.goal.admitted, shown.rate) == (0, 5, 0.1)
    assert shown.seconds_left == pytest.approx(11 * 15 / 5 / 0.1), "eleven tries brought five of twenty"
    move_tallies(run.pk, moves={"draft.self_instruct.invent.admitted": -5})
    assert figures(run, now=timezone.now() + timedelta(seconds=2)).seconds_left is None


def test_a_request_counted_twice_would_be_shown_in_red(as_bob, url, run):
    move_tallies(run.pk, moves={"call.answered": 5})
    assert "does not add up" in as_bob.get(url).text


def test_it_renews_itself_while_it_works_and_stops_when_it_is_over(as_bob, url, run):
    assert 'hx-trigger="every 1s"' in as_bob.get(url).text
    Run.objects.filter(pk=run.pk).update(state="completed")
    headers = {"HX-Request": "true", "HX-Target": "run_figures"}
    part = as_bob.get(url, headers=headers).text
    assert "<html" not in part
    assert "every 1s" not in part
    assert 'id="run_head" hx-swap-oob="true"' in part


@pytest.mark.parametrize("part", ["run_figures", "run_drafts", "run_failures"])
def test_each_part_costs_few_queries(as_bob, url, part, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        as_bob.get(url, headers={"HX-Request": "true", "HX-Target": part})


def test_a_failure_is_one_click_from_its_raw_reply(as_bob, url):
    page = as_bob.get(url).text
    call = Call.objects.get()
    assert f'href="{url}/calls/{call.pk}"' in page
    assert "<script>alert" not in page
    text = as_bob.get(f"{url}/calls/{call.pk}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<b>on</b>" not in text
    saved = as_bob.get(f"{url}/calls/{call.pk}?raw")
    assert saved.content == RAW
    assert saved["Content-Disposition"].startswith("attachment")
    assert saved["X-Content-Type-Options"] == "nosniff"


def test_pause_resume_and_cancel_without_scripts(as_bob, url, run):
    as_bob.post(url, {"do": "pause"})
    run.refresh_from_db()
    assert (run.state, run.pause_reason) == ("paused", "user")
    page = as_bob.get(url).text
    assert "Paused by a person." in page
    assert "every 1s" not in page
    as_bob.post(url, {"do": "resume"})
    as_bob.post(url, {"do": "cancel"})
    run.refresh_from_db()
    assert run.state == "stopping"


def test_a_button_that_came_too_late_changes_nothing_and_says_so(as_bob, url, run):
    Run.objects.filter(pk=run.pk).update(state="completed")
    page = as_bob.post(url, {"do": "pause"}, follow=True)
    assert "moved on in the meantime" in page.text
    run.refresh_from_db()
    assert run.state == "completed"


def test_what_failed_is_put_back_to_work(as_bob, url):
    page = as_bob.post(url, {"do": "retry"}, follow=True)
    assert "1 task is tried again." in page.text
    assert Item.objects.get().state == "planned"


@pytest.mark.parametrize(
    ("typed", "budget"), [("7.5", 7_500_000), ("", None), ("-1", 5_000_000), ("x", 5_000_000), ("1e99", 5_000_000)]
)
def test_the_cap_is_raised_by_an_amount_and_by_nothing_else(as_bob, url, run, typed, budget):
    as_bob.post(url, {"do": "budget", "budget": typed})
    run.refresh_from_db()
    assert run.budget_micro == budget


def test_a_run_that_its_budget_paused_goes_on_with_a_higher_one(as_bob, url, run):
    Run.objects.filter(pk=run.pk).update(state="paused", pause_reason="budget")
    assert "The budget is reached" in as_bob.get(url).text
    as_bob.post(url, {"do": "budget", "budget": "9"})
    run.refresh_from_db()
    assert run.state == "running"


def test_an_offline_run_says_so_and_shows_no_cost(cast, as_bob):
    offline = Endpoint.objects.get(kind="offline")
    run = start_run(cast.project, recipe="self_instruct", params={}, endpoint=offline, by=cast.bob, now=NOW)
    text = as_bob.get(f"/p/poems/runs/{run.pk}").text
    assert "Made by rules, no language model was used." in text
    assert "rules cost nothing" in text
    assert "$" not in text


def test_the_list_shows_runs_newest_first_with_their_counts(cast, as_bob, run):
    page = as_bob.get("/p/poems/runs")
    assert "4/8" in page.text
    assert "m-1" in page.text
    assert as_bob.get("/p/poems/runs").context["rows"][0]["run"] == run


def test_what_nobody_knows_the_price_of_is_not_said_to_cost_nothing(as_bob, run):
    Run.objects.filter(pk=run.pk).update(input_price=None, spent_micro=0)
    for path in ("/p/poems/runs", "/p/poems/"):
        text = as_bob.get(path).text
        assert "$0.00" not in text, path
        assert "not known" in text, path


def test_an_empty_list_says_what_to_do(cast, client):
    client.force_login(cast.mallory)
    assert "Start the first run" in client.get("/p/secrets/runs").text


def test_viewers_watch_and_only_editors_steer(cast, client, url, run):
    call = Call.objects.get()
    for name, status in [("dave", 403), ("carol", 403), ("bob", 302)]:
        client.force_login(getattr(cast, name))
        assert client.get(url).status_code == 200
        assert client.get(f"{url}/calls/{call.pk}").status_code == 200
        assert client.post(url, {"do": "pause"}).status_code == status
    client.force_login(cast.mallory)
    assert client.get(url).status_code == 404
    assert client.get(f"/p/secrets/runs/{run.pk}").status_code == 404
    assert client.get(f"/p/secrets/runs/{run.pk}/calls/{call.pk}").status_code == 404


def test_the_head_says_what_a_run_draws_from_and_never_nought_of_anything(as_bob, run, url):
    assert "1 seed ·" in as_bob.get(url).text
    pinned = {"samples": [[1, 1], [2, 1]], "documents": [7], "vocabulary": {}}
    Run.objects.filter(pk=run.pk).update(seed_ids=[], pinned=pinned)
    text = as_bob.get(url).text
    assert "2 samples · 1 document ·" in text
    assert "0 seeds" not in text


def test_a_run_that_only_scores_shows_what_it_scored_and_so_does_the_sample(as_bob, cast, run, url):
    rows = make_samples(cast.project, 2)
    run.samples.all().delete()
    Run.objects.filter(pk=run.pk).update(pinned={"samples": [[row.pk, 1] for row in rows], "documents": []})
    score = {"value": 12, "low": 1, "high": 36, "revision": 1, "run": run.pk}
    Sample.objects.filter(pk=rows[0].pk).update(scores={"evol": score})
    text = as_bob.get(url).text
    assert "complexity × quality <b>12</b> / 36" in text
    assert f"samples/{rows[0].pk}" in text
    assert f"samples/{rows[1].pk}" not in text
    assert "complexity × quality" in as_bob.get(f"/p/poems/samples/{rows[0].pk}").text
