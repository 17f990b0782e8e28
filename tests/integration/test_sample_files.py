"""The shipped sample files come into a project at a click: samples, pairs and feedback to look at."""

from __future__ import annotations

import pytest
from django.urls import reverse

from generation.actions.row_imports import KIND, run_row_import
from generation.models import Feedback, Job, PreferencePair, Sample
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def import_root(settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path / "imports"


def test_all_samples_at_once_bring_every_kind_of_row(client):
    cast = make_cast()
    client.force_login(cast.bob)
    answer = client.post(reverse("import_new", args=["poems"]), {"sample": "all"})
    assert answer.headers["Location"] == reverse("imports", args=["poems"])
    jobs = list(Job.objects.filter(kind=KIND).order_by("id"))
    for job in jobs:
        run_row_import(job.pk, owner="w", clock=lambda: NOW, stopwatch=lambda: 0.0)
    jobs = list(Job.objects.filter(kind=KIND).order_by("id"))
    assert [(job.params["name"], job.state, job.accepted, job.rejected) for job in jobs] == [
        ("alpaca_demo.jsonl", "done", 16, 0),
        ("fewshot_sentiment.jsonl", "done", 28, 0),
        ("sample_conversation_data.json", "done", 12, 0),
        ("sample_instruction_data.json", "done", 24, 0),
        ("sample_kto_data.json", "done", 24, 0),
        ("sample_preference_data.json", "done", 16, 0),
        ("self_instruct.jsonl", "done", 19, 0),
    ]
    assert Sample.objects.filter(state=Sample.State.NEEDS_REVIEW).count() == 16 + 28 + 12 + 24 + 19
    assert PreferencePair.objects.count() == 16
    assert (Feedback.objects.count(), Feedback.objects.filter(good=True).count()) == (24, 13)


def test_a_reviewer_may_not_bring_samples_in(client):
    cast = make_cast()
    client.force_login(cast.carol)
    assert client.post(reverse("import_new", args=["poems"]), {"sample": "all"}).status_code == 403
    assert not Job.objects.exists()
