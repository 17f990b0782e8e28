"""What was spent, read from tallies: by every kind, per approved sample, and never over two currencies."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generation.models import Endpoint, Project, Run, Sample, Spend
from review.reports.spend import KINDS, by_project, spend_by, totals
from tests.cast import make_cast, make_samples
from tests.world import make_run

pytestmark = pytest.mark.django_db

URL = "/p/poems/spend"


@pytest.fixture
def cast():
    return make_cast()


def spent(project: Project, *, micro: int, currency: str = "USD", approved: int = 0, **fields) -> Run:
    """A run with its sums: two stages on two days."""
    endpoint, _ = Endpoint.objects.get_or_create(
        project=project, name="Mine", kind="openai_compatible", defaults={"created_at": "2026-03-14T00:00Z"}
    )
    run, _ = make_run(project, endpoint=endpoint)
    values = {"spent_micro": micro, "currency": currency, "input_price": 1, "output_price": 2} | fields
    Run.objects.filter(pk=run.pk).update(**values)
    for day, stage, part in [
        (1, "self_instruct.invent", micro // 4),
        (2, "self_instruct.classify", micro - micro // 4),
    ]:
        Spend.objects.create(
            run=run, day=date(2026, 3, day), stage=stage, model=values.get("model", "m"), calls=10, tokens_in=1000,
            tokens_out=500, cost_micro=part, reused=day, saved_micro=100 * day,
        )  # fmt: skip
    if approved:
        make_samples(project, approved, state=Sample.State.APPROVED, run=run)
    run.refresh_from_db()
    return run


def figures(lines):
    return [(line.key, line.currency, line.cost_micro, line.approved, line.per_approved_micro) for line in lines]


def test_sums_by_every_kind_and_per_approved_sample(cast):
    first = spent(cast.project, micro=800, approved=4, maybe_billed_micro=200, template_versions={"a.ask": 0})
    second = spent(cast.project, micro=400, model="n", recipe="evol_instruct", template_versions={"a.ask": 0})
    yuan = spent(cast.project, micro=700, currency="CNY", approved=1, template_versions={})
    assert figures(totals(cast.project)) == [("", "CNY", 700, 1, 700), ("", "USD", 1200, 4, 350)]
    assert figures(spend_by(cast.project, by="run")) == [
        (str(first.pk), "USD", 800, 4, 250), (str(yuan.pk), "CNY", 700, 1, 700), (str(second.pk), "USD", 400, 0, None),
    ]  # fmt: skip
    assert figures(spend_by(cast.project, by="model")) == [
        ("m", "USD", 800, 4, 250), ("m", "CNY", 700, 1, 700), ("n", "USD", 400, 0, None),
    ]  # fmt: skip
    assert [line.key for line in spend_by(cast.project, by="recipe")] == [
        "self_instruct", "self_instruct", "evol_instruct",
    ]  # fmt: skip
    assert figures(spend_by(cast.project, by="prompt")) == [("a.ask en shipped", "USD", 1200, 4, 350)]
    assert figures(spend_by(cast.project, by="stage")) == [
        ("self_instruct.classify", "USD", 900, None, None), ("self_instruct.classify", "CNY", 525, None, None),
        ("self_instruct.invent", "USD", 300, None, None), ("self_instruct.invent", "CNY", 175, None, None),
    ]  # fmt: skip
    assert [(line.key, line.currency, line.cost_micro) for line in spend_by(cast.project, by="day")] == [
        ("2026-03-01", "CNY", 175), ("2026-03-01", "USD", 300), ("2026-03-02", "CNY", 525), ("2026-03-02", "USD", 900),
    ]  # fmt: skip
    assert [(line.reused, line.saved_micro, line.calls) for line in totals(cast.project)] == [
        (3, 300, 20),
        (6, 600, 40),
    ]


def test_what_was_spent_before_stages_were_counted_is_a_line_of_its_own(cast):
    run = spent(cast.project, micro=800)
    Run.objects.filter(pk=run.pk).update(spent_micro=1000)
    assert ("", "USD", 200) in [
        (line.key, line.currency, line.cost_micro) for line in spend_by(cast.project, by="stage")
    ]


def test_a_run_without_a_known_price_is_told_apart_and_rules_are_left_out(cast):
    spent(cast.project, micro=0, input_price=None)
    spent(cast.project, micro=0, offline=True)
    line = totals(cast.project)[0]
    assert (line.currency, line.calls, line.per_approved_micro, len(totals(cast.project))) == ("", 20, None, 1)


def test_no_page_of_it_reads_calls_and_each_takes_few_statements(cast, client):
    for _ in range(12):
        spent(cast.project, micro=100)
    client.force_login(cast.dave)
    for kind in KINDS:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(URL, {"by": kind}).status_code == 200
        assert not [each["sql"] for each in queries if "generation_call" in each["sql"]]
        assert len(queries) <= 22, kind


def test_the_page_says_what_it_would_show_before_anything_was_spent(cast, client):
    client.force_login(cast.dave)
    assert "Nothing was spent yet." in client.get(URL).text
    assert "None of your projects has spent anything yet." in client.get("/spend").text


def test_the_file_holds_every_line_and_no_formula(cast, client):
    spent(cast.project, micro=800, model="=1+1")
    client.force_login(cast.dave)
    rows = list(csv.DictReader(io.StringIO(client.get(URL, {"by": "model", "as": "csv"}).text)))
    assert [(row["key"], row["currency"], row["cost_micro"]) for row in rows] == [("'=1+1", "USD", "800")]
    told = client.get(URL, {"by": "stage", "as": "json"}).json()
    assert [line["cost_micro"] for line in told["lines"]] == [600, 200]
    api = client.get("/api/v1/projects/poems/spend", {"by": "day"}).json()
    assert [line["key"] for line in api["lines"]] == ["2026-03-01", "2026-03-02"]
    assert api["totals"][0]["cost_micro"] == 800


def test_one_sees_the_spend_of_ones_own_projects(cast, client):
    spent(cast.project, micro=800)
    spent(cast.other_project, micro=900)
    client.force_login(cast.dave)
    rows = client.get("/spend").context["rows"]
    assert [(project.slug, line.cost_micro, line.calls) for project, line, _most in rows] == [("poems", 800, 20)]
    assert set(by_project([cast.project, cast.other_project])) == {cast.project.pk, cast.other_project.pk}
