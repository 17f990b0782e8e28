"""The API as programs meet it: who gets in, what comes back, and how a refusal looks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from generation.actions.people import revoke_token
from generation.actions.seeds import save_seed
from generation.formats.seed_tasks import SeedRow
from generation.models import ApiToken, Job, Project, Seed
from tests.cast import make_cast, make_samples, new_key
from tests.program import Program

pytestmark = pytest.mark.django_db

P = "/api/v1/projects/poems"


@pytest.fixture
def cast():
    return make_cast()


def test_a_stranger_gets_401_as_json_and_no_redirect(cast):
    for method in ("GET", "POST"):
        answer = Client().generic(method, "/api/v1/projects")
        assert answer.status_code == 401
        assert answer.json()["code"] == "unauthorized"
        assert answer["WWW-Authenticate"] == "Bearer"


def test_an_unknown_address_is_told_as_json(cast):
    answer = Client().post("/api/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_session_reads_freely_and_writes_with_the_csrf_token_only(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.bob)
    assert client.get("/api/v1/projects").status_code == 200
    refused = client.post("/api/v1/projects", {"name": "Mine"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    assert Project.objects.filter(name="Mine").count() == 0
    client.get("/api/v1/")
    token = client.cookies["csrftoken"].value
    made = client.post(
        "/api/v1/projects", {"name": "Mine"}, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert made.status_code == 201


def test_a_token_opens_what_its_person_may_open_and_its_use_is_noted(cast):
    bob = Program(cast.bob)
    status, found = bob("GET", "/api/v1/projects")
    assert (status, [each["slug"] for each in found]) == (200, ["poems"])
    assert ApiToken.objects.get(pk=bob.row.pk).last_used_at is not None


def test_a_revoked_expired_or_unknown_token_opens_nothing_even_beside_a_session(cast):
    bob = Program(cast.bob)
    revoke_token(bob.row, by=cast.bob, now=timezone.now())
    assert bob("GET", "/api/v1/projects")[0] == 401
    late = Program(cast.bob, expires_at=timezone.now() - timedelta(seconds=1))
    assert late("GET", "/api/v1/projects")[0] == 401
    client = Client(headers={"Authorization": "Bearer nonsense"})
    client.force_login(cast.bob)
    assert client.get("/api/v1/projects").status_code == 401


def test_a_token_of_one_project_opens_no_other(cast):
    project = Project.objects.create(slug="second", name="Second", created_at=timezone.now())
    project.memberships.create(person=cast.alice, role="owner", created_at=timezone.now())
    alice = Program(cast.alice, project=cast.project)
    assert [each["slug"] for each in alice("GET", "/api/v1/projects")[1]] == ["poems"]
    assert alice("GET", "/api/v1/projects/second")[0] == 404
    assert alice("POST", "/api/v1/projects", {"name": "Third"})[0] == 403


def test_another_projects_rows_are_not_found_under_ones_own_address(cast):
    foreign = save_seed(cast.other_project, row=SeedRow(instruction="Hidden"), now=timezone.now())
    sample = make_samples(cast.other_project, 1)[0]
    alice = Program(cast.alice)
    assert alice("GET", f"{P}/seeds/{foreign.pk}")[0] == 404
    assert alice("DELETE", f"{P}/seeds/{foreign.pk}")[0] == 404
    assert alice("GET", f"{P}/samples/{sample.pk}")[0] == 404
    body = {"sample": sample.pk, "action": "approve", "version": 1}
    assert alice("POST", f"{P}/decisions", body, **{"Idempotency-Key": new_key()})[0] == 404
    assert alice("GET", "/api/v1/projects/secrets")[0] == 404


def test_seeds_are_made_read_changed_and_retired(cast):
    bob = Program(cast.bob)
    body = {
        "instruction": "翻译这句话",
        "instances": [{"input": "hello", "output": "你好"}],
        "tags": ["a"],
        "language": "zh",
    }
    status, seed = bob("POST", f"{P}/seeds", body)
    assert (status, seed["instruction"], seed["source"]) == (201, "翻译这句话", "api")
    assert bob("POST", f"{P}/seeds", body)[1] == {
        "code": "duplicate", "message": "A seed of exactly this content is there.", "path": "", "seed": seed["id"],
    }  # fmt: skip
    assert bob("GET", f"{P}/seeds?q=翻译")[1]["items"][0]["id"] == seed["id"]
    status, changed = bob("PUT", f"{P}/seeds/{seed['id']}", body | {"tags": ["b"]})
    assert (status, changed["tags"]) == (200, ["b"])
    assert bob("DELETE", f"{P}/seeds/{seed['id']}")[0] == 204
    assert bob("GET", f"{P}/seeds/{seed['id']}")[0] == 404


def test_lists_go_on_by_key_until_they_end(cast):
    for number in range(5):
        save_seed(cast.project, row=SeedRow(instruction=f"Seed {number}"), now=timezone.now())
    bob, seen, after = Program(cast.bob), [], 0
    while after is not None:
        page = bob("GET", f"{P}/seeds?size=2&after={after}")[1]
        seen += [each["instruction"] for each in page["items"]]
        after = page["after"]
    assert seen == [f"Seed {number}" for number in range(5)]


def test_an_uploaded_file_becomes_a_job(cast, settings, tmp_path):
    settings.IMPORT_ROOT = tmp_path
    path = tmp_path / "seeds.jsonl"
    path.write_text('{"instruction": "One", "output": "1"}\n', encoding="utf-8")
    bob = Program(cast.bob)
    with path.open("rb") as file:
        answer = bob.client.post(f"{P}/seeds/import", {"file": file, "language": "en"})
    assert answer.status_code == 202
    job = Job.objects.get(pk=answer.json()["id"])
    assert (job.kind, job.params["language"], job.made_by) == ("generation.import_seeds", "en", cast.bob)
    assert bob("GET", f"{P}/jobs/{job.pk}")[1]["state"] == "waiting"
    assert bob("POST", f"{P}/jobs/{job.pk}/cancel")[1]["state"] == "cancelled"
    assert bob("POST", f"{P}/jobs/{job.pk}/cancel")[0] == 409


@pytest.mark.parametrize(("text", "code"), [("a\0b", "nul_character"), ("\ud800", "lone_surrogate"), ("fine", None)])
def test_texts_that_the_database_cannot_hold_are_refused_with_their_place(cast, text, code):
    status, answer = Program(cast.bob)("POST", f"{P}/seeds", {"instruction": "x", "instances": [{"output": text}]})
    if code is None:
        assert status == 201
    else:
        assert (status, answer["code"], answer["path"]) == (422, code, "body.instances.0.output")


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("seeds", {"instruction": "x", "id": 7}, "body.id"),
        ("seeds", {"instruction": "x", "search": "y"}, "body.search"),
        ("endpoints", {"name": "x", "base_url": "https://example.org/v1", "key_box": "x"}, "body.key_box"),
    ],
)
def test_fields_that_nobody_may_write_are_refused(cast, path, body, place):
    status, answer = Program(cast.alice)("POST", f"{P}/{path}", body)
    assert (status, answer["code"], answer["path"]) == (422, "invalid", place)
    assert Seed.objects.count() == 0


@pytest.mark.parametrize("query", ["size=501", "after=x", "after=-1", "q=a%00b", "state=anything", "origin=x"])
def test_filters_take_a_closed_set_of_values(cast, query):
    assert Program(cast.bob)("GET", f"{P}/samples?{query}")[0] == 422


@pytest.mark.parametrize("query", ["project__slug=secrets", "state__in=x", "order_by=-id", "_connector=OR"])
def test_names_that_are_no_filter_mean_nothing(cast, query):
    make_samples(cast.project, 2)
    make_samples(cast.other_project, 2)
    bob = Program(cast.bob)
    assert bob("GET", f"{P}/samples?{query}") == bob("GET", f"{P}/samples")


@pytest.mark.parametrize("body", [b"{", b"[NaN]", b'{"name": "a", "name": "b"}', b"\xff"])
def test_what_is_no_json_is_refused(cast, body):
    answer = Program(cast.bob).client.generic("POST", "/api/v1/projects", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_a_decision_is_made_once_for_each_key(cast):
    sample = make_samples(cast.project, 1)[0]
    carol, key = Program(cast.carol), {"Idempotency-Key": new_key()}
    body = {"sample": sample.pk, "action": "approve", "version": sample.version}
    status, first = carol("POST", f"{P}/decisions", body, **key)
    assert (status, first["saved"], first["state"], first["repeated"]) == (200, True, "approved", False)
    status, again = carol("POST", f"{P}/decisions", body, **key)
    assert (status, again["decision"], again["repeated"]) == (200, first["decision"], True)
    status, late = Program(cast.erin)("POST", f"{P}/decisions", body, **{"Idempotency-Key": new_key()})
    assert (status, late["saved"], late["code"]) == (409, False, "already_decided")
    assert [each["action"] for each in carol("GET", f"{P}/decisions")[1]["items"]] == ["approve"]
    status, undone = carol("POST", f"{P}/decisions/undo", {}, **{"Idempotency-Key": new_key()})
    assert (status, undone["state"]) == (200, "needs_review")
    whole = carol("GET", f"{P}/samples/{sample.pk}")[1]
    assert [each["action"] for each in whole["decisions"]] == ["approve", "undo"]


def test_a_decision_without_a_key_or_with_nonsense_is_refused(cast):
    sample = make_samples(cast.project, 1)[0]
    carol = Program(cast.carol)
    assert carol("POST", f"{P}/decisions", {"sample": sample.pk, "action": "approve", "version": 1})[0] == 422
    body = {"sample": sample.pk, "action": "edit", "version": 1}
    status, answer = carol("POST", f"{P}/decisions", body, **{"Idempotency-Key": new_key()})
    assert (status, answer["code"]) == (422, "text_missing")


def test_project_settings_change_what_is_named_and_only_for_owners(cast):
    assert Program(cast.bob)("PATCH", P, {"guidelines": "Be kind."})[0] == 403
    status, project = Program(cast.alice)("PATCH", P, {"guidelines": "Be kind."})
    assert (status, project["guidelines"], project["name"], project["role"]) == (200, "Be kind.", "Poems", "owner")


def test_a_fault_of_ours_is_told_as_json_without_its_insides(cast, monkeypatch):
    monkeypatch.setattr("generation.api.projects.counts", lambda *_, **__: 1 / 0)
    status, answer = Program(cast.bob)("GET", P)
    assert (status, answer["code"]) == (500, "server_error")
    assert "Zero" not in json.dumps(answer)


def test_a_body_that_is_too_large_and_numbers_that_fit_no_column_are_refused(cast, settings):
    bob = Program(cast.bob)
    assert bob("GET", f"{P}/samples?run={10**30}")[0] == 422
    assert bob("GET", f"{P}/seeds/{10**30}")[0] == 404
    assert bob("GET", f"{P}/seeds?after={10**30}")[0] == 422
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    status, answer = bob("POST", f"{P}/seeds", {"instruction": "x" * 2000})
    assert (status, answer["code"]) == (413, "too_large")
