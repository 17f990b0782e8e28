"""A new run: the form is made of the recipe, says what the run would take, and starts it once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generation.actions.endpoints import create_endpoint, ensure_installation_endpoints
from generation.actions.estimates import Measured, estimate
from generation.actions.prices import set_price
from generation.actions.prompts import save_version
from generation.actions.seeds import save_seed
from generation.actions.starts import Wish
from generation.actions.task_types import save_type
from generation.formats.seed_tasks import SeedRow
from generation.models import Call, Endpoint, Run
from generation.types import Instance, Stock
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db

URL = "/p/poems/runs/new/self_instruct"
TABLE = "/p/poems/runs/new/few_shot"


@pytest.fixture
def cast():
    cast = make_cast()
    ensure_installation_endpoints(now=NOW)
    for number in range(12):
        row = SeedRow(
            instruction=f"Describe the number {number} to a child.", instances=(Instance("", "It is small."),)
        )
        save_seed(cast.project, row=row, now=NOW, source="tasks.jsonl")
        fields = {"sentence": f"The {number}. soup was lovely", "label": str(number % 2)}
        save_seed(cast.project, row=SeedRow(fields=fields, language="en"), now=NOW, source="table.csv")
    return cast


@pytest.fixture
def as_bob(client, cast):
    client.force_login(cast.bob)
    return client


@pytest.fixture
def paid(cast):
    endpoint = create_endpoint(
        cast.project, kind="openai_compatible", key="k" * 20, by=cast.alice, now=NOW, name="Paid",
        models_listed=["m-1"], base_url="https://93.184.215.14/v1",
    )  # fmt: skip
    price = {"input_price": Decimal("1"), "output_price": Decimal("2"), "source": "test"}
    set_price(endpoint, model="m-1", currency="USD", on=NOW.date(), **price)
    return endpoint


def filled(page, **changes) -> dict:
    """The page's form as a browser would send it."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    values["endpoint"] = getattr(values.get("endpoint"), "pk", values.get("endpoint"))
    values = {name: "\n".join(value) if isinstance(value, list) else value for name, value in values.items()}
    return {name: value for name, value in (values | changes).items() if value not in (None, False)}


def test_the_recipes_are_cards_to_choose_from(as_bob):
    page = as_bob.get("/p/poems/runs/new")
    assert 'href="/p/poems/runs/new/self_instruct"' in page.text
    assert "not used yet" in page.text


def test_an_empty_project_is_told_to_bring_seeds_first(cast, client):
    client.force_login(cast.mallory)
    assert "no seeds yet" in client.get("/p/secrets/runs/new").text
    assert "A run needs at least one." in client.get("/p/secrets/runs/new/self_instruct").text


def test_the_form_shows_what_rules_would_make_and_what_it_would_take(as_bob):
    page = as_bob.get(URL)
    assert len(page.context["proposed"]) == 3
    assert page.context["estimate"].free
    assert "Rules answer here, no language model." in page.text
    assert "calls by rules, no cost" in page.text
    assert 'name="p_target"' in page.text
    assert not Run.objects.exists()


def test_a_table_recipe_begins_with_the_rows_of_a_table_and_needs_no_endpoint(as_bob):
    page = as_bob.get(TABLE)
    assert page.context["form"]["seed_source"].value() == "table.csv"
    assert page.context["estimate"].stock.seeds == 12
    assert page.context["passing"] == 12
    assert 'name="endpoint"' not in page.text
    assert "Start: no calls, no cost" in page.text


def test_start_makes_one_run_however_often_it_is_sent(cast, as_bob):
    values = filled(as_bob.get(URL), p_target="7", seed_count="5", random_seed="9") | {"do": "start"}
    first, second = as_bob.post(URL, values), as_bob.post(URL, values)
    run = Run.objects.get()
    assert first["Location"] == second["Location"] == f"/p/poems/runs/{run.pk}"
    assert (run.params["target"], run.random_seed, len(run.seed_ids), run.offline) == (7, 9, 5, True)
    assert run.started_by == cast.bob


def test_seeds_are_chosen_by_filter(as_bob):
    as_bob.post(URL, filled(as_bob.get(URL), seed_q="number 11") | {"do": "start"})
    run = Run.objects.get()
    assert len(run.seed_ids) == 1
    assert run.seed_filter == {"q": "number 11"}


