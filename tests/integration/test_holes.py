"""What lacks rows, and the run that would fill it."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.actions.seeds import save_seed
from generation.actions.vocabularies import save_vocabulary
from generation.formats.seed_tasks import SeedRow
from generation.holes import Hole, filling
from generation.models import Seed
from generation.types import Instance
from tests.cast import make_cast
from tests.runs import offline_endpoint

pytestmark = pytest.mark.django_db
LEADS = [
    ({"task_type": "repair", "topic": "Drive", "rows": 7}, "domain_generation", ""),
    ({"terms": ("crank",)}, "domain_generation", ""),
    ({"task_type": "repair", "language": "zh", "rows": 9}, "evol_instruct", ""),
    ({"task_type": "repair", "difficulty": "hard", "rows": 9}, "evol_instruct", ""),
    ({"task_type": "unheard of"}, "", "seeds"),
    ({"task_type": "repair", "topic": "unheard of"}, "", "vocabulary"),
    ({"task_type": "repair", "language": "fr"}, "", "language"),
]


@pytest.fixture
def cast():
    cast, now = make_cast(), timezone.now()
    offline_endpoint()
    row = SeedRow(
        instruction="My chain jumps. What is it?", task_type="repair", language="en", instances=(Instance("", "Worn."),)
    )
    save_seed(cast.project, row=row, now=now)
    terms = {"Drive": ["chain", "crank"], "Brakes": ["disc brake"]}
    save_vocabulary(cast.project, name="Parts", language="en", terms=terms, by=None, now=now)
    return cast


@pytest.mark.parametrize(("values", "recipe", "lacking"), LEADS)
def test_a_hole_leads_to_the_run_that_fits_it_or_to_what_has_to_be_there_first(cast, values, recipe, lacking):
    found = filling(cast.project, Hole(**values))
    assert (found.recipe, found.lacking) == (recipe, lacking)


def test_the_run_of_a_cell_draws_from_its_topic_alone_and_asks_for_about_the_rows_that_lack(cast):
    found = filling(cast.project, Hole("repair", "Drive", "en", rows=7)).initial
    assert found["p_only_terms"] == ["Drive"]
    assert found["p_task_type_shares"] == ["repair=1"]
    assert found["p_generate_times"] * found["p_random_seed_num"] * found["p_records_per_call"] == 9


def test_an_address_is_read_back_as_it_was_written_and_odd_ones_do_no_harm(cast, client):
    hole = Hole("repair", "轮组", "zh", "hard", ("crank", "disc brake"), (3, 4), 12)
    assert Hole.from_query(dict(parse_qsl(hole.query()))) == hole
    client.force_login(cast.bob)
    odd = {
        "fill": "1",
        "fill_seeds": "9" * 30 + ",x,1",
        "fill_rows": "9" * 40,
        "fill_topic": "\0<b>",
        "fill_terms": "\n\n",
    }
    assert client.get(reverse("coverage_fill", args=["poems"]), odd).status_code == 302
    for page in ("coverage", "selections"):
        asked = {"down": "meta__x", "across": "'", "rows": "\0", "after": "9" * 40}
        assert client.get(reverse(page, args=["poems"]), asked).status_code == 200


def test_seeds_that_were_never_used_are_named_one_by_one(cast, client):
    client.force_login(cast.bob)
    seed = Seed.objects.get()
    led = client.get(reverse("coverage_fill", args=["poems"]), {"fill": "1", "fill_seeds": str(seed.pk)})
    form = client.get(led.url)
    assert form.context["wish"].choice.seeds["ids"] == [seed.pk]
    assert f'name="seed_ids" value="{seed.pk}"' in form.content.decode()
