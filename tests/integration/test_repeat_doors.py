"""What a run's rows may repeat is said at every door, and a copy, a workflow's step and a command keep it."""

from __future__ import annotations

import pytest
from django.core.management import load_command_class
from django.utils import timezone

from generation.actions.runs import pause_run
from generation.actions.workflow_steps import FaultyStepError, checked_step, step_like, wish_for
from generation.actions.workflows import save_workflow, start_turn
from generation.forms.repeats import repeats_of
from generation.forms.runs import RunForm
from generation.models import Run
from generation.recipes import RECIPES, recipe
from tests.cast import NOW, Cast, make_cast
from tests.commands import run_command
from tests.program import Program
from tests.runs import offline_endpoint, plant_seeds, start_offline

pytestmark = pytest.mark.django_db

ASKED = {"near_duplicates": "note", "near_threshold": 0.9, "contamination": "off"}
NOVELTY = {"approved_novelty": "note", "novelty_threshold": 0.6}
INVENTING = {"self_instruct", "alpaca_batch", "domain_generation", "document_qa"}


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    return cast


def said_by(run: Run) -> dict[str, object]:
    """What the run keeps of the question, params of the recipe first."""
    kept = {name: run.params[name] for name in NOVELTY}
    return kept | {name: getattr(run, name) for name in ASKED}


def test_recipes_that_invent_instructions_drop_what_is_like_approved_ones_and_others_are_asked_to() -> None:
    usual = {each.name: each.Params().model_dump().get("approved_novelty") for each in RECIPES}
    assert {name for name, way in usual.items() if way == "drop"} == INVENTING
    asked = {"evol_instruct", "backtranslation", "complex_from_simple", "model_comparison", "generate_pairs"}
    assert {name for name, way in usual.items() if way == "off"} == asked
    assert all(recipe(name).Params().novelty_threshold in (0.7, 0.8) for name in INVENTING)


def test_the_form_takes_it_and_a_copied_run_shows_it(cast: Cast, client) -> None:
    client.force_login(cast.bob)
    first = RunForm(project=cast.project, recipe=recipe("self_instruct"))
    values = {name: first[name].value() for name in first.fields if first[name].value() not in (None, False)}
    values |= {"endpoint": offline_endpoint().pk, "do": "start", **ASKED, **{f"p_{k}": v for k, v in NOVELTY.items()}}
    address = f"/p/{cast.project.slug}/runs/new/self_instruct"
    assert client.post(address, values).status_code == 302
    run = Run.objects.latest("pk")
    assert said_by(run) == ASKED | NOVELTY
    copied = RunForm(project=cast.project, recipe=recipe("self_instruct"), like=run)
    assert {name: copied[name].value() for name in ASKED} == ASKED == repeats_of(run)
    assert {name: copied[f"p_{name}"].value() for name in NOVELTY} == NOVELTY
    assert client.post(address, values | {"near_threshold": 0.1}).status_code == 422


def test_the_command_takes_it(cast: Cast, capsys, monkeypatch) -> None:
    monkeypatch.setattr("generation.management.running.work", lambda run, **_tell: pause_run(run))
    wanted = ("self_instruct", "--target", 1, "--project", cast.project.slug)
    options = ("--near-duplicates", "note", "--near-threshold", 0.9, "--contamination", "off")
    options += ("--approved-novelty", "note", "--novelty-threshold", 0.6)
    command = load_command_class("generation", "generate")
    run_command(command, "generate", *wanted, *options, "--language", "en", capsys=capsys)
    assert said_by(Run.objects.latest("pk")) == ASKED | NOVELTY


def test_the_api_takes_it_gives_it_and_tells_how_much_fell_out(cast: Cast) -> None:
    bob, address = Program(cast.bob), f"/api/v1/projects/{cast.project.slug}/runs"
    body = {"recipe": "self_instruct", "endpoint": offline_endpoint().pk, "params": NOVELTY, **ASKED}
    status, run = bob("POST", address, body)
    assert status == 201
    assert {name: run[name] for name in ASKED} == ASKED
    assert run["params"] | NOVELTY == run["params"]
    Run.objects.get().tallies.create(name="draft.self_instruct.invent.admitted", count=6)
    Run.objects.get().tallies.create(name="draft.self_instruct.invent.like_approved", count=2)
    figures = bob("POST", f"{address}/estimate", body)[1]
    assert (figures["repeated_before"], figures["drafts_before"]) == (2, 8)
    assert bob("POST", address, body | {"params": {"approved_novelty": "perhaps"}})[0] == 422


def test_a_step_of_a_workflow_keeps_it_and_an_older_step_has_the_usual(cast: Cast) -> None:
    run = start_offline(cast.project, params={"target": 2, **NOVELTY})
    Run.objects.filter(pk=run.pk).update(**ASKED)
    step = step_like(Run.objects.get(pk=run.pk))
    flow = save_workflow(cast.project, name="Nightly", steps=[step], by=cast.alice, now=NOW)
    start_turn(flow, by=cast.alice, now=timezone.now())
    assert said_by(Run.objects.latest("pk")) == ASKED | NOVELTY
    older = {name: value for name, value in flow.steps[0].items() if name not in ASKED}
    turn = flow.turns.latest("pk")
    turn.steps = [older]
    wish = wish_for(turn)
    assert (wish.repeats.near_duplicates, wish.repeats.threshold, wish.repeats.contamination) == ("drop", 0.8, "drop")
    with pytest.raises(FaultyStepError, match="bad_repeats"):
        checked_step(cast.project, step=step | {"near_threshold": 7.0}, at=0, now=NOW)


def test_the_api_of_workflows_lets_a_step_say_otherwise(cast: Cast) -> None:
    run = start_offline(cast.project, params={"target": 2})
    bob, address = Program(cast.bob), f"/api/v1/projects/{cast.project.slug}/workflows"
    status, made = bob("POST", address, {"name": "Nightly", "steps": [{"run": run.pk, "near_duplicates": "note"}]})
    assert status == 201
    assert (made["steps"][0]["near_duplicates"], made["steps"][0]["contamination"]) == ("note", "drop")
    refused = bob("POST", address, {"name": "x", "steps": [{"run": run.pk, "contamination": "perhaps"}]})
    assert refused[0] == 422
