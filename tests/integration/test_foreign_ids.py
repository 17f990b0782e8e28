"""Ids of another project in every field that takes one: nothing of it is used, shown or changed."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from generation.actions.documents import add_text
from generation.actions.jobs import start_job
from generation.forms.sources import SHOWN_DOCUMENTS, choice_from
from generation.models import Document, Job, Run, Sample, Seed, Vocabulary, Workflow
from generation.recipes import recipe
from tests.cast import NOW, make_cast, make_samples
from tests.world import SLOT, World, make_world

pytestmark = pytest.mark.django_db
SECRET = "Mallory's own words"


@pytest.fixture
def worlds(settings, tmp_path) -> tuple[World, World]:
    settings.EXPORT_ROOT, settings.IMPORT_ROOT = tmp_path / "exports", tmp_path / "imports"
    cast = make_cast()
    own, foreign = (make_world(project, owner=owner)
                    for project, owner in ((cast.project, cast.alice), (cast.other_project, cast.mallory)))  # fmt: skip
    at = foreign.arguments
    Document.objects.filter(pk=at["document_id"]).update(name=SECRET, text=SECRET * 40)
    Vocabulary.objects.filter(pk=at["vocabulary_id"]).update(name=SECRET, terms={SECRET: [SECRET]})
    Seed.objects.filter(pk=at["seed_id"]).update(instruction=SECRET)
    Sample.objects.filter(project=cast.other_project).update(instruction=SECRET, output=SECRET)
    make_samples(cast.other_project, [(SECRET, SECRET)], state="approved", run_id=at["run_id"])
    return own, foreign


@pytest.fixture
def alice(worlds, client) -> Client:
    client.force_login(worlds[0].project.memberships.get(role="owner").person)
    return client


def sent(client: Client, path: str, body: dict, method: str = "POST"):
    url = f"/api/v1/projects/poems/{path}"
    return client.generic(method, url, json.dumps(body), content_type="application/json")


def taken(at: dict) -> dict[str, dict]:
    """What a run may name, with another project's ids; each with a recipe that reads it."""
    sample = Sample.objects.filter(instruction=SECRET, state="approved").latest("id")
    qa, domain, evolve = ({"recipe": name} for name in ("document_qa", "domain_generation", "evol_instruct"))
    return {
        "document": qa | {"documents": [at["document_id"]]},
        "vocabulary": domain | {"vocabulary": at["vocabulary_id"]},
        "seeds": evolve | {"take": ["seeds"], "seeds": {"ids": [at["seed_id"]]}},
        "samples": evolve | {"take": ["samples"], "samples": {"ids": [sample.pk], "state": "any"}},
        "run": evolve | {"take": ["samples"], "samples": {"run": at["run_id"], "state": "any"}},
        "endpoint": evolve | {"endpoint": at["endpoint_id"], "model": "m"},
        "fallback": evolve | {"fallback": [{"endpoint": at["endpoint_id"], "model": "m"}]},
        "preview": evolve | {"preview": at["run_id"]},
    }


def test_no_run_of_the_api_draws_from_another_project(worlds, alice):
    own, foreign = worlds
    before, offline = Run.objects.count(), own.project.endpoints.model.objects.filter(kind="offline").first()
    faults = []
    for name, body in taken(foreign.arguments).items():
        given = ({"endpoint": offline.pk} if offline and "endpoint" not in body and name != "fallback" else {}) | body
        for path in ("runs", "runs/estimate", "runs/preview"):
            if name == "preview" and path == "runs/preview":
                continue  # a preview measures nothing by another one
            answer = sent(alice, path, given)
            if answer.status_code not in (404, 422) or SECRET.encode() in answer.content:
                faults.append(f"{path} {name}: {answer.status_code} {answer.content[:200]!r}")
    assert faults == []
    assert Run.objects.count() == before


