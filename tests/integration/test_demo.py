"""The demo project is made once, whole."""

import pytest

from generation.actions.demo import make_demo
from generation.actions.tallies import counts
from generation.models import Project, Run, Seed
from tests.cast import NOW, make_person

pytestmark = pytest.mark.django_db


def test_the_demo_has_seeds_in_both_languages_and_runs_that_need_no_model():
    project = make_demo(now=NOW)
    assert counts(project.pk, kind="seed") == {"active": Seed.objects.in_project(project).count()}
    assert {seed.language for seed in Seed.objects.all()} == {"en", "zh"}
    runs = Run.objects.in_project(project)
    assert {(run.recipe, run.language, run.state) for run in runs} == {
        ("few_shot", "en", "running"),
        ("few_shot", "zh", "running"),
    }
    assert all(run.endpoint is None for run in runs)


def test_a_second_call_changes_nothing():
    assert make_demo(now=NOW) == make_demo(now=NOW)
    assert (Project.objects.count(), Run.objects.count()) == (1, 2)


def test_the_first_owner_to_come_gets_the_seat():
    make_demo(now=NOW)
    ada, eve = make_person("ada"), make_person("eve")
    make_demo(ada, now=NOW)
    project = make_demo(eve, now=NOW)
    assert [member.person for member in project.memberships.all()] == [ada]
