"""The home page: the funnel adds up, and says what to do next."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from generation.actions.tallies import count_moves
from generation.models import Item, Membership, Pool, Run, Sample
from review.models import Decision
from review.reports.home import fallouts, funnel_of, latest_runs, people_lately, seconds_per_row
from review.reports.next_steps import next_steps
from tests.cast import NOW, Cast, make_cast, make_samples, new_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def start_run(cast: Cast, **fields: object) -> Run:
    pool, _ = Pool.objects.get_or_create(project=cast.project)
    return Run.objects.create(project=cast.project, recipe="self_instruct", pool=pool, created_at=NOW, **fields)


def codes(cast: Cast, name: str = "alice") -> list[str]:
    steps = next_steps(cast.seat(name), funnel_of(cast.project), latest_runs(cast.project))
    return [step.code for step in steps]


def decide(cast: Cast, sample: Sample, *, person: object, seconds: float | None = 5.0, version: int = 2) -> None:
    Decision.objects.create(
        project=cast.project, sample=sample, person=person, action="approve", revision=1, version=version,
        key=new_key(), seconds=seconds, created_at=timezone.now(),
    )  # fmt: skip


def test_the_figures_add_up(cast):
    for state, number in [("filtered", 3), ("needs_review", 4), ("approved", 2), ("rejected", 1)]:
        make_samples(cast.project, number, state=state)
    funnel = funnel_of(cast.project)
    assert funnel.generated == 10 == funnel.filtered + funnel.needs_review + funnel.approved + funnel.rejected


def test_an_empty_project_asks_for_seeds(cast):
    assert codes(cast) == ["import_seeds", "import_rows"]


def test_rows_to_review_come_first(cast):
    count_moves(cast.project.pk, kind="seed", moves={"active": 5})
    make_samples(cast.project, 2)
    make_samples(cast.project, 3, state="approved")
    assert codes(cast) == ["review", "export", "new_run"]
    assert codes(cast, "carol") == ["review"]
    assert codes(cast, "dave") == ["browse"]


def test_a_paused_run_is_named(cast):
    count_moves(cast.project.pk, kind="seed", moves={"active": 5})
    start_run(cast, state="paused")
    assert codes(cast) == ["resume_run", "new_run"]


def test_a_run_s_line_counts_its_items(cast):
    run = start_run(cast, state="completed_with_errors", next_number=4)
    states = ["done", "done", "failed", "planned"]
    Item.objects.bulk_create(
        Item(run=run, stage="s", wave=0, number=number, random_seed=1, state=state)
        for number, state in enumerate(states)
    )
    line = latest_runs(cast.project)[0]
    assert (line.done, line.failed, line.total) == (2, 1, 4)
    assert codes(cast) == ["import_seeds", "retry_failed"]


def test_only_the_last_day_counts_for_people(cast):
    first, second = make_samples(cast.project, 2)
    decide(cast, first, person=cast.carol)
    decide(cast, second, person=cast.carol)
    Decision.objects.filter(sample=second).update(created_at=timezone.now() - timedelta(days=2))
    (line,) = people_lately(cast.project, now=timezone.now())
    assert (line.person, line.rows, line.seconds) == (cast.carol, 1, 5.0)


def test_a_pace_is_not_shown_before_five_were_measured(cast):
    samples = make_samples(cast.project, 6)
    for sample in samples[:4]:
        decide(cast, sample, person=cast.carol)
    assert seconds_per_row(cast.project) is None
    decide(cast, samples[4], person=cast.carol, seconds=7.0)
    assert seconds_per_row(cast.project) == 5.0


def test_reasons_are_counted_by_state(cast):
    rows = make_samples(cast.project, 3, state="filtered", reason="too_short")
    Sample.objects.filter(pk=rows[0].pk).update(reason="truncated")
    make_samples(cast.project, 1, state="rejected", reason="unsafe")
    found = [(line.state, line.reason, line.rows) for line in fallouts(cast.project)]
    assert found == [("filtered", "too_short", 2), ("filtered", "truncated", 1), ("rejected", "unsafe", 1)]


def test_the_page_shows_the_equation_and_costs_few_statements(cast, django_assert_max_num_queries):
    for state, number in [("filtered", 3), ("needs_review", 4), ("approved", 2), ("rejected", 1)]:
        make_samples(cast.project, number, state=state)
    client = Client()
    client.force_login(cast.carol)
    client.get("/p/poems/")
    with django_assert_max_num_queries(25):
        page = client.get("/p/poems/").content.decode()
    assert "10 = 3 filtered + 4 to review + 2 approved + 1 rejected" in page
    assert page.count('class="btn solid"') == 1


def test_another_project_s_rows_do_not_count(cast):
    make_samples(cast.other_project, 5)
    Membership.objects.filter(person=cast.alice).exclude(project=cast.project).delete()
    assert funnel_of(cast.project).generated == 0
