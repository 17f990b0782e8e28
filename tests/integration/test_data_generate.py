"""A scenario's records from the command line: exactly the calls of the formula, found again, and said beforehand."""

from __future__ import annotations

import json
import random
import shutil

import pytest
from django.core.management import load_command_class
from django.utils import timezone

from generation.actions.endpoints import create_endpoint
from generation.actions.projects import create_project
from generation.models import Call, Project, PromptVersion, Run, Sample, Seed, Vocabulary
from generation.recipes.domain_generation.draws import draws
from generation.recipes.domain_generation.params import Params
from generation.samples import sample_path
from generation.samples.scenarios import scenario_named
from generation.types import SeedView
from tests.commands import run_command
from tests.faults.report import FULL
from tests.scripted_server.beside import serving

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = sample_path("demo_seeds.en.jsonl").parent / "scenarios"


def typed(*arguments, capsys):
    return run_command(load_command_class("generation", "data_generate"), "data_generate", *arguments, capsys=capsys)


def drawn_last(scenario: str, language: str, times: int, number: int) -> str:
    """The entity of the last call of a run with the usual random seed."""
    found = scenario_named(scenario)
    contents = found.contents(language)
    seeds = [SeedView(n, row.instruction, task_type=row.task_type) for n, row in enumerate(contents.seeds)]
    params = Params(**found.manifest.params | {"generate_times": times, "random_seed_num": number})
    return list(draws(seeds, contents.vocabulary.terms, params, random.Random("draws:42")))[-1].entities[0]


@pytest.fixture(autouse=True)
def from_a_clone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "DASHSCOPE_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("times", "number"), [(20, 3)] + ([(70, 3)] if FULL else []))
def test_001_20_the_medical_scenario_without_a_key_makes_the_calls_of_the_formula(times, number, tmp_path, capsys):
    given = ("--scenario", "medical", "--generate-times", times, "--random-seed-num", number)
    code, said, told = typed(*given, capsys=capsys)
    assert (code, "no language model" in told, f"{times * number} calls." in said) == (0, True, True), told
    run = Run.objects.get()
    assert (run.recipe, run.language, run.offline, run.state) == ("domain_generation", "zh", True, "completed")
    assert run.items.count() == times * number
    calls = Call.objects.filter(run=run, superseded=False, voided=False)
    repairs = calls.filter(stage__endswith=".repair").count()
    assert calls.count() - repairs == times * number
    rows = [json.loads(line) for line in (tmp_path / "data/medical_output.jsonl").read_text("utf-8").splitlines()]
    kept = Sample.objects.filter(run=run).exclude(state="filtered")
    assert len(rows) == kept.count() > times * number
    assert set(kept.values_list("task_type", flat=True)) == {"预约挂号", "导诊分诊", "健康管理"}
    assert all(len(row["output"]) <= 100 for row in rows)
    assert "58 entities" in said
    code, _, told = typed(*given, capsys=capsys)
    assert (code, "This run is over" in told) == (0, True)
    assert (Run.objects.count(), Seed.objects.count(), Vocabulary.objects.count()) == (1, 12, 1)


@pytest.mark.parametrize(("times", "number"), [(4, 2)] + ([(70, 3)] if FULL else []))
def test_001_11_calls_that_a_server_answers_and_those_it_refuses_are_those_planned(times, number, tmp_path, capsys):
    record = json.dumps([{"instruction": "Where are {w1} {w2}?", "input": "", "output": "By the {w3}."}])
    refused = drawn_last("library", "en", times, number)
    rules = [
        {"name": "refused", "match": f"```\n{refused}\n```", "replies": ["[]"],
         "every_fault": [{"kind": "status", "status": 400, "from": 0, "to": 1, "times": 9}]},
        {"name": "all", "match": "JSON", "replies": [record]},
    ]  # fmt: skip
    (tmp_path / "script.json").write_text(json.dumps({"rules": rules}))
    now, planned = timezone.now(), times * number
    project = create_project(name="library", language="en", by=None, now=now)
    with serving(tmp_path / "script.json", tmp_path) as server:
        create_endpoint(
            project, kind="openai_compatible", by=None, now=now, key="sk-scripted-0123456789", name="Scripted",
            base_url=server.base_url,
        )  # fmt: skip
        given = ("--scenario", "library", "--generate-times", times, "--random-seed-num", number, "--language", "en")
        code, said, told = typed(*given, "--provider", "Scripted", "--model", "m", "--yes", capsys=capsys)
    assert (code, f"{planned} calls." in said) == (3, True), told
    run = Run.objects.get(preview=False)
    calls = Call.objects.filter(run=run, superseded=False, voided=False)
    assert (run.state, run.items.count(), calls.count()) == ("completed_with_errors", planned, planned)
    failed = run.items.filter(payload__entities=[refused]).count()
    assert failed >= 1
    assert (calls.filter(state="failed").count(), calls.filter(state="parsed").count()) == (failed, planned - failed)
    assert f"{planned - failed} calls answered, {failed} failed" in said


def test_a_folder_of_ones_own_is_a_scenario_and_ids_that_stand_twice_are_told(tmp_path, capsys):
    mine = tmp_path / "Reading club"
    shutil.copytree(FOLDER / "library", mine)
    seeds = mine / "seeds.en.jsonl"
    seeds.write_text(seeds.read_text("utf-8").replace('"borrowing_2"', '"borrowing_1"'), "utf-8")
    given = ("--scenario", mine, "--generate-times", 2, "--records-per-call", 2)
    code, said, told = typed(*given, capsys=capsys)
    assert (code, "6 calls." in said) == (0, True), told
    assert "line 2: the id borrowing_1 stood before; this seed is called borrowing_1-2." in told
    project = Project.objects.get(slug="reading-club")
    assert sorted(set(Seed.objects.filter(project=project).values_list("source_id", flat=True)))[:2] == [
        "borrowing_1", "borrowing_1-2",
    ]  # fmt: skip
    assert typed(*given, capsys=capsys)[0] == 0
    assert PromptVersion.objects.filter(template__project=project).count() == 2


def test_001_12_a_template_that_states_another_number_is_told(capsys):
    _, _, told = typed("--generate-times", 1, "--random-seed-num", 1, "--records-per-call", 5, capsys=capsys)
    assert "another number of records than the run counts on: 3 / 5" in told


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--generate-times", "0"), 1, "generate_times"),
        (("--random-seed-num", "-3"), 1, "random_seed_num"),
        (("--records-per-call", "0"), 1, "records_per_call"),
        (("--generate-times", "many"), 2, "invalid int"),
        (("--scenario", "nowhere"), 1, "these ship: medical, library"),
        (("--scenario", "medical", "--language", "en"), 1, "does not come in this language"),
        (("--provider", "nobody"), 1, "No endpoint is called nobody"),
    ],
)
def test_001_20_what_cannot_be_is_said_before_anything_runs(arguments, code, words, capsys):
    ended, _, told = typed(*arguments, capsys=capsys)
    assert (ended, words in told) == (code, True), told
    assert not Run.objects.exists()


def test_001_05_a_placeholder_that_nothing_replaces_stops_the_command(tmp_path, capsys):
    shutil.copytree(FOLDER / "medical", tmp_path / "ward")
    template = tmp_path / "ward" / "prompt_template.txt"
    template.write_text(template.read_text("utf-8") + "\n12. <department_list>\n", "utf-8")
    code, _, told = typed("--scenario", tmp_path / "ward", capsys=capsys)
    assert (code, "<department_list>" in told, Run.objects.count()) == (1, True, 0)
    assert not Seed.objects.exists()
