"""Runs are started from a checked snapshot, and only go where their table leads."""

from __future__ import annotations

import pytest
from django.utils import timezone

from fdc_project.web.states import TransitionError
from generation.actions.endpoints import create_endpoint
from generation.actions.prompts import save_version
from generation.actions.run_tallies import tallies
from generation.actions.runs import (
    StartRefusedError,
    cancel_run,
    pause_run,
    raise_budget,
    resume_run,
    retry_failed,
    start_run,
)
from generation.actions.sources import Choice
from generation.figures import figures
from generation.models import Call, Draft, Item, Project, Run, Sample
from generation.recipes import recipe
from generation.recipes.base import slots
from tests.cast import NOW, Cast, make_cast
from tests.runs import offline_endpoint, plant_seeds, start_offline, turn, work_through

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    return cast


def refused(cast: Cast, **wishes: object) -> StartRefusedError:
    wishes = {"recipe": "self_instruct", "params": {}, "by": cast.bob, "now": NOW} | wishes
    with pytest.raises(StartRefusedError) as caught:
        start_run(cast.project, **wishes)  # type: ignore[arg-type]
    return caught.value


def test_a_run_keeps_a_snapshot_of_seeds_texts_and_params(cast: Cast) -> None:
    slot = slots(recipe("self_instruct"))[0]
    edited = slot.shipped("en").replace("You invent tasks", "You make up tasks")
    version = save_version(cast.project, slot=slot.name, language="en", text=edited, by=cast.bob, now=NOW)
    run = start_offline(cast.project)
    save_version(cast.project, slot=slot.name, language="en", text=edited + "\n", by=cast.bob, now=NOW)
    run.refresh_from_db()
    assert run.template_versions[slot.name] == version.pk
    assert "make up" in run.template_texts[slot.name]
    assert len(run.seed_ids) == cast.project.seeds.count()
    assert run.params["novelty_threshold"] == 0.7


def test_the_same_start_key_returns_the_same_run(cast: Cast) -> None:
    first = start_offline(cast.project, start_key="k1")
    assert start_offline(cast.project, start_key="k1").pk == first.pk
    assert start_offline(cast.project, start_key="k2").pk != first.pk


def test_a_start_is_refused_with_its_reason(cast: Cast) -> None:
    endpoint = create_endpoint(
        cast.project, kind="openai_compatible", by=cast.alice, now=NOW, name="x", base_url="https://api.example/v1"
    )
    assert refused(cast, recipe="nothing").code == "unknown_recipe"
    assert refused(cast).code == "no_endpoint"
    assert refused(cast, endpoint=endpoint).code == "no_model"
    assert refused(cast, endpoint=endpoint, model="m", budget_micro=1).code == "unknown_price"
    assert refused(cast, endpoint=offline_endpoint(), choice=Choice(seeds={"task_type": "none"})).code == "no_seeds"
    faulty = refused(cast, endpoint=offline_endpoint(), params={"target": 0, "colour": "red"})
    assert faulty.code == "bad_params"
    assert {name for name, _ in faulty.faults} == {"target", "colour"}


def test_an_endpoint_of_another_project_cannot_be_used(cast: Cast) -> None:
    theirs = create_endpoint(
        cast.other_project, kind="openai_compatible", by=cast.mallory, now=NOW, name="x", base_url="https://a.example"
    )
    assert refused(cast, endpoint=theirs, model="m").code == "unusable_endpoint"


def test_an_offline_run_ends_with_samples_that_say_how_they_were_made(cast: Cast) -> None:
    run = work_through(start_offline(cast.project))
    assert run.state == Run.State.COMPLETED
    samples = Sample.objects.filter(run=run)
    assert samples.filter(state=Sample.State.NEEDS_REVIEW).count() >= 5
    assert set(samples.values_list("origin", flat=True)) == {Sample.Origin.RULES}
    assert set(samples.values_list("revision", flat=True)) == {1}
    assert not samples.filter(search="").exists()
    assert run.spent_micro == run.reserved_micro == run.maybe_billed_micro == 0


