"""Readiness: each figure of the panel against rows that were counted by hand, and each line leads to a remedy."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.actions.looks import look_at_all
from generation.models import Project, Sample
from review.actions.freezing import freeze_version, start_freeze
from review.actions.quality_reports import fill_quality_report, start_quality_report
from review.actions.rounds import RoundWish, open_round
from review.criteria import Criteria
from review.mixes.recipe import Recipe
from review.models import DatasetVersion, Decision
from review.reports.ready import Ready, ready_version
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.pairs import make_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def frozen(cast: Cast, *, use: str, kind: str = "sft") -> DatasetVersion:
    recipe = replace(Recipe.from_config({"kind": kind}), use=use)
    version = start_freeze(cast.project, recipe=recipe, by=cast.bob, now=NOW)
    work_on(version.job_id or 0, owner="w", clock=timezone.now, work=lambda j: freeze_version(j, clock=timezone.now))
    version.refresh_from_db()
    return version


def told(ready: Ready) -> dict[str, tuple[str, dict[str, Any]]]:
    return {remark.code: (remark.level, dict(remark.values)) for remark in ready.remarks}


def measured(cast: Cast, **asked: Any) -> None:
    made = start_quality_report(cast.seat("bob"), now=NOW, **asked)
    work_on(made.job_id or 0, owner="w", clock=timezone.now, work=lambda j: fill_quality_report(j, clock=timezone.now))


def test_size_and_the_share_that_people_saw_are_counted(cast: Cast) -> None:
    make_samples(cast.project, 6, state="approved", decided_by=cast.carol, decided_at=NOW)
    make_samples(cast.project, [("Name a bird.", "A wren."), ("Name a fish.", "A pike.")], state="approved")
    found = told(ready_version(cast.seat("bob"), frozen(cast, use="sft")))
    assert found["size_too_small"] == ("error", {"rows": 8, "least": 100, "low": 1000, "high": 10_000})
    assert found["reviewed"] == ("warning", {"share": 6 / 8})
    assert found["languages"] == ("info", {"shares": {"en": 5 / 8, "zh": 3 / 8}})
    assert found["never_measured"] == ("warning", {})
    assert "agreement" not in found


def verdicts(cast: Cast, rows: list[Sample], *, differ: int) -> None:
    """What Carol and Erin said of each; they differ on the first ones."""
    Decision.objects.bulk_create(
        Decision(
            project=cast.project, sample=row, person=person, revision=1, version=2 + at, key=f"{who}-{row.pk}-key",
            action="reject" if number < differ and at else "approve", created_at=NOW,
        )
        for number, row in enumerate(rows)
        for at, (who, person) in enumerate((("carol", cast.carol), ("erin", cast.erin)))
    )  # fmt: skip


def test_how_far_people_agree_is_counted_over_what_two_judged(cast: Cast) -> None:
    Project.objects.filter(pk=cast.project.pk).update(overlap=2)
    rows = make_samples(cast.project, 25, state="approved")
    version = frozen(cast, use="sft")
    assert told(ready_version(cast.seat("bob"), version))["agreement_unknown"] == ("info", {"count": 0})
    verdicts(cast, rows, differ=6)
    assert told(ready_version(cast.seat("bob"), version))["agreement"] == ("warning", {"share": 19 / 25, "n": 25})
    Decision.objects.filter(sample=rows[0]).update(action="approve")
    assert told(ready_version(cast.seat("bob"), version))["agreement"] == ("ok", {"share": 20 / 25, "n": 25})


def pairs(cast: Cast, *, longer: int, shorter: int) -> DatasetVersion:
    for number in range(longer + shorter):
        texts = ("a rather long answer", "short") if number < longer else ("short", "a rather long answer")
        make_pair(cast.project, f"Which of them, {number}?", *texts)
    return frozen(cast, use="preference", kind="preference")


def test_a_bias_of_lengths_is_counted_and_leads_to_the_lengths(cast: Cast, client: Client) -> None:
    version = pairs(cast, longer=24, shorter=8)
    look_at_all(cast.project, by=cast.bob, now=NOW)
    found = told(ready_version(cast.seat("bob"), version))
    assert found["length_bias"] == ("warning", {"share": 24 / 32, "pairs": 32})
    # 24 pairs of 20 against 5 characters and 8 of 5 against 20: (24·20 + 8·5) / (24·5 + 8·20)
    assert found["length_ratio"] == ("warning", {"figure": f"{520 / 280:.2f}"})
    client.force_login(cast.bob)
    page = client.get(f"/p/poems/datasets/{version.dataset_id}/v/1").content.decode()
    assert f'<a href="/p/poems/datasets/{version.dataset_id}/v/1/pairs">See the lengths</a>' in page


def test_pairs_that_all_lean_one_way_are_not_told_to_be_balanced(cast: Cast, client: Client) -> None:
    version = pairs(cast, longer=30, shorter=0)
    assert "length_bias" not in told(ready_version(cast.seat("bob"), version)), "it would tell each of them"
    look_at_all(cast.project, by=cast.bob, now=NOW)
    found = told(ready_version(cast.seat("bob"), version))
    assert found["length_bias"] == ("warning", {"share": 1.0, "pairs": 30, "one_sided": "longer"})
    client.force_login(cast.bob)
    page = client.get(f"/p/poems/datasets/{version.dataset_id}/v/1").content.decode()
    assert "they cannot be balanced, nothing would be left" in page
    assert '<a href="/p/poems/imports/new">Bring in more pairs</a>' in page


def test_two_versions_that_differ_in_one_pair_tell_nothing_of_it_while_a_vote_is_asked(cast: Cast) -> None:
    version = pairs(cast, longer=12, shorter=12)
    assert "length_bias" in told(ready_version(cast.seat("bob"), version))
    open_round(cast.seat("alice"), wish=RoundWish("Round"), now=NOW)
    assert "length_bias" not in told(ready_version(cast.seat("bob"), version))
    look_at_all(cast.project, by=cast.bob, now=NOW)
    assert "length_bias" in told(ready_version(cast.seat("bob"), version))


def test_the_newest_report_is_read_and_what_came_since_is_said(cast: Cast, client: Client) -> None:
    refused = "As an AI language model, I cannot help with that request."
    make_samples(cast.project, [("Where do bees live?", refused)], state="approved")
    make_samples(cast.project, 5, state="approved")
    measured(cast, criteria=Criteria(state="approved"))
    make_samples(cast.project, [("Name a bird.", "A wren.")], state="approved")
    client.force_login(cast.bob)
    page = client.get("/p/poems/exports/new?format=alpaca").content.decode()
    assert "Changed since the report" in page
    links = dict(re.findall(r'<a href="([^"]*)">(Measure again|See the warnings|Keep texts for evaluation)</a>', page))
    assert links["/p/poems/evaluation-sets"] == "Keep texts for evaluation"
    assert "/p/poems/quality" in links
    for address in links:
        assert client.get(address).status_code == 200


def test_every_line_of_a_panel_leads_somewhere_for_editors_and_nowhere_for_viewers(cast: Cast, client: Client) -> None:
    make_samples(cast.project, 6, state="approved")
    version = frozen(cast, use="sft")
    measured(cast, version=version)
    at = f"/p/poems/datasets/{version.dataset_id}/v/1"
    client.force_login(cast.bob)
    panel = client.get(at).content.decode().partition('class="plain remarks"')[2].partition("</ul>")[0]
    links = re.findall(r'<p><a href="([^"]*)">', panel)
    assert any(link.endswith("/runs/new") for link in links)
    assert [client.get(link.replace("&amp;", "&")).status_code for link in links] == [200] * len(links)
    client.force_login(cast.dave)
    panel = client.get(at).content.decode().partition('class="plain remarks"')[2].partition("</ul>")[0]
    assert not re.findall(r'<p><a href="([^"]*)">', panel)
