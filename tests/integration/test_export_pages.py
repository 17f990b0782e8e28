"""The pages of exports, as people of each role meet them, with and without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.models import Job, Sample
from review.actions.exports import build_export, file_path
from review.models import DatasetVersion, Export
from tests.cast import make_cast, make_samples

pytestmark = pytest.mark.django_db

HOSTILE = '<img src=x onerror=alert(1)>"; rm -rf / \u202e <div hx-get="/x" hx-trigger="load">'


@pytest.fixture(autouse=True)
def export_root(settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path / "exports"


@pytest.fixture
def cast():
    return make_cast()


def url(name, *rest):
    return reverse(name, args=["poems", *rest])


def built(export):
    work_on(export.job_id, owner="w", clock=timezone.now, work=lambda job: build_export(job, clock=timezone.now))
    export.refresh_from_db()
    return export


@pytest.fixture
def ready(cast, client):
    make_samples(cast.project, 4, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    client.post(url("export_new"), {"format": "alpaca", "layout": "json"})
    return built(Export.objects.get())


def test_an_empty_list_says_what_an_export_is_and_offers_one_to_editors(cast, client):
    client.force_login(cast.bob)
    assert "No export yet" in client.get(url("exports")).content.decode()
    assert url("export_new") in client.get(url("exports")).content.decode()
    client.force_login(cast.dave)
    assert url("export_new") not in client.get(url("exports")).content.decode()


def test_the_new_export_states_exact_rows_and_shows_the_format_before_it_writes(cast, client):
    make_samples(cast.project, 5, state=Sample.State.APPROVED)
    make_samples(cast.project, [("By rules", "yes")], state=Sample.State.APPROVED, origin=Sample.Origin.RULES)
    client.force_login(cast.bob)
    page = client.get(url("export_new"), {"asked": "1", "format": "alpaca"})
    text = page.content.decode()
    assert page.context["offer"].rows == 5
    assert "Export 5 rows as Alpaca" in text
    assert "1 row was made by rules, no language model was used." in " ".join(text.split())
    assert "{&quot;instruction&quot;:&quot;Write a haiku about the number 0.&quot;" in text
    with_rules = client.get(url("export_new"), {"asked": "1", "without_model": "1"})
    assert with_rules.context["offer"].rows == 6
    assert Export.objects.count() == 0


def test_where_every_row_was_made_by_rules_the_tick_is_preset(cast, client):
    make_samples(cast.project, 3, state=Sample.State.APPROVED, origin=Sample.Origin.RULES)
    client.force_login(cast.bob)
    page = client.get(url("export_new"))
    assert page.context["offer"].choice.selection.without_model
    assert page.context["offer"].rows == 3


def test_nothing_approved_says_so_and_starts_nothing(cast, client):
    client.force_login(cast.bob)
    page = client.post(url("export_new"), {"format": "alpaca", "layout": "json"})
    assert page.status_code == 422
    assert "Nothing was written" in page.content.decode()
    assert Job.objects.count() == 0


def test_the_file_is_a_download_that_no_browser_opens_or_guesses(ready, client):
    answer = client.get(url("export_file", ready.pk))
    assert b"".join(answer.streaming_content) == file_path(ready).read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="poems-v1.json"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Length"] == str(ready.size)
    manifest = client.get(url("export_manifest", ready.pk))
    assert manifest["Content-Disposition"] == 'attachment; filename="poems-v1.manifest.jsonl"'
    assert len(b"".join(manifest.streaming_content).splitlines()) == 5


def test_a_file_that_is_not_ready_is_not_found(cast, client):
    make_samples(cast.project, 1, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    client.post(url("export_new"), {})
    assert client.get(url("export_file", Export.objects.get().pk)).status_code == 404


def test_the_page_asks_again_until_the_export_is_over(cast, client):
    make_samples(cast.project, 1, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    there = client.post(url("export_new"), {})["Location"]
    waiting = client.get(there, headers={"HX-Request": "true", "HX-Target": "export_state"}).content.decode()
    assert waiting.lstrip().startswith('<div id="export_state"')
    assert "every 1s" in waiting
    built(Export.objects.get())
    assert "every 1s" not in client.get(there).content.decode()


def test_an_editor_cancels_and_writes_a_version_again(ready, client):
    again = client.post(url("export", ready.pk), {"do": "again", "format": "alpaca"})
    other = Export.objects.latest("pk")
    assert again["Location"] == url("export", other.pk)
    assert (other.version, other.format) == (ready.version, "alpaca")
    client.post(url("export", other.pk), {"do": "cancel"})
    other.job.refresh_from_db()
    assert other.job.state == Job.State.CANCELLED
    assert "moved on" in client.post(url("export", other.pk), {"do": "retry"}, follow=True).content.decode()


def test_what_a_version_of_a_dataset_was_drawn_from_is_read_in_its_source(ready, client):
    drawn = {"selection": {"run": 777, "without_model": True}}
    DatasetVersion.objects.filter(pk=ready.version_id).update(config={"sources": [drawn]})
    body = client.get(url("export", ready.pk)).content.decode()
    assert "#777" in body
    assert "<dd>included</dd>" in body
    DatasetVersion.objects.filter(pk=ready.version_id).update(config={"sources": [drawn, drawn]})
    assert "#777" not in client.get(url("export", ready.pk)).content.decode()


def test_reviewers_and_viewers_fetch_files_but_start_none(ready, cast, client):
    for person in (cast.carol, cast.dave):
        client.force_login(person)
        assert client.get(url("export_file", ready.pk)).status_code == 200
        assert client.get(url("export_new")).status_code == 403
        assert client.post(url("export_new"), {}).status_code == 403
        assert client.post(url("export", ready.pk), {"do": "again"}).status_code == 403


def test_hostile_text_is_shown_as_text(cast, client):
    make_samples(cast.project, [(HOSTILE, HOSTILE)], state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    text = client.get(url("export_new")).content.decode()
    assert "<img src=x" not in text
    assert '<div hx-get="/x"' not in text


@pytest.mark.parametrize("query", [{"run": "9" * 30}, {"run": "\u0661"}, {"format": "../../etc"}, {"language": "a\0b"}])
def test_odd_queries_are_answered_calmly(cast, client, query):
    client.force_login(cast.bob)
    assert client.get(url("export_new"), query).status_code == 200