def test_no_workflow_takes_a_step_or_an_endpoint_of_another_project(worlds, alice):
    own, foreign = worlds
    at, mine = foreign.arguments, own.arguments["workflow_id"]
    steps = [{"run": at["run_id"]}, {"recipe": "self_instruct", "endpoint": at["endpoint_id"], "model": "m"},
             {"recipe": "few_shot", "endpoint": at["endpoint_id"]}]  # fmt: skip
    before = Workflow.objects.get(pk=mine).steps
    for step in steps:
        for method, path in (("POST", "workflows"), ("PUT", f"workflows/{mine}")):
            answer = sent(alice, path, {"name": "Taken", "steps": [step]}, method)
            assert answer.status_code in (404, 422) or answer.json()["steps"][0]["endpoint"] is None, step
    assert SECRET not in str(Workflow.objects.get(pk=mine).steps)
    page = alice.post("/p/poems/workflows/new", {"name": "Taken", "step_1": at["run_id"], "every_hours": 0})
    assert page.status_code == 422
    assert Workflow.objects.get(pk=mine).steps[0]["recipe"] == before[0]["recipe"]


@pytest.mark.parametrize("name", ["document_qa", "domain_generation", "evol_instruct", "self_instruct"])
def test_no_form_of_a_run_offers_or_takes_rows_of_another_project(worlds, alice, name):
    at = worlds[1].arguments
    for query in (f"?like={at['run_id']}", f"?vocabulary={at['vocabulary_id']}&scenario=library:en", ""):
        assert SECRET not in alice.get(f"/p/poems/runs/new/{name}{query}").content.decode()
    named = {"documents": at["document_id"], "vocabulary": at["vocabulary_id"], "sample_run": at["run_id"],
             "endpoint": at["endpoint_id"], "fallback": at["endpoint_id"], "own_type": at["template_id"]}  # fmt: skip
    before = Run.objects.count()
    for field, value in named.items():
        form = {"start_key": field, "language": "en", "random_seed": 1, "do": "start", field: value}
        page = alice.post(f"/p/poems/runs/new/{name}", form)
        assert SECRET not in page.content.decode()
    started = Run.objects.filter(project=worlds[0].project, pk__gt=before).values_list("sources", "endpoint", "pinned")
    assert not any(str(at["document_id"]) in str(each) and SECRET in str(each) for each in started)
    assert not Run.objects.filter(project=worlds[0].project, endpoint=at["endpoint_id"]).exists()


def test_jobs_versions_and_drafts_of_another_project_stay_as_they_are(worlds, alice):
    own, foreign = worlds
    job = start_job(foreign.project, kind="generation.read_document", params={}, by=None, now=NOW)
    Job.objects.filter(pk=job.pk).update(state="failed")
    for what in ("cancel", "retry"):
        assert alice.post("/p/poems/documents", {"do": what, "job": job.pk}).status_code == 404
    job.refresh_from_db()
    assert job.state == "failed"
    address = f"/p/poems/prompts/{SLOT}/en/versions"
    versions = list(foreign.project.templates.values_list("versions", flat=True))
    for version in versions:
        page = alice.get(f"{address}?old={version}&new={version}&endpoint={foreign.arguments['endpoint_id']}&model=m")
        assert page.status_code in (200, 404)
        alice.post(address, {"do": "use", "version": version})
    alice.post(f"/p/poems/runs/{own.arguments['run_id']}", {"do": "save_prompt", "slot": SLOT, "draft": 1})
    assert list(foreign.project.templates.values_list("versions", flat=True)) == versions


def test_a_project_with_many_documents_lists_the_newest_and_finds_the_others_by_words(worlds, alice):
    project = worlds[0].project
    old = add_text(project, name="The old one", text="Bees and their queen.", now=NOW).document
    Document.objects.bulk_create(
        Document(project=project, name=f"d{n}", content=b"", text="x", content_hash=f"{n:064}", created_at=NOW)
        for n in range(SHOWN_DOCUMENTS + 300)
    )
    page = alice.get("/p/poems/runs/new/document_qa").content.decode()
    assert page.count("<option") < SHOWN_DOCUMENTS + 60
    assert 'name="document_q"' in page
    assert "The old one" not in page
    found = alice.post("/p/poems/runs/new/document_qa", {"documents": old.pk, "language": "en"}).content.decode()
    assert "The old one" in found
    made = recipe("document_qa")
    assert choice_from(project, made, values={"document_q": "queen"}).documents == (old.pk,)
    assert choice_from(project, made, values={"document_q": "wasps"}).documents == (0,)
    assert choice_from(project, made, values={}).documents is None
