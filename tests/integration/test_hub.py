"""A bundle on its way to the Hugging Face Hub, with a client that only looks like the Hub's."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import reverse

from generation.actions import jobs
from generation.models import AuditEntry, Job
from review.actions import exports
from review.actions.hub import KIND, PushError, push_bundle, start_push
from review.exporting import hub
from review.exporting.options import ExportOptions
from tests.cast import NOW, make_cast, make_samples

pytestmark = pytest.mark.django_db

TOKEN = "hf_averysecrettoken"


class Hub:
    """Keeps what it is given, or refuses it."""

    def __init__(self, token, *, status=None):
        self.token, self.status, self.files, self.repo = token, status, {}, None

    def create_repo(self, repo_id, *, repo_type, private, exist_ok):
        if self.status:
            error = RuntimeError(f"refused {self.token}")
            error.response = SimpleNamespace(status_code=self.status)
            raise error
        self.repo = repo_id, repo_type, private, exist_ok

    def upload_folder(self, *, folder_path, repo_id, repo_type, commit_message):
        self.files = {path.name: path.read_bytes() for path in Path(folder_path).iterdir()}
        return SimpleNamespace(commit_url=f"https://hub.example/{repo_id}/commit/1")


def work(job, what):
    jobs.work_on(job, owner="w", clock=lambda: NOW, work=what)


@pytest.fixture
def bundle(settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path
    cast = make_cast()
    make_samples(cast.project, 3, state="approved")
    export = exports.start_export(
        cast.project, format_name="alpaca", by=cast.alice, now=NOW, options=ExportOptions(bundle=True)
    )
    jobs.work_on(
        export.job_id, owner="w", clock=lambda: NOW, work=lambda job: exports.build_export(job, clock=lambda: NOW)
    )
    export.refresh_from_db()
    return SimpleNamespace(cast=cast, export=export)


def pushed(bundle, *, status=None):
    job = start_push(bundle.export, repo="poets/haiku", private=True, token=TOKEN, by=bundle.cast.alice, now=NOW)
    seen = []

    def opened(token):
        seen.append(Hub(token, status=status))
        return seen[-1]

    jobs.work_on(
        job.pk, owner="w", clock=lambda: NOW, work=lambda job: push_bundle(job, clock=lambda: NOW, opened=opened)
    )
    job.refresh_from_db()
    return job, seen[0]


def test_every_file_of_the_bundle_goes_up_as_one_commit(bundle):
    job, there = pushed(bundle)
    assert (job.state, job.cursor) == (Job.State.DONE, {"address": "https://hub.example/poets/haiku/commit/1"})
    assert there.repo == ("poets/haiku", "dataset", True, True)
    assert sorted(there.files) == ["README.md", "croissant.json", "dataset_info.json", "manifest.jsonl", "train.jsonl"]


def test_the_token_is_sealed_while_it_waits_and_gone_afterwards(bundle):
    job = start_push(bundle.export, repo="poets/haiku", private=True, token=TOKEN, by=None, now=NOW)
    assert TOKEN not in json.dumps([job.cursor, job.params])
    job, there = pushed(bundle)
    assert there.token == TOKEN
    assert "box" not in job.cursor
    assert not any(
        TOKEN in json.dumps(row, default=str) for row in [*Job.objects.values(), *AuditEntry.objects.values()]
    )


@pytest.mark.parametrize(
    ("status", "code"), [(401, "hub_token"), (403, "hub_token"), (404, "hub_repo"), (500, "hub_unreachable")]
)
def test_what_the_hub_refuses_is_named_without_its_words(bundle, status, code):
    job, _ = pushed(bundle, status=status)
    assert (job.state, job.message) == (Job.State.FAILED, code)


def test_without_the_library_the_page_says_how_to_get_it(bundle, client, monkeypatch):
    monkeypatch.setattr(hub, "find_spec", lambda name: None)
    client.force_login(bundle.cast.bob)
    page = client.get(reverse("export", args=["poems", bundle.export.pk])).content.decode()
    assert "pip install huggingface_hub" in page
    assert 'name="token"' not in page


def test_the_form_starts_a_job_and_refuses_odd_names(bundle, client):
    client.force_login(bundle.cast.bob)
    where = reverse("export", args=["poems", bundle.export.pk])
    client.post(where, {"do": "push", "repo": "poets/haiku", "token": TOKEN})
    assert Job.objects.get(kind=KIND).params == {"export": bundle.export.pk, "repo": "poets/haiku", "private": False}
    for repo in ("haiku", "../x", "a/b/c", "a b/c", ""):
        with pytest.raises(PushError):
            start_push(bundle.export, repo=repo, private=True, token=TOKEN, by=None, now=NOW)
