"""Counting the rows of a project: the job, its topics, targets, and what becomes of gaps that have no seeds."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.actions.documents import add_text
from generation.actions.jobs import work_on
from generation.holes import Hole, filling
from generation.models import Job, Sample
from review.actions.coverage_counts import KIND, fill_count, start_count, targets_of
from review.reports import coverage as report
from review.reports.coverage_targets import rows_lacking
from tests.cast import make_cast, make_samples
from tests.runs import offline_endpoint

pytestmark = pytest.mark.django_db
BREAD = [(f"面包第 {n} 步怎么烤，面团要发酵多久？", "先揉面团，再烤面包。") for n in range(8)]
SKY = [(f"Which planets orbit star {n}?", "Planets orbit the star in orbits.") for n in range(8)]


@pytest.fixture
def cast():
    offline_endpoint()
    return make_cast()


@pytest.fixture
def rows(cast):
    approved = Sample.State.APPROVED
    found = make_samples(cast.project, BREAD, state=approved) + make_samples(cast.project, SKY, state=approved)
    Sample.objects.filter(pk__in=[row.pk for row in found[:8]]).update(language="zh")
    Sample.objects.filter(pk__in=[row.pk for row in found]).update(task_type="")
    return found


def url(name="coverage"):
    return reverse(name, args=["poems"])


def count(cast):
    job = start_count(cast.seat("bob"), now=timezone.now())
    work_on(job.pk, owner="w", clock=timezone.now, work=lambda job: fill_count(job, clock=timezone.now))
    job.refresh_from_db()
    assert job.state == "done"
    return job


def table(answer):
    seen = answer.context["grid"]
    return {
        (name, column): cell.rows for name, cells in seen.rows for column, cell in zip(seen.columns, cells, strict=True)
    }


def test_rows_that_say_nothing_are_counted_by_what_they_ask(cast, rows, client):
    client.force_login(cast.bob)
    answer = client.get(url())
    assert table(answer) == {("open_qa", "en"): 8, ("open_qa", "zh"): 8}
    assert b"so nothing can be missing between the two" in answer.content
    assert b"0 empty" not in answer.content
    assert answer.context["counting"].due


def test_a_count_finds_topics_and_a_page_that_may_not_read_all_rows_shows_them(cast, rows, client, monkeypatch):
    monkeypatch.setattr(report, "READ_UP_TO", 3)
    client.force_login(cast.bob)
    assert b"These rows were not counted yet" in client.get(url()).content
    count(cast)
    cells = table(client.get(url(), {"down": "topic", "across": "language"}))
    bread = next(name for name, _ in cells if "面包" in name)
    assert (cells[bread, "zh"], cells[bread, "en"]) == (8, 0)
    assert {(cells[name, "zh"], cells[name, "en"]) for name, _ in cells if name != bread} == {(0, 8)}
    assert not client.get(url()).context["counting"].stale


def test_counts_are_begun_once_and_the_older_gives_way(cast, rows):
    seat, now = cast.seat("bob"), timezone.now()
    assert start_count(seat, now=now).pk == start_count(seat, now=now).pk
    first, second = count(cast), count(cast)
    assert first.pk != second.pk
    assert list(Job.objects.filter(kind=KIND).values_list("pk", flat=True)) == [second.pk]


def test_a_topic_keeps_its_name_when_a_few_rows_come(cast, rows):
    before = count(cast).cursor["told"]["approved"]["axes"]["topic"]["values"]
    make_samples(cast.project, [("面包怎么保存？", "放进面包箱。")], state=Sample.State.APPROVED)
    after = count(cast).cursor["told"]["approved"]
    assert set(after["axes"]["topic"]["values"]) == set(before)
    assert after["rows"] == 17


def test_targets_are_kept_through_counts_and_their_gaps_lead_to_runs(cast, rows, client):
    client.force_login(cast.bob)
    posted = {"do": "aim", "axis": "language", "value": ["en", "zh", "fr", "\0"], "wanted": ["10", "4", "2", "7"]}
    assert client.post(url(), posted).status_code == 302
    count(cast)
    assert targets_of(cast.project) == {"language": {"en": 10, "zh": 4, "fr": 2}}
    answer = client.get(url(), {"down": "task_type", "across": "language"})
    aims = [(aim.value, aim.rows, aim.target, aim.lacking) for aim in answer.context["seen"].aims]
    assert aims == [("fr", 0, 2, 2), ("en", 8, 10, 2), ("zh", 8, 4, 0)]
    assert answer.context["seen"].reached == pytest.approx(12 / 16)
    assert answer.context["grid"].columns == ["en", "zh", "fr"]
    assert rows_lacking(cast.project) == 4
    home = client.get(reverse("home", args=["poems"]))
    assert any(step.code == "fill_coverage" for step in [home.context["step"], *home.context["others"]])
    client.post(url(), {"do": "aim", "axis": "language", "value": ["en", "zh", "fr"], "wanted": ["", "0", " "]})
    assert targets_of(cast.project) == {}


@pytest.mark.parametrize(
    "posted",
    [
        {"axis": "language", "value": ["en"], "wanted": ["many"]},
        {"axis": "language", "value": ["en"], "wanted": ["-3"]},
        {"axis": "seed", "value": ["1"], "wanted": ["3"]},
        {"axis": "__class__", "value": ["en"], "wanted": ["3"]},
        {"value": ["en"], "wanted": ["3"]},
    ],
)
def test_odd_targets_change_nothing(cast, rows, client, posted):
    client.force_login(cast.bob)
    assert client.post(url(), {"do": "aim", **posted}).status_code == 302
    assert targets_of(cast.project) == {}


def test_who_may_not_measure_sets_no_target_and_starts_no_count(cast, rows, client):
    client.force_login(cast.dave)
    assert client.post(url(), {"do": "count"}).status_code == 403
    assert client.post(url(), {"do": "aim", "axis": "language", "value": "en", "wanted": "3"}).status_code == 403
    answer = client.get(url())
    assert not answer.context["counting"].due
    assert b'name="wanted"' not in answer.content


def test_a_gap_without_seeds_starts_from_the_rows_closest_to_its_topic(cast, rows, client):
    count(cast)
    client.force_login(cast.bob)
    holes = client.get(url(), {"down": "topic", "across": "language"}).context["grid"].holes
    bread = next(hole for hole in holes if "面包" in hole.topic)
    assert (bread.language, bread.rows, set(bread.samples)) == ("en", 4, {row.pk for row in rows[:8]})
    led = client.get(url("coverage_fill") + "?" + bread.query())
    form = client.get(led.url)
    assert form.context["recipe"].name == "evol_instruct"
    assert set(form.context["wish"].choice.samples["ids"]) <= {row.pk for row in rows[:8]}
    assert form.context["wish"].language == "en"
    assert form.context["wish"].params["deepening_weight"] == 0
    assert form.context["estimate"].calls[1] >= 4


def test_rows_of_another_project_are_no_beginning(cast, rows):
    theirs = make_samples(cast.other_project, [("Elsewhere", "Yes.")])[0]
    assert filling(cast.project, Hole(topic="面包", samples=(theirs.pk, 10**18))).lacking == "seeds"


def test_a_document_that_nobody_asked_about_leads_to_questions(cast, client):
    document = add_text(
        cast.project, name="Bees", text="Bees live in hives. " * 30, now=timezone.now()
    ).document  # fmt: skip
    client.force_login(cast.bob)
    answer = client.get(url())
    assert [each.pk for each, _ in answer.context["seen"].documents.first] == [document.pk]
    hole = answer.context["seen"].documents.first[0][1]
    form = client.get(client.get(url("coverage_fill") + "?" + hole.query()).url)
    assert form.context["recipe"].name == "document_qa"
    assert form.context["wish"].choice.documents == (document.pk,)
    gone = client.get(url("coverage_fill"), {"fill": "1", "fill_document": str(document.pk + 1)})
    assert gone.url == reverse("documents", args=["poems"])


def test_programs_read_coverage_set_targets_and_have_rows_counted(cast, rows, client):
    client.force_login(cast.bob)
    here = "/api/v1/projects/poems/coverage"
    asked = {"targets": {"language": {"en": 10, "zh": 8}}}
    answer = client.post(here, asked, content_type="application/json")
    assert (answer.status_code, answer.json()["kind"]) == (202, KIND)
    job = Job.objects.get(kind=KIND)
    work_on(job.pk, owner="w", clock=timezone.now, work=lambda job: fill_count(job, clock=timezone.now))
    told = client.get(here, {"down": "task_type", "across": "language"}).json()
    assert (told["rows"], told["columns"], told["counts"]) == (["open_qa"], ["en", "zh"], [[8, 8]])
    assert told["found"] == {"open_qa": 16}
    assert told["targets"][0] == {"axis": "language", "value": "en", "rows": 8, "target": 10}
    assert told["reached"] == pytest.approx(16 / 18)
    assert not told["stale"]
    for odd in (
        {"targets": {"seed": {"1": 2}}},
        {"targets": {"language": {"en": -1}}},
        {"targets": {"topic": {"": 2}}},
    ):
        assert client.post(here, odd, content_type="application/json").status_code == 422
