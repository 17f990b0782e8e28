"""Workflows: steps that draw from one another, only what is new, by the clock, and stopped and gone on with whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fdc_project.web.states import TransitionError
from generation.actions.seed_rows import with_defaults
from generation.actions.seeds import save_seed
from generation.actions.turns import carry_turn, keep_schedule
from generation.actions.workflow_steps import FaultyStepError, step_like
from generation.actions.workflows import (
    NoStepError,
    TurnAtWorkError,
    cancel_turn,
    resume_turn,
    retire_workflow,
    save_workflow,
    start_turn,
)
from generation.formats.seed_tasks import SeedRow
from generation.models import Answer, Call, Job, Run, Sample
from tests.cast import Cast, make_cast
from tests.runs import offline_endpoint, plant_seeds, work_through

pytestmark = pytest.mark.django_db(transaction=True)
INVENT = {"recipe": "self_instruct", "params": {"target": 3}}
TABLE = {"recipe": "few_shot"}
EVOLVE = {"recipe": "evol_instruct", "params": {"rounds": 1}}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def flow(cast):
    """Self-Instruct, then one round of Evol-Instruct over its samples."""
    plant_seeds(cast.project, now=timezone.now())
    steps = [each | {"endpoint": offline_endpoint().pk} for each in (INVENT, EVOLVE)]
    return save_workflow(cast.project, name="Both", steps=steps, by=cast.alice, now=timezone.now())


def look(job, *, now=None):
    """What a worker does when the job's time has come."""
    moment = now or timezone.now()
    Job.objects.filter(pk=job.pk).update(not_before=None)
    carry_turn(job.pk, owner="w", clock=lambda: moment)
    job.refresh_from_db()


def carry(turn, *, looks=20):
    """Looks and works until the turn is over or nothing moves."""
    for _ in range(looks):
        look(turn.job)
        turn.refresh_from_db()
        if turn.over:
            return turn
        run = turn.runs.filter(step=turn.step).order_by("-id").first()
        if run is not None and run.state == Run.State.RUNNING:
            work_through(run)
    return turn


def test_each_step_draws_from_what_the_step_before_made(flow, cast):
    turn = carry(start_turn(flow, by=cast.alice, now=timezone.now()))
    first, second = turn.runs.order_by("step")
    assert (turn.state, first.recipe, second.recipe) == ("completed", "self_instruct", "evol_instruct")
    drawn = {pk for pk, _ in second.pinned["samples"]}
    passed = Sample.objects.filter(run=first, state="needs_review")
    assert drawn == set(passed.values_list("pk", flat=True)) != set()
    assert set(Sample.objects.filter(run=second).values_list("parent__run", flat=True)) == {first.pk}
    assert turn.job.state == Job.State.DONE


def test_a_step_ranks_the_answers_that_the_step_before_wrote(cast):
    plant_seeds(cast.project, now=timezone.now())
    write = {"recipe": "generate_pairs", "params": {"most_rows": 4}, "endpoint": offline_endpoint().pk}
    rank = {"recipe": "rank_responses", "params": {"judge": "heuristics", "strategy": "all_pairs", "margin": 0.001}}
    flow = save_workflow(cast.project, name="Judged again", steps=[write, rank], by=cast.alice, now=timezone.now())
    turn = carry(start_turn(flow, by=cast.alice, now=timezone.now()))
    first, second = turn.runs.order_by("step")
    assert (turn.state, second.endpoint, second.recipe) == ("completed", None, "rank_responses")
    drawn = {answer for _sample, _revision, answers in second.pinned["answers"] for answer in answers}
    assert drawn == set(Answer.objects.filter(run=first).values_list("pk", flat=True)) != set()
    assert Answer.objects.filter(pk__in=drawn).exclude(rank=None).exists()


def test_looking_twice_starts_nothing_twice(flow, cast):
    turn = start_turn(flow, by=cast.alice, now=timezone.now())
    for _ in range(3):
        look(turn.job)
    assert turn.runs.count() == 1
    with pytest.raises(TurnAtWorkError):
        start_turn(flow, by=cast.alice, now=timezone.now())


def test_a_second_turn_draws_only_from_what_is_new(flow, cast):
    first = carry(start_turn(flow, by=cast.alice, now=timezone.now()))
    before = set(first.runs.get(step=0).seed_ids)
    nothing = carry(start_turn(flow, by=cast.alice, now=timezone.now()))
    assert (nothing.state, nothing.message, nothing.runs.count()) == ("completed", "no_seeds", 0)
    rows = [SeedRow(f"Name the {n}th month of the year in full.") for n in range(1, 10)]
    new = {save_seed(cast.project, row=with_defaults(row), now=timezone.now()).pk for row in rows}
    second = carry(start_turn(flow, by=cast.alice, now=timezone.now()))
    assert set(second.runs.get(step=0).seed_ids) == new
    assert not new & before


