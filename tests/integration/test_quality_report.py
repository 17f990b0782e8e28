"""The report on quality: measured by a job over samples, runs and versions, read, compared, remedied, taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from generation.actions.jobs import JobLostError, claim_job, work_on
from generation.actions.tallies import counts
from generation.models import Sample
from review.actions.decisions import undo
from review.actions.freezing import freeze_version, start_freeze
from review.actions.pairs import look_at_pairs
from review.actions.quality_remedies import QualityRemedyError, remedy_quality, undo_quality_remedy
from review.actions.quality_reports import NoRowsError, fill_quality_report, start_quality_report
from review.actions.queue import next_cards
from review.criteria import Criteria
from review.mixes.recipe import Recipe
from review.models import DatasetVersion, Decision, FoundRows, QualityReport
from review.reports.quality_remedied import remedied
from tests.cast import NOW, Cast, edit, make_cast, make_samples, new_key
from tests.pairs import make_pair

pytestmark = pytest.mark.django_db

REFUSED = "As an AI language model, I cannot answer that question."
REFUSED_ZH = "作为一个人工智能语言模型，我无法回答这个问题。"
GOOD = "Bees live in hives of many thousands, and a queen lays all of their eggs."
CODE = "check.refusal"
APPROVED = Criteria(state="approved")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def url(name: str, *rest: Any) -> str:
    return reverse(name, args=["poems", *rest])


def planted(cast: Cast, *, state: str = "approved", good: int = 4, **fields: object) -> list[Sample]:
    """Two refusals, one in each language, and some rows that say something."""
    texts = [("Where do bees live?", REFUSED), ("蜜蜂住在哪里？", REFUSED_ZH)]
    texts += [(f"Tell me of bees, part {number}.", f"{GOOD} That is {number}.") for number in range(good)]
    return make_samples(cast.project, texts, state=state, **fields)


def measured(cast: Cast, *, by: str = "bob", **asked: Any) -> QualityReport:
    """A report that its job has finished."""
    report = start_quality_report(cast.seat(by), now=NOW, **asked)
    clock = timezone.now
    work_on(report.job_id or 0, owner="w", clock=clock, work=lambda job: fill_quality_report(job, clock=clock))
    report.refresh_from_db()
    assert report.job is not None
    assert report.job.state == "done"
    return report


def frozen(cast: Cast, **config: Any) -> DatasetVersion:
    """A version of what may go in now."""
    version = start_freeze(cast.project, recipe=Recipe.from_config(config), by=cast.bob, now=NOW)
    work_on(version.job_id or 0, owner="w", clock=timezone.now, work=lambda j: freeze_version(j, clock=timezone.now))
    version.refresh_from_db()
    return version


def refusals(report: QualityReport) -> list[int]:
    """The ids that the finding names."""
    parts = FoundRows.objects.filter(report=report, code=CODE).values_list("ids", flat=True)
    return [pk for ids in parts for pk in ids]


def test_approved_rows_are_measured_by_a_job_and_the_finding_names_its_rows(cast: Cast) -> None:
    rows = planted(cast)
    make_samples(cast.project, [("Asked for later", REFUSED)], state="needs_review")
    make_samples(cast.project, [("A test question", REFUSED)], state="approved", evaluation=True)
    report = measured(cast, criteria=APPROVED)
    assert (report.rows, report.told["rows"], report.figures[CODE][:2]) == (6, 6, [2 / 6, "share"])
    assert refusals(report) == [rows[0].pk, rows[1].pk]
    assert report.warnings == sum(each["level"] == "warn" for each in report.told["findings"])
    with pytest.raises(PermissionDenied):
        start_quality_report(cast.seat("carol"), now=NOW)
    with pytest.raises(NoRowsError):
        start_quality_report(cast.seat("bob"), criteria=Criteria(search="nothing like it"), now=NOW)


def test_a_report_that_is_under_way_is_not_begun_twice_and_a_lost_job_writes_nothing(cast: Cast) -> None:
    planted(cast)
    one = start_quality_report(cast.seat("bob"), criteria=APPROVED, now=NOW)
    assert start_quality_report(cast.seat("alice"), criteria=APPROVED, now=NOW) == one
    late = claim_job(one.job_id or 0, owner="first", now=timezone.now())
    assert late is not None
    type(late).objects.filter(pk=late.pk).update(lease_until=NOW)
    taken = claim_job(late.pk, owner="second", now=timezone.now())
    assert taken is not None
    with pytest.raises(JobLostError):
        fill_quality_report(late, clock=timezone.now)
    one.refresh_from_db()
    assert one.told == {}
    fill_quality_report(taken, clock=timezone.now)
    one.refresh_from_db()
    assert one.rows == 6


def test_a_frozen_version_is_measured_as_it_is_pinned(cast: Cast) -> None:
    rows = planted(cast)
    version = frozen(cast)
    edit(rows[0], GOOD)
    report = measured(cast, version=version)
    assert (report.rows, sorted(refusals(report))) == (6, [rows[0].pk, rows[1].pk])
    assert measured(cast, criteria=APPROVED).figures[CODE][0] == 1 / 6


def test_dropping_rejects_the_rows_for_that_reason_and_can_be_taken_back(cast: Cast) -> None:
    rows = planted(cast, decided_by=cast.carol, decided_at=NOW)
    report = measured(cast, criteria=APPROVED)
    done = remedy_quality(cast.seat("bob"), report=report, code=CODE, way="drop", now=NOW)
    assert done.moved == 2
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].reason, rows[0].decided_by, rows[0].version) == ("rejected", "refusal", cast.bob, 2)
    assert counts(cast.project.pk, kind="sample") == {"approved": 4, "rejected": 2}
    assert Decision.objects.filter(action="drop", person=cast.bob).count() == 2
    with pytest.raises(Exception, match="nothing_to_undo"):
        undo(cast.seat("bob"), key=new_key(), now=NOW)  # the key `u` takes back what was decided row by row
    assert remedy_quality(cast.seat("bob"), report=report, code=CODE, way="drop", now=NOW).entry is None
    back = undo_quality_remedy(cast.seat("alice"), entry=done.entry or 0, now=NOW)
    rows[0].refresh_from_db()
    assert (back.moved, rows[0].state, rows[0].reason, rows[0].decided_by) == (2, "approved", "", cast.carol)
    assert counts(cast.project.pk, kind="sample") == {"approved": 6}
    assert undo_quality_remedy(cast.seat("bob"), entry=done.entry or 0, now=NOW).moved == 0
    for name, code, way in (("carol", CODE, "drop"), ("bob", CODE, "settle"), ("bob", "check.unheard_of", "drop")):
        with pytest.raises((PermissionDenied, QualityRemedyError)):
            remedy_quality(cast.seat(name), report=report, code=code, way=way, now=NOW)
    with pytest.raises(QualityRemedyError, match="not_found"):
        undo_quality_remedy(cast.seat("bob"), entry=10**9, now=NOW)


def test_rows_of_a_finding_go_into_the_queue_and_only_those(cast: Cast) -> None:
    rows = planted(cast)
    make_samples(cast.project, 2)
    report = measured(cast, criteria=APPROVED)
    done = remedy_quality(cast.seat("bob"), report=report, code=CODE, way="review", now=NOW)
    assert (done.moved, done.waiting) == (2, 2)
    wanted = Criteria.from_query({"finding": f"{report.pk}-{CODE}"})
    assert next_cards(cast.seat("carol"), criteria=wanted, size=5) == [rows[0].pk, rows[1].pk]
    assert wanted.query() == f"?finding={report.pk}-{CODE}"
    for nonsense in ("x", "1-", "-1-a", "1-../a", "9" * 30 + "-a"):
        assert Criteria.from_query({"finding": nonsense}) == Criteria()


def test_pages_show_the_finding_its_rows_and_the_place(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob)
    assert "Nothing was measured yet" in client.get(url("quality")).content.decode()
    rows = planted(cast)
    Sample.objects.filter(pk=rows[0].pk).update(instruction="<script>alert(1)</script>\u202ehostile")
    report = measured(cast, criteria=APPROVED)
    page = client.get(url("quality_report", report.pk), {"finding": CODE}).content.decode()
    assert f'href="{url("sample", rows[0].pk)}"' in page
    assert "<mark>As an AI language model" in page
    assert "<script>alert" not in page
    assert "Drop 2 rows" in page
    done = client.post(url("quality_remedy", report.pk), {"finding": CODE, "do": "drop"}, follow=True)
    assert "2 rows are dropped." in done.content.decode()
    after = client.get(url("quality_report", report.pk), {"finding": CODE}).content.decode()
    assert "2 rows dropped · bob" in after
    assert "Nothing is left to drop or to send" in after
    assert "Drop 2 rows" not in after
    [entry] = remedied(report)
    client.post(url("quality_remedy", report.pk), {"finding": CODE, "do": "undo", "entry": entry.entry})
    back = client.get(url("quality_report", report.pk), {"finding": CODE}).content.decode()
    assert "put back" in back
    assert "Drop 2 rows" in back
    assert [each.undone for each in remedied(report, code=CODE)] == [True]
    assert remedied(report, code="check.other") == []
    client.force_login(cast.dave)
    read = client.get(url("quality_report", report.pk), {"finding": CODE}).content.decode()
    assert "Drop 2 rows" not in read
    assert client.post(url("quality"), {"of": "approved"}).status_code == 403
    assert client.get(url("quality_report", report.pk), {"after": "5000"}).status_code == 200


def test_files_hold_everything_and_nothing_that_runs(cast: Cast, client: Client) -> None:
    planted(cast, task_type="<script>alert(2)</script>")
    report = measured(cast, criteria=APPROVED)
    client.force_login(cast.dave)
    told = json.loads(client.get(url("quality_report_json", report.pk)).content)
    assert (told["rows"], told["findings"]) == (6, report.told["findings"])
    file = client.get(url("quality_report_file", report.pk)).content.decode()
    assert "alert(2)" in file
    assert file.count("<mark>As an AI language model") == 1
    assert "<mark>作为一个人工智能语言模型" in file
    for active in ("<script", "<link", "<img", "href=", "src=", "<form", "url("):
        assert active not in file, active


def test_000_30_two_reports_say_what_is_new_and_what_is_gone(cast: Cast, client: Client) -> None:
    rows = planted(cast)
    before = measured(cast, criteria=APPROVED)
    Sample.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(output=GOOD)
    after = measured(cast, criteria=APPROVED)
    client.force_login(cast.dave)
    page = client.get(url("quality_compare"), {"one": before.pk, "other": after.pk}).content.decode()
    assert "gone" in page
    api = f"/api/v1/projects/poems/quality-reports/{before.pk}"
    found = client.get(f"{api}/compare?other={after.pk}").json()
    gone = next(each for each in found["findings"] if each["code"] == CODE)
    assert (gone["change"], gone["other"]) == ("gone", None)
    turned = client.get(f"/api/v1/projects/poems/quality-reports/{after.pk}/compare?other={before.pk}").json()
    assert next(each for each in turned["findings"] if each["code"] == CODE)["change"] == "new"


def test_programs_start_read_and_remedy(cast: Cast, client: Client) -> None:
    rows = planted(cast)
    client.force_login(cast.bob)
    api = "/api/v1/projects/poems/quality-reports"
    made = client.post(api, json.dumps({"random_seed": 7}), content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (202, "waiting")
    number = made.json()["id"]
    report = QualityReport.objects.get(pk=number)
    clock = timezone.now
    work_on(report.job_id or 0, owner="w", clock=clock, work=lambda job: fill_quality_report(job, clock=clock))
    assert client.get(f"{api}/{number}").json()["told"]["random_seed"] == 7
    assert client.get(api).json()["items"][0]["figures"][CODE][0] == 2 / 6
    page = client.get(f"{api}/{number}/findings/{CODE}?size=1").json()
    assert ([each["id"] for each in page["items"]], page["after"]) == ([rows[0].pk], 1)
    assert page["items"][0]["quote"]["field"] == "output"
    rest = client.get(f"{api}/{number}/findings/{CODE}?after=1").json()
    assert ([each["id"] for each in rest["items"]], rest["after"]) == ([rows[1].pk], None)
    body = json.dumps({"do": "drop", "finding": CODE})
    done = client.post(f"{api}/{number}/remedies", body, content_type="application/json").json()
    assert done["moved"] == 2


def test_a_report_on_pairs_is_for_those_who_had_them_shown(cast: Cast, client: Client) -> None:
    for number in range(3):
        make_pair(cast.project, f"Question {number}", f"{GOOD} {number}", "No.", state="exportable")
    report = measured(cast, version=frozen(cast, kind="preference"))
    assert (report.rows, report.told["sections"]["sizes"]["output"]["mean"] > 50) == (3, True)
    client.force_login(cast.bob)
    assert "tell which answer was preferred" in client.get(url("quality_report", report.pk)).content.decode()
    assert client.get(url("quality_report_json", report.pk)).status_code == 404
    assert client.get(f"/api/v1/projects/poems/quality-reports/{report.pk}").json()["told"] is None
    look_at_pairs(cast.seat("bob"), now=NOW)
    assert client.get(url("quality_report_json", report.pk)).status_code == 200


def test_a_project_of_pairs_alone_has_their_chosen_answers_measured(cast: Cast, client: Client) -> None:
    kept = [make_pair(cast.project, f"Question {number}", REFUSED, "No.", state="exportable") for number in range(3)]
    make_pair(cast.project, "Held back", REFUSED, "No.", state="held_back")
    client.force_login(cast.bob)
    refused = client.post(url("quality"), {"of": "approved"}, follow=True)
    assert "have their chosen answers measured" in refused.content.decode()
    assert client.post(url("quality"), {"of": "pairs"}).status_code == 302
    report = QualityReport.objects.get()
    work_on(
        report.job_id or 0, owner="w", clock=timezone.now, work=lambda job: fill_quality_report(job, clock=timezone.now)
    )
    report.refresh_from_db()
    assert (report.rows, sorted(refusals(report))) == (3, [each.pk for each in kept])
    page = client.get(url("quality_report", report.pk)).content.decode()
    assert "tell which answer was preferred" in page
    assert "Different" not in page
    assert client.get(url("quality_report_file", report.pk)).status_code == 404
    assert client.get("/api/v1/projects/poems/quality-reports").json()["items"][0]["figures"] == {}
    look_at_pairs(cast.seat("bob"), now=NOW)
    page = client.get(url("quality_report", report.pk), {"finding": CODE}).content.decode()
    assert f'href="{url("pair", kept[0].pk)}"' in page
    assert "<mark>As an AI language model" in page
    assert "Drop" not in page
    with pytest.raises(QualityRemedyError, match="not_offered"):
        remedy_quality(cast.seat("bob"), report=report, code=CODE, way="drop", now=NOW)
    assert Criteria.from_query({"finding": f"{report.pk}-{CODE}"}).apply(Sample.objects.all()).count() == 0


def test_versions_and_exports_say_whether_their_rows_are_ready(cast: Cast, client: Client) -> None:
    planted(cast, decided_by=cast.carol, decided_at=NOW)
    version = frozen(cast)
    client.force_login(cast.bob)
    pages = (url("version", version.dataset_id, version.number), url("export_new") + f"?version={version.pk}")
    for page in (*pages, url("export_new")):
        assert "Never measured" in client.get(page).content.decode()
    report = measured(cast, version=version)
    for page in pages:
        text = client.get(page).content.decode()
        assert url("quality_report", report.pk) in text
        assert "Never measured" not in text
        assert "Nothing is kept for evaluation" in text
        assert "100 %" in text
