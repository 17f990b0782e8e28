"""The page of coverage: where rows are, where none is, and a hole that becomes a run."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.actions.seeds import save_seed
from generation.actions.vocabularies import save_vocabulary
from generation.formats.seed_tasks import SeedRow
from generation.models import Run, Sample
from generation.types import Instance
from tests.cast import make_cast, make_samples
from tests.runs import offline_endpoint, work_through

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    cast = make_cast()
    offline_endpoint()
    return cast


def url(name, *rest):
    return reverse(name, args=["poems", *rest])


def plant(project, *, kinds=("repair", "buying"), terms=None):
    now = timezone.now()
    for kind in kinds:
        row = SeedRow(
            instruction=f"What about {kind} of bicycles?", task_type=kind, language="en",
            instances=(Instance("", f"With {kind} it depends on the bicycle and on the weather."),),
        )  # fmt: skip
        save_seed(project, row=row, now=now)
    if terms:
        save_vocabulary(project, name="Parts", terms=terms, by=None, now=now)


def grid(answer):
    seen = answer.context["grid"]
    return {
        (name, column): cell.rows for name, cells in seen.rows for column, cell in zip(seen.columns, cells, strict=True)
    }


def test_an_empty_project_says_what_comes_next(cast, client):
    client.force_login(cast.bob)
    answer = client.get(url("coverage"))
    assert answer.status_code == 200
    assert b"No approved row yet" in answer.content
    assert b"?rows=all" in answer.content
    assert b"No rows yet" in client.get(url("coverage") + "?rows=all").content
    assert url("new_run_recipes").encode() in answer.content


def test_rows_are_counted_by_two_axes_and_holes_are_marked(cast, client):
    plant(cast.project, terms={"Drive": ["chain"], "Brakes": ["rim brake"]})
    approved = Sample.State.APPROVED
    make_samples(
        cast.project, [(f"My chain {n} jumps.", "Look.") for n in range(8)], state=approved, task_type="repair"
    )
    make_samples(cast.project, [("A rim brake that squeals.", "Clean it.")], state="approved", task_type="repair")
    make_samples(cast.project, [("Which chain?", "A good one.")], task_type="buying")
    client.force_login(cast.bob)
    answer = client.get(url("coverage"))
    assert grid(answer) == {
        ("Drive", "repair"): 8, ("Brakes", "repair"): 1, ("Drive", "buying"): 0, ("Brakes", "buying"): 0,
    }  # fmt: skip
    holes = [(hole.task_type, hole.topic, hole.rows) for hole in answer.context["grid"].holes]
    assert holes == [("buying", "Drive", 4), ("buying", "Brakes", 4)]
    waiting = grid(client.get(url("coverage"), {"rows": "all", "down": "language", "across": "task_type"}))
    assert waiting == {("en", "repair"): 9, ("en", "buying"): 1}


def test_who_may_not_start_runs_sees_the_table_without_its_buttons(cast, client):
    make_samples(cast.project, 3, state=Sample.State.APPROVED, task_type="repair")
    plant(cast.project)
    client.force_login(cast.dave)
    answer = client.get(url("coverage"))
    assert url("coverage_fill").encode() not in answer.content
    assert client.get(url("coverage_fill"), {"fill": 1}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_hole_becomes_a_run_that_fills_it(cast, client):
    plant(cast.project, terms={"Drive": ["chain", "cassette"], "Brakes": ["rim brake"]})
    client.force_login(cast.bob)
    query = {"fill": "1", "fill_task_type": "buying", "fill_topic": "Drive", "fill_language": "en", "fill_rows": "4"}
    led = client.get(url("coverage_fill"), query)
    assert urlsplit(led.url).path == url("new_run", "domain_generation")
    assert parse_qs(urlsplit(led.url).query)["fill_topic"] == ["Drive"]
    form = client.get(led.url)
    assert b'id="hole"' in form.content
    assert form.context["wish"].params["only_terms"] == ["Drive"]
    values = {name: form.context["form"][name].value() for name in form.context["form"].fields}
    values |= {
        "p_only_terms": "Drive",
        "p_task_type_shares": "buying=1",
        "do": "start",
    }
    started = client.post(led.url, {name: value for name, value in values.items() if value not in (None, False)})
    assert started.status_code == 302, started.content.decode()
    run = work_through(Run.objects.get())
    assert run.state == "completed"
    made = set(Sample.objects.filter(run=run).values_list("task_type", flat=True))
    assert made == {"buying"}
    cells = grid(client.get(url("coverage"), {"rows": "all"}))
    assert cells["Drive", "buying"] >= 2
    assert cells["Brakes", "buying"] == 0