def test_a_step_may_wait_for_what_people_approve(flow, cast):
    flow.steps = [flow.steps[0], flow.steps[1] | {"draws": "approved"}]
    flow.save()
    turn = carry(start_turn(flow, by=cast.alice, now=timezone.now()), looks=4)
    assert (turn.state, turn.step) == ("running", 0)
    made = Sample.objects.filter(run=turn.runs.get())
    kept = made.filter(state="needs_review").order_by("id")[:3]
    Sample.objects.filter(pk__in=[each.pk for each in kept]).update(state="approved")
    made.filter(state="needs_review").update(state="rejected")
    turn = carry(turn)
    assert turn.state == "completed"
    assert {pk for pk, _ in turn.runs.get(step=1).pinned["samples"]} == {each.pk for each in kept}


def test_a_step_that_failed_is_tried_again_and_nothing_answered_is_asked_twice(flow, cast):
    turn = start_turn(flow, by=cast.alice, now=timezone.now())
    look(turn.job)
    broken = turn.runs.get()
    Run.objects.filter(pk=broken.pk).update(state="failed")
    look(turn.job)
    turn.refresh_from_db()
    assert (turn.state, turn.message) == ("failed", "run_failed")
    resume_turn(turn, now=timezone.now())
    turn.refresh_from_db()
    turn = carry(turn)
    assert (turn.state, turn.runs.filter(step=0).count()) == ("completed", 2)
    assert not Call.objects.filter(run=broken).exists()


def test_cancelling_stops_the_run_at_work_and_keeps_what_was_made(flow, cast):
    turn = start_turn(flow, by=cast.alice, now=timezone.now())
    look(turn.job)
    cancel_turn(turn, now=timezone.now())
    look(turn.job)
    turn.refresh_from_db()
    assert (turn.state, turn.runs.get().state, turn.job.state) == ("cancelled", "stopping", Job.State.DONE)
    with pytest.raises(TransitionError):
        cancel_turn(turn, now=timezone.now())


def test_the_clock_starts_turns_until_it_is_taken_away(flow, cast):
    now = timezone.now()
    kept = save_workflow(
        cast.project, name="Both", steps=flow.steps, by=cast.alice, now=now, every_hours=6, workflow=flow
    )  # fmt: skip
    job = kept.schedule
    assert job.not_before == now + timedelta(hours=6)
    keep_schedule(job.pk, owner="w", clock=lambda: now)
    assert kept.turns.count() == 0
    for hours in (6, 12):
        moment = now + timedelta(hours=hours)
        keep_schedule(job.pk, owner="w", clock=lambda moment=moment: moment)
    job.refresh_from_db()
    assert (kept.turns.count(), kept.turns.get().by_clock) == (1, True), "a turn at work is not doubled"
    assert (job.state, job.not_before) == (Job.State.WAITING, now + timedelta(hours=18))
    retire_workflow(kept, by=cast.alice, now=now)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([{"recipe": "nothing"}], (0, "unknown_recipe")),
        ([INVENT | {"params": {"target": 0}}], (0, "bad_params")),
        ([INVENT], (0, "no_endpoint")),
        ([TABLE, TABLE], (1, "reads_no_samples")),
        ([TABLE, EVOLVE | {"draws": "all"}], (1, "unknown_draws")),
    ],
)
def test_a_step_that_could_not_be_run_is_refused_when_it_is_saved(steps, fault, cast):
    with pytest.raises(FaultyStepError) as refused:
        save_workflow(cast.project, name="x", steps=steps, by=cast.alice, now=timezone.now())
    assert (refused.value.at, refused.value.code) == fault


def test_a_workflow_has_one_to_eight_steps(cast):
    for steps in ([], [TABLE] * 9):
        with pytest.raises(NoStepError):
            save_workflow(cast.project, name="x", steps=steps, by=cast.alice, now=timezone.now())


def test_the_pages_put_a_workflow_together_from_runs_and_show_its_turns(flow, cast, client):
    turn = carry(start_turn(flow, by=cast.alice, now=timezone.now()))
    client.force_login(cast.alice)
    base = f"/p/{cast.project.slug}/workflows"
    runs = list(turn.runs.order_by("step"))
    form = {"name": "Nightly", "step_1": runs[0].pk, "step_2": runs[1].pk, "draws_2": "approved", "every_hours": "24"}
    saved = client.post(f"{base}/new", form)
    assert saved.status_code == 302
    page = client.get(saved["Location"]).text
    assert "Starts by itself every 24 hours" in page
    assert "Nightly" in client.get(base).text
    made = cast.project.workflows.latest("id")
    assert made.steps == [step_like(runs[0]), step_like(runs[1], draws="approved")]
    assert f"#{runs[1].pk}" in client.get(f"{base}/{flow.pk}").text
    wrong = client.post(f"{base}/new", {"name": "x", "step_1": runs[1].pk, "step_2": runs[0].pk})
    assert (wrong.status_code, "only be the first step" in wrong.text) == (422, True)
    assert client.post(f"{base}/{made.pk}", {"do": "start"}).status_code == 302
    again = client.post(f"{base}/{made.pk}", {"do": "start"}, follow=True).text
    assert "A turn is at work already." in again
