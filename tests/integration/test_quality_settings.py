"""What is set for a report: through the form and the API, kept, shown, asked for again; starts at one moment."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from generation.actions.jobs import work_on
from review.actions.quality_reports import fill_quality_report, start_quality_report
from review.criteria import Criteria
from review.models import QualityReport
from tests.cast import NOW, Cast, make_cast, make_samples

pytestmark = pytest.mark.django_db
API = "/api/v1/projects/poems/quality-reports"
ROWS = [(f"Tell me of bees, part {number}.", "Bees live in hives of many thousands.") for number in range(4)]


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    make_samples(made.project, ROWS, state="approved")
    return made


def filled(report: QualityReport) -> QualityReport:
    work_on(
        report.job_id or 0, owner="w", clock=timezone.now, work=lambda job: fill_quality_report(job, clock=timezone.now)
    )
    report.refresh_from_db()
    return report


def asked_by_form(client: Client, **fields: Any) -> Any:
    return client.post("/p/poems/quality", {"of": "approved", **fields})


def test_the_form_sets_what_the_report_is_measured_by_and_the_page_says_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob)
    assert asked_by_form(client, p_near_duplicates="0.6", p_output_least="50", p_profile="code").status_code == 302
    report = filled(QualityReport.objects.get())
    assert report.asked == {"near_duplicates.threshold": 0.6, "checks.output_least": 50, "checks.profile": "code"}
    assert report.told["sections"]["checks"]["profiles"] == {"code": 4}
    assert report.figures["check.output_size"][0] == 1.0
    page = client.get(f"/p/poems/quality/{report.pk}").content.decode()
    assert "3 settings of its own" in page
    assert '<input type="hidden" name="p_near_duplicates" value="0.6">' in page
    assert "Unusual length of the output" in page


def test_what_does_not_fit_is_refused_before_a_job_starts(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob)
    for fields in ({"p_near_duplicates": "0.2"}, {"p_profile": "unheard_of"}, {"p_output_least": "many"},
                   {"p_output_least": "9000"}):  # fmt: skip
        refused = asked_by_form(client, **fields)
        assert refused.status_code == 422, fields
        assert "errorlist" in refused.content.decode() or "banner bad" in refused.content.decode()
    for settings, field in (({"near_duplicates": 0.2}, "near_duplicates"), ({"unheard_of": 1}, "unheard_of"),
                            ({"profile": "x"}, "profile")):  # fmt: skip
        refused = client.post(API, json.dumps({"settings": settings}), content_type="application/json")
        assert refused.status_code == 422
        assert field in refused.content.decode()
    assert not QualityReport.objects.exists()


def test_programs_set_the_same_and_read_it_back(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob)
    body = json.dumps({"settings": {"contamination": "eight_words", "near_duplicates": 0.8}})
    made = client.post(API, body, content_type="application/json")
    assert (made.status_code, made.json()["settings"]) == (202, {"contamination": "eight_words"})
    assert client.get(API).json()["items"][0]["settings"] == {"contamination": "eight_words"}


def test_reports_under_other_settings_say_so_side_by_side(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob)
    asked_by_form(client)
    asked_by_form(client, p_near_duplicates="0.6")
    one, other = (filled(each) for each in QualityReport.objects.order_by("pk"))
    address = f"/p/poems/quality/compare?one={one.pk}&other={other.pk}"
    assert "measured with other settings" in client.get(address).content.decode()
    same = f"/p/poems/quality/compare?one={one.pk}&other={one.pk}"
    assert "measured with other settings" not in client.get(same).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_one_moment_make_one_report() -> None:
    made = make_cast()
    make_samples(made.project, ROWS, state="approved")
    seat, together = made.seat("bob"), Barrier(4)

    def start(_number: int) -> int:
        try:
            together.wait(timeout=10)
            return start_quality_report(seat, criteria=Criteria(state="approved"), now=NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        assert len(set(people.map(start, range(4)))) == 1
    assert QualityReport.objects.count() == 1


def test_the_page_reads_what_is_stored_and_no_more_rows_for_more_findings(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob)
    asked_by_form(client)
    report = filled(QualityReport.objects.get())
    client.get(f"/p/poems/quality/{report.pk}")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/p/poems/quality/{report.pk}")
    assert len(queries) <= 30