def test_the_run_keeps_the_prompt_version_in_use(cast, as_bob):
    text = "[user]\n{{ instruction }}?"
    version = save_version(cast.project, slot="self_instruct.classify", language="en", text=text, by=cast.bob, now=NOW)
    page = as_bob.get(URL)
    assert "self_instruct.classify en v2" in page.text
    as_bob.post(URL, filled(page) | {"do": "start"})
    assert Run.objects.get().template_versions["self_instruct.classify"] == version.pk


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"p_target": "0"}, "greater than or equal to 1"),
        ({"p_machine_examples": "8", "p_in_context": "4"}, "No more examples can be made by the model"),
        ({"random_seed": "x"}, "Enter a whole number."),
        ({"language": "fr"}, "Select a valid choice."),
        ({"endpoint": "99999"}, "Select a valid choice."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_starts(as_bob, changes, sentence):
    page = as_bob.post(URL, filled(as_bob.get(URL), **changes) | {"do": "start"})
    assert page.status_code == 422
    assert sentence in page.text
    assert not Run.objects.exists()


def test_the_look_renews_itself_while_the_form_changes(as_bob):
    headers = {"HX-Request": "true", "HX-Target": "run_look"}
    values = filled(as_bob.get(URL), p_target="200") | {"do": "look"}
    part = as_bob.post(URL, values, headers=headers)
    assert part.status_code == 200
    assert "<html" not in part.text
    assert part.context["estimate"].calls[1] > 400
    assert as_bob.post(URL, values | {"p_target": "0"}, headers=headers).status_code == 200


def test_another_projects_endpoint_cannot_be_used(cast, as_bob):
    foreign = create_endpoint(
        cast.other_project,
        kind="openai_compatible",
        by=cast.mallory,
        now=NOW,
        name="Theirs",
        base_url="https://example.org/v1",
    )
    page = as_bob.post(URL, filled(as_bob.get(URL), endpoint=str(foreign.pk), model="m") | {"do": "start"})
    assert page.status_code == 422
    assert "Theirs" not in page.text


def test_a_paid_run_says_its_cap_and_asks_before_it_previews(as_bob, paid):
    values = filled(as_bob.get(URL), endpoint=str(paid.pk), model="m-1", budget="2.50") | {"do": "look"}
    page = as_bob.post(URL, values)
    assert "cap $2.50" in page.text
    assert "not measured yet" in page.text
    assert "Preview 3, for real" in page.text
    assert not Run.objects.exists()


def test_a_paid_preview_is_booked_once_and_its_figures_are_used(as_bob, paid):
    values = filled(as_bob.get(URL), endpoint=str(paid.pk), model="m-1") | {"do": "preview"}
    as_bob.post(URL, values)
    as_bob.post(URL, values)
    run = Run.objects.get()
    assert run.preview
    assert "Preview" not in as_bob.get("/p/poems/runs").text
    item = run.items.first()
    Call.objects.create(
        run=run, item=item, stage=item.stage, step=0, state="parsed", fingerprint="f", prompt_tokens=1000,
        completion_tokens=500, latency_ms=2000,
    )  # fmt: skip
    page = as_bob.post(URL, values | {"do": "look"})
    least, most = page.context["estimate"].calls
    assert page.context["estimate"].cost == (least * Decimal("0.002"), most * Decimal("0.002"))
    changed = as_bob.post(URL, values | {"do": "look", "random_seed": "7"})
    assert changed.context["preview"] is None


def test_a_cap_without_a_known_price_is_refused_in_words(as_bob, paid):
    values = filled(as_bob.get(URL), endpoint=str(paid.pk), model="unknown", budget="1") | {"do": "start"}
    page = as_bob.post(URL, values)
    assert page.status_code == 422
    assert "The price of this model is not known" in page.text


def test_a_task_type_of_ones_own_can_be_run(cast, as_bob):
    version = save_type(
        cast.project, name="taste", language="en", text="{{ examples }}\nSay the label: {{ sentence }}",
        fields=["sentence"], answer="label", by=cast.bob, now=NOW,
    )  # fmt: skip
    page = as_bob.get(TABLE)
    assert "taste (en)" in page.text
    as_bob.post(TABLE, filled(page, own_type=str(version.pk)) | {"do": "start"})
    assert Run.objects.get().params["custom_template"] == version.text


def test_a_run_is_copied_with_all_it_was_started_with(as_bob):
    as_bob.post(URL, filled(as_bob.get(URL), p_target="33", random_seed="5", seed_q="number") | {"do": "start"})
    form = as_bob.get(f"{URL}?like={Run.objects.get().pk}").context["form"]
    assert (form["p_target"].value(), form["random_seed"].value(), form["seed_q"].value()) == (33, 5, "number")
    assert form["start_key"].value() != Run.objects.get().start_key


def test_estimates_hold_only_what_was_counted_or_measured(paid):
    wish = Wish("self_instruct", {"target": 10}, "en", paid, "m-1", max_in_flight=2)
    bare = estimate(wish, stock=Stock(seeds=12), on=NOW.date())
    assert (bare.cost, bare.seconds) == (None, None)
    known = estimate(wish, stock=Stock(seeds=12), on=NOW.date(), measured=Measured(4, 1000, 0, 3.0))
    assert known.cost == tuple(calls * Decimal("0.001") for calls in known.calls)
    assert known.seconds == tuple(calls * 3.0 / 2 for calls in known.calls)
    offline = Endpoint.objects.get(kind="offline")
    assert estimate(Wish("self_instruct", {}, "en", offline), stock=Stock(seeds=12), on=NOW.date()).free


def test_only_editors_start_runs(cast, client):
    for name, status in [("dave", 403), ("carol", 403), ("bob", 200), ("alice", 200), ("mallory", 404)]:
        client.force_login(getattr(cast, name))
        assert client.get(URL).status_code == status
        assert client.post(URL, {}).status_code == {200: 422}.get(status, status)
    client.force_login(cast.alice)
    assert client.get("/p/poems/runs/new/nothing").status_code == 404
