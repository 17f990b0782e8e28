"""Runs from the command line: from seeds to a file, found again, and never at an unspoken cost."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.utils import timezone

from generation.actions.prices import set_price
from generation.actions.projects import create_project
from generation.models import Call, Endpoint, Run, Sample
from generation.samples import sample_path
from tests.commands import run_command
from tests.scripted_server.beside import serving

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPTED = Path(__file__).parent.parent / "scripted_server"


def typed(name, *arguments, capsys):
    return run_command(load_command_class("generation", name), name, *arguments, capsys=capsys)


@pytest.fixture
def no_keys(monkeypatch):
    for name in ("OPENAI_API_KEY", "DASHSCOPE_API_KEY", "NUM_INSTRUCTIONS", "MAX_TOKENS"):
        monkeypatch.delenv(name, raising=False)


def test_000_13_the_workshop_runs_without_arguments_and_goes_on_where_it_was(tmp_path, monkeypatch, no_keys, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NUM_INSTRUCTIONS", "6")
    code, said, told = typed("self_instruct_workshop", capsys=capsys)
    assert (code, "no language model" in told) == (0, True)
    run = Run.objects.get()
    assert (run.recipe, run.params["target"], run.offline, run.state) == ("self_instruct", 6, True, "completed")
    assert "self_instruct.invent: 6 admitted" in said
    stages = set(run.items.values_list("stage", flat=True))
    assert stages == {"self_instruct.invent", "self_instruct.instances"}
    rows = (tmp_path / "data/self_instruct_output.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(rows) == Sample.objects.filter(run=run).exclude(state="filtered").count() > 5
    assert set(json.loads(rows[0])) >= {"instruction", "input", "output"}
    calls = Call.objects.count()
    code, _, told = typed("self_instruct_workshop", capsys=capsys)
    assert (code, Run.objects.count(), Call.objects.count()) == (0, 1, calls)
    assert "This run is over" in told
    code, _, _ = typed("self_instruct_workshop", "--num-instructions", "4", "--max-tokens", "200", capsys=capsys)
    assert code == 0
    newest = Run.objects.latest("id")
    assert (newest.params["target"], newest.params["instance_tokens"]) == (4, 200)


def test_a_paused_run_is_found_by_the_same_command_and_finished(tmp_path, monkeypatch, no_keys, capsys):
    wanted = ("self_instruct", "--target", "4", "--output-path", tmp_path / "out.jsonl")
    monkeypatch.setattr("generation.management.running.work", _interrupted)
    code, _, told = typed("generate", *wanted, capsys=capsys)
    assert (code, "goes on with it" in told) == (4, True)
    monkeypatch.undo()
    assert typed("generate", *wanted, capsys=capsys)[0] == 0
    assert Run.objects.get().state == "completed"


def _interrupted(run, *, tell):
    from generation.actions.runs import pause_run

    return pause_run(run)


def test_rows_of_a_file_are_the_seeds_and_the_same_file_twice_adds_none(tmp_path, no_keys, capsys):
    table = sample_path("sentiment_demo.json")
    wanted = ("few_shot", "--input-file", table, "--task-type", "sentiment", "--output-path", tmp_path / "few.jsonl")
    code, said, told = typed("generate", *wanted, capsys=capsys)
    assert (code, "28 new seeds, 0 known" in told, "28 rows written" in said) == (0, True, True)
    code, _, told = typed("generate", *wanted, "--again", capsys=capsys)
    assert (code, "0 new seeds, 28 known" in told, Run.objects.count()) == (0, True, 2)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("no_such_recipe",), 2, "invalid choice"),
        (("self_instruct", "--target", "0"), 1, "target"),
        (("self_instruct", "--provider", "nobody"), 1, "No endpoint is called nobody"),
        (("few_shot", "--input-file", "missing.csv"), 1, "cannot be read"),
        (("self_instruct", "--budget", "-1"), 2, "invalid"),
    ],
)
def test_what_cannot_be_is_said_before_anything_runs(arguments, code, words, no_keys, capsys):
    ended, _, told = typed("generate", *arguments, capsys=capsys)
    assert (ended, words in told) == (code, True), told
    assert not Run.objects.exists()


@pytest.fixture
def dear(tmp_path, no_keys):
    """An endpoint at the scripted server, at a price at which nothing starts without a word."""
    script = json.loads((SCRIPTED / "self_instruct.json").read_text(encoding="utf-8"))
    script["latency_ms"] = 0
    for rule in script["rules"]:
        rule.pop("faults", None)
    (tmp_path / "script.json").write_text(json.dumps(script))
    with serving(tmp_path / "script.json", tmp_path) as served:
        now = timezone.now()
        project = create_project(name="dear", language="en", by=None, now=now)
        endpoint = Endpoint.objects.create(
            project=project, name="Dear", kind="openai_compatible", base_url=served.base_url,
            models_listed=["scripted-1"], created_at=now,
        )  # fmt: skip
        set_price(
            endpoint, model="scripted-1", currency="USD", input_price=Decimal(900), output_price=Decimal(900),
            source="test", on=now.date(),
        )  # fmt: skip
        yield served


def test_000_36_a_cost_above_the_limit_is_said_and_wants_a_yes(dear, tmp_path, capsys):
    wanted = ("self_instruct", "--project", "dear", "--provider", "dear", "--target", "20")
    code, _, told = typed("generate", *wanted, capsys=capsys)
    assert (code, "USD" in told, "--yes says that this may be spent" in told) == (5, True, True)
    assert [run.preview for run in Run.objects.all()] == [True]
    asked = len(dear.statement())
    code, _, told = typed("generate", *wanted, "--yes", "--output-path", tmp_path / "o.jsonl", capsys=capsys)
    run = Run.objects.get(preview=False)
    assert (code, run.state) in ((0, "completed"), (3, "completed_with_errors"))
    assert run.spent_micro > 1_000_000
    assert run.estimate["cost_micro"][0] > 0
    assert len(dear.statement()) > asked
    assert Run.objects.filter(preview=True).count() == 1, "the preview that was paid for serves"
