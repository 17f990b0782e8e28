"""The rows of a finding as they read now: what was mended since is said, earlier turns of pairs are quoted too."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.models import Sample
from review.actions.pairs import look_at_pairs
from review.actions.quality_reports import fill_quality_report, start_quality_report
from review.criteria import Criteria
from review.models import QualityReport
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.pairs import make_pair

pytestmark = pytest.mark.django_db
CODE = "check.refusal"
REFUSED_ZH = "作为一个人工智能语言模型，我无法回答这个问题。"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def measured(cast: Cast, **asked: Any) -> QualityReport:
    report = start_quality_report(cast.seat("bob"), now=NOW, **asked)
    work_on(
        report.job_id or 0, owner="w", clock=timezone.now, work=lambda job: fill_quality_report(job, clock=timezone.now)
    )
    report.refresh_from_db()
    return report


def test_a_row_that_was_mended_since_says_so(cast: Cast, client: Client) -> None:
    [row] = make_samples(cast.project, [("蜜蜂住在哪里？", REFUSED_ZH)], state="approved")
    report = measured(cast, criteria=Criteria(state="approved"))
    client.force_login(cast.dave)
    here = f"/p/poems/quality/{report.pk}?finding={CODE}"
    assert "<mark>作为一个人工智能语言模型" in client.get(here).content.decode()
    Sample.objects.filter(pk=row.pk).update(output="蜜蜂住在蜂巢里，成千上万只住在一起。")
    page = client.get(here).content.decode()
    assert "nothing is found any more" in page
    assert "<mark>" not in page
    api = f"/api/v1/projects/poems/quality-reports/{report.pk}/findings/{CODE}"
    assert [(each["stands"], each["quote"]) for each in client.get(api).json()["items"]] == [(False, None)]


def test_the_place_in_an_earlier_turn_of_a_pair_is_quoted(cast: Cast, client: Client) -> None:
    pair = make_pair(
        cast.project, "谢谢！还有别的办法吗？", "可以先打电话问一问附近的养蜂人。", "没有。", state="exportable"
    )
    turns = [{"role": "user", "content": "蜜蜂住在哪里？"}, {"role": "assistant", "content": REFUSED_ZH}]
    Sample.objects.filter(pk=pair.sample_id).update(turns=turns)
    report = measured(cast, pairs=True)
    client.force_login(cast.bob)
    look_at_pairs(cast.seat("bob"), now=NOW)
    page = client.get(f"/p/poems/quality/{report.pk}?finding={CODE}").content.decode()
    assert "<mark>作为一个人工智能语言模型" in page
    assert "turn 2" in page
