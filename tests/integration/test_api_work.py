"""The API doing the main job: prompts, endpoints, runs and exports, by programs with tokens."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.utils import timezone

from generation.actions.endpoints import ensure_installation_endpoints
from generation.actions.jobs import work_on
from generation.actions.seeds import save_seed
from generation.formats.seed_tasks import SeedRow
from generation.models import Endpoint, PromptVersion, Run
from review.actions.exports import build_export
from review.models import Export
from tests.cast import make_cast, make_samples
from tests.program import Program
from tests.world import LANGUAGE, SLOT, make_run

pytestmark = pytest.mark.django_db

P = "/api/v1/projects/poems"
LOCAL = "http://127.0.0.1:11434/v1"


@pytest.fixture
def cast(settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path / "exports"
    return make_cast()


def test_a_prompt_is_versioned_and_an_old_version_comes_back_as_a_new_one(cast):
    bob = Program(cast.bob)
    slot = f"{P}/prompts/{SLOT}/{LANGUAGE}"
    shipped = bob("GET", slot)[1]
    assert (shipped["version"], shipped["versions"]) == (0, [])
    status, saved = bob("POST", slot, {"text": shipped["text"] + "\nBe brief.", "note": "shorter"})
    assert (status, saved["number"], saved["note"]) == (201, 2, "shorter")
    first = PromptVersion.objects.get(number=1)
    assert bob("POST", f"{P}/prompts/versions/{first.pk}/use")[1]["number"] == 3
    now = bob("GET", slot)[1]
    assert (now["version"], now["text"]) == (3, shipped["text"])
    listed = {(each["slot"], each["language"]): each["version"] for each in bob("GET", f"{P}/prompts")[1]}
    assert listed[SLOT, LANGUAGE] == 3
    assert listed[SLOT, "zh"] == 0


def test_a_faulty_prompt_is_refused_with_its_line(cast):
    status, answer = Program(cast.bob)("POST", f"{P}/prompts/{SLOT}/{LANGUAGE}", {"text": "Say\n{{ nothing }}"})
    assert (status, answer["code"], answer["path"]) == (422, "unknown_variable", "body.text")
    assert {"line": 2, "code": "unknown_variable", "name": "nothing"} in answer["faults"]
    assert Program(cast.bob)("GET", f"{P}/prompts/no.such/en")[0] == 404


def test_an_endpoints_key_goes_in_and_never_comes_out(cast):
    alice, key = Program(cast.alice), "sk-canary-0123456789abcdef"
    status, made = alice("POST", f"{P}/endpoints", {"name": "Mine", "base_url": LOCAL + "/", "key": key})
    assert (status, made["base_url"], made["has_key"], made["key_hint"]) == (201, LOCAL, True, "cdef")
    there = f"{P}/endpoints/{made['id']}"
    answers = [made, *(alice("GET", f"{P}/endpoints")[1])]
    changed = alice("PATCH", there, {"base_url": "http://127.0.0.1:1234/v1"})[1]
    assert not changed["has_key"]
    answers += [changed, alice("PUT", f"{there}/key", {"key": key})[1], alice("DELETE", f"{there}/key")[1]]
    assert key not in json.dumps(answers)
    assert alice("DELETE", there)[0] == 204
    assert alice("PATCH", there, {"name": "x"})[0] == 404


@pytest.mark.parametrize("url", ["http://169.254.169.254/v1", "ftp://example.org", "http://127.0.0.1:8000/v1", "x"])
def test_an_endpoint_that_fdc_may_not_call_is_refused(cast, url):
    status, answer = Program(cast.alice)("POST", f"{P}/endpoints", {"name": "Mine", "base_url": url})
    assert (status, answer["path"]) == (422, "body.base_url")


def test_an_endpoint_of_the_installation_is_seen_and_cannot_be_changed(cast):
    [offline] = ensure_installation_endpoints(now=timezone.now())
    alice = Program(cast.alice)
    assert [(each["shared"], each["offline"]) for each in alice("GET", f"{P}/endpoints")[1]] == [(True, True)]
    assert alice("PATCH", f"{P}/endpoints/{offline.pk}", {"name": "x"})[1]["code"] == "shared_endpoint"
    other = Endpoint.objects.create(project=cast.other_project, name="Theirs", kind="x", created_at=timezone.now())
    assert alice("PATCH", f"{P}/endpoints/{other.pk}", {"name": "x"})[0] == 404


def few_shot(cast):
    for number in range(12):
        fields = {"sentence": f"A film of {number} happy hours.", "label": "positive" if number % 2 else "negative"}
        save_seed(cast.project, row=SeedRow(fields=fields), now=timezone.now())
    return {"recipe": "few_shot", "params": {"task_type": "sentiment"}, "start_key": "only-once-please"}


def test_a_run_is_estimated_started_once_watched_and_stopped(cast):
    bob, wish = Program(cast.bob), few_shot(cast)
    status, figures = bob("POST", f"{P}/runs/estimate", wish)
    assert (status, figures["seeds"], figures["calls_most"], figures["free"]) == (200, 12, 0, True)
    assert figures["rows"][0]["instruction"]
    assert Run.objects.count() == 0
    status, run = bob("POST", f"{P}/runs", wish)
    assert (status, run["state"], run["recipe"]) == (201, "running", "few_shot")
    assert bob("POST", f"{P}/runs", wish)[1]["id"] == run["id"]
    there = f"{P}/runs/{run['id']}"
    seen = bob("GET", there)[1]
    assert seen["figures"]["calls"]["asked"] == 0
    assert bob("POST", f"{there}/resume")[0] == 409
    assert bob("POST", f"{there}/pause")[1]["state"] == "paused"
    assert bob("POST", f"{there}/resume")[1]["state"] == "running"
    assert bob("POST", f"{there}/budget", {"budget": "2.5"})[0] == 422, "no cap can be kept without a price"
    Run.objects.filter(pk=run["id"]).update(input_price=1, output_price=1)
    assert bob("POST", f"{there}/budget", {"budget": "2.5"})[1]["budget_micro"] == 2_500_000
    assert bob("POST", f"{there}/cancel")[1]["state"] == "stopping"
    assert [each["id"] for each in bob("GET", f"{P}/runs")[1]["items"]] == [run["id"]]


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"recipe": "no_such"}, "unknown_recipe", "body"),
        ({"params": {"task_type": "no such"}}, "bad_params", "body.params.task_type"),
        ({"params": {"surprise": 1}}, "bad_params", "body.params.surprise"),
        ({"recipe": "self_instruct", "params": {}}, "no_endpoint", "body"),
        ({"seeds": {"task_type": "none such"}}, "no_seeds", "body"),
    ],
)
def test_a_run_that_cannot_be_started_so_is_refused_with_the_reason(cast, change, code, path):
    status, answer = Program(cast.bob)("POST", f"{P}/runs", few_shot(cast) | change)
    assert (status, answer["code"], answer["path"]) == (422, code, path)


def test_another_projects_endpoint_and_run_are_not_there(cast):
    endpoint = Endpoint.objects.create(project=cast.other_project, name="Theirs", kind="x", created_at=timezone.now())
    run, _ = make_run(cast.other_project, endpoint=endpoint)
    bob = Program(cast.bob)
    assert bob("POST", f"{P}/runs", few_shot(cast) | {"endpoint": endpoint.pk})[0] == 404
    assert bob("GET", f"{P}/runs/{run.pk}")[0] == 404
    assert bob("POST", f"{P}/runs/{run.pk}/cancel")[0] == 404


def test_an_export_is_offered_written_and_fetched(cast):
    make_samples(cast.project, 3, state="approved")
    make_samples(cast.project, [("By rules", "yes")], state="approved", origin="rules")
    bob = Program(cast.bob)
    offer = bob("POST", f"{P}/exports/offer", {"format": "alpaca", "layout": "json"})[1]
    assert (offer["approved"], offer["made_without_model"], offer["rows"]) == (4, 1, 3)
    assert [json.loads(line)["input"] for line in offer["text"].splitlines()] == ["", ""]  # the first and the last
    status, made = bob("POST", f"{P}/exports", {"format": "alpaca", "layout": "json", "without_model": True})
    assert (status, made["ready"], made["job"]["state"]) == (202, False, "waiting")
    there = f"{P}/exports/{made['id']}"
    assert bob("GET", f"{there}/file")[0] == 404
    clock, job_id = timezone.now, Export.objects.get().job_id
    work_on(job_id, owner="w", clock=clock, work=lambda job: build_export(job, clock=clock))
    done = bob("GET", there)[1]
    assert (done["ready"], done["rows"], done["statement"]) == (
        True, 4, "1 of 4 rows: made by rules, no language model was used",
    )  # fmt: skip
    data = b"".join(bob.client.get(f"{there}/file").streaming_content)
    assert hashlib.sha256(data).hexdigest() == done["sha256"]
    assert len(b"".join(bob.client.get(f"{there}/manifest").streaming_content).splitlines()) == 5
    again = bob("POST", f"{P}/exports", {"format": "alpaca", "version": done["version"]})[1]
    assert again["content_hash"] == done["content_hash"]
    assert bob("POST", f"{P}/exports/{again['id']}/cancel")[1]["job"]["state"] == "cancelled"


def test_an_export_that_cannot_be_is_refused(cast):
    bob = Program(cast.bob)
    assert bob("POST", f"{P}/exports", {"format": "alpaca", "layout": "json"})[1]["code"] == "nothing_approved"
    assert bob("POST", f"{P}/exports", {"format": "x"})[1]["code"] == "unknown_format"
    assert bob("POST", f"{P}/exports", {"version": 7})[0] == 404