def test_a_recipe_without_a_model_needs_no_endpoint_and_no_calls(cast: Cast) -> None:
    for seed in cast.project.seeds.all():
        seed.fields = {"sentence": seed.instruction, "label": "positive" if seed.pk % 2 else "negative"}
        seed.save(update_fields=["fields"])
    params = {"task_type": "sentiment"}
    run = start_run(cast.project, recipe="few_shot", params=params, by=cast.bob, now=timezone.now())
    work_through(run)
    assert run.state == Run.State.COMPLETED
    assert not Call.objects.filter(run=run).exists()
    assert set(Sample.objects.filter(run=run).values_list("origin", flat=True)) == {Sample.Origin.TEMPLATE}


def test_the_figures_equal_the_rows(cast: Cast) -> None:
    run = work_through(start_offline(cast.project))
    found = figures(run, now=timezone.now())
    assert found.calls.asked == found.calls.answered == Call.objects.filter(run=run).count()
    assert found.calls.adds_up
    assert found.items.done == Item.objects.filter(run=run, state=Item.State.DONE).count() == found.items.planned
    for stage in found.stages:
        rows = Draft.objects.filter(run=run, stage=stage.stage)
        assert stage.admitted == rows.filter(state=Draft.State.ADMITTED).count()
        for reason, count in stage.dropped:
            assert count == rows.filter(reason=reason).count()
    assert sum(found.samples.values()) == Sample.objects.filter(run=run).count()


def test_a_paused_run_is_not_worked_on_until_it_is_resumed(cast: Cast) -> None:
    run = start_offline(cast.project)
    turn(run)
    pause_run(run)
    before = Call.objects.filter(run=run).count()
    turn(run)
    assert Call.objects.filter(run=run).count() == before
    resume_run(run)
    assert work_through(run).state == Run.State.COMPLETED


def test_a_cancelled_run_keeps_what_was_made(cast: Cast) -> None:
    run = start_offline(cast.project, params={"target": 40})
    turn(run)
    turn(run)
    made = Draft.objects.filter(run=run).count()
    cancel_run(run)
    turn(run)
    run.refresh_from_db()
    assert run.state == Run.State.CANCELLED
    assert Draft.objects.filter(run=run).count() == made > 0
    assert not Item.objects.filter(run=run, state__in=[Item.State.PLANNED, Item.State.LEASED]).exists()


def test_states_follow_their_table(cast: Cast) -> None:
    run = work_through(start_offline(cast.project))
    for verb in (pause_run, resume_run, cancel_run, retry_failed):
        with pytest.raises(TransitionError):
            verb(run)


def test_raising_the_budget_of_a_run_that_waits_for_it_lets_it_go_on(cast: Cast) -> None:
    run = start_offline(cast.project)
    Run.objects.filter(pk=run.pk).update(state=Run.State.PAUSED, pause_reason="budget", budget_micro=1)
    assert raise_budget(run, budget_micro=100).state == Run.State.RUNNING
    pause_run(run)
    assert raise_budget(run, budget_micro=200).state == Run.State.PAUSED


def test_no_cap_is_set_on_a_run_whose_models_have_no_price(cast: Cast) -> None:
    run = start_offline(cast.project)
    unpriced = {"low": {"endpoint": 1, "model": "m", "price": {}, "rate": "1"}}
    for fields in ({"input_price": None}, {"input_price": 1, "parts": unpriced}):
        Run.objects.filter(pk=run.pk).update(offline=False, **fields)
        run.refresh_from_db()
        with pytest.raises(StartRefusedError, match="unknown_price"):
            raise_budget(run, budget_micro=100)
        assert raise_budget(run, budget_micro=None).budget_micro is None


def test_f42_a_message_delivered_five_times_has_one_effect(cast: Cast) -> None:
    run = start_offline(cast.project)
    for _ in range(5):
        turn(run)
    once = tallies(run.pk)["call.tries"]
    for _ in range(5):
        turn(run)
    assert tallies(run.pk)["call.tries"] == once
    assert Draft.objects.filter(run=run).count() == len(set(Draft.objects.filter(run=run).values_list("item", "index")))


def test_two_runs_with_the_same_seed_propose_the_same(cast: Cast) -> None:
    first = work_through(start_offline(cast.project))
    other = make_twin(cast)
    second = work_through(start_offline(other))
    texts = [
        list(
            Draft.objects.filter(run=run)
            .order_by("item__number", "index")
            .values_list("reason", "content__instruction")
        )
        for run in (first, second)
    ]
    assert texts[0] == texts[1]


def make_twin(cast: Cast) -> Project:
    plant_seeds(cast.other_project, now=NOW)
    return cast.other_project
