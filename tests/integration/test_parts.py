"""A run of several models: each part is asked of its own server, under its own name, at its own price."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from generation.actions.chosen_parts import PartRefusedError, part_fields
from generation.actions.chosen_sources import rate
from generation.actions.confirming import needs_confirmation
from generation.actions.endpoints import create_endpoint
from generation.actions.estimates import expect
from generation.actions.previews import preview_of, start_preview
from generation.actions.prices import set_price
from generation.actions.runs import StartRefusedError, start_wished
from generation.actions.starts import Wish
from generation.actions.workflow_steps import checked_step, step_like
from generation.models import Call, Run, Spend
from generation.part_shares import part_shares
from generation.recipes.base import Part
from tests.cast import NOW, make_cast
from tests.chat_server import Said, chat_server, refusal
from tests.runs import offline_endpoint, plant_seeds, work_through

pytestmark = pytest.mark.django_db(transaction=True)
PARAMS = {"most_rows": 3, "least_constraints": 2, "most_constraints": 2, "wave_size": 3}
URL = "/p/poems/runs/new/complex_from_simple"


def student(body, number) -> Said:
    """An answer that misses whatever was asked for."""
    return Said("no")


def teacher(body, number) -> Said:
    """Keywords for whoever asks for a list, else a correction that mends nothing."""
    return Said('["lamp", "tide"]' if "keyword" in str(body).lower() else "Analysis: short.\nRevised response:\nno, no")


@pytest.fixture
def cast():
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    return cast


@pytest.fixture
def servers():
    with chat_server(student) as one, chat_server(teacher) as other:
        yield one, other


@pytest.fixture
def asked(cast, servers):
    """The student's source at 1 and 2 USD, the teacher's at 7 and 14 CNY per million tokens."""
    return endpoint(cast, servers[0], "Student", "m-low", "USD", 1), endpoint(
        cast, servers[1], "Teacher", "m-high", "CNY", 7
    )


def endpoint(cast, server, name, model, currency, price):
    found = create_endpoint(
        cast.project, kind="openai_compatible", key="k" * 20, by=cast.alice, now=NOW, name=name, models_listed=[model],
        base_url=server.base_url, timeout_seconds=5,
    )  # fmt: skip
    prices = {"input_price": Decimal(price), "output_price": Decimal(2 * price)}
    set_price(found, model=model, currency=currency, on=NOW.date(), source="test", **prices)
    return found


def wish(asked, **more) -> Wish:
    own, other = asked
    return Wish(
        "complex_from_simple", PARAMS, endpoint=own, model="m-low", parts={"teacher": (other, "m-high")}, **more
    )  # fmt: skip


def begin(cast, asked, **more) -> Run:
    return start_wished(cast.project, wish=wish(asked, **more), by=cast.alice, now=NOW)


def models_seen(server) -> set[str]:
    return {body["model"] for body in server.bodies}


def test_each_part_is_asked_of_its_own_server_under_its_own_name_at_its_own_price(cast, servers, asked):
    run = work_through(begin(cast, asked))
    assert run.state == "completed"
    assert [models_seen(server) for server in servers] == [{"m-low"}, {"m-high"}]
    assert len(servers[0].bodies) == 3
    by_stage = dict(Call.objects.filter(run=run).values_list("stage", "model"))
    assert by_stage["complex_from_simple.answer"] == "m-low"
    assert by_stage["complex_from_simple.correct"] == "m-high"
    yuan = rate("CNY", to="USD")
    for call in Call.objects.filter(run=run):
        price = Decimal(1) if call.model == "m-low" else 7 * yuan
        assert abs(call.cost_micro - price * (call.prompt_tokens + 2 * call.completion_tokens)) <= 1
    assert run.spent_micro == sum(Call.objects.values_list("cost_micro", flat=True))
    assert set(Spend.objects.values_list("model", flat=True)) == {"m-low", "m-high"}
    own, other = part_shares(run)
    assert (own.model, own.titles, own.calls) == ("m-low", ("Student model",), 3)
    assert (other.model, other.titles, other.endpoint) == ("m-high", ("Teacher model",), "Teacher")
    assert own.calls + other.calls == Call.objects.count()
    assert own.cost_micro + other.cost_micro == run.spent_micro


def test_a_part_that_nobody_chose_is_the_runs_own_model(cast, servers, asked):
    wanted = Wish("complex_from_simple", PARAMS, endpoint=asked[1], model="m-high")
    run = work_through(start_wished(cast.project, wish=wanted, by=cast.alice, now=NOW))
    assert (run.parts, servers[0].bodies, models_seen(servers[1])) == ({}, [], {"m-high"})
    assert part_shares(run) == ()


def test_earlier_answers_are_taken_again_for_each_part(cast, servers, asked):
    work_through(begin(cast, asked))
    before = [len(server.bodies) for server in servers]
    again = work_through(begin(cast, asked, reuse=True))
    assert [len(server.bodies) for server in servers] == before
    assert (again.spent_micro, Call.objects.filter(run=again).exclude(reused_from=None).count()) == (0, sum(before))
    assert set(Call.objects.filter(run=again).values_list("model", flat=True)) == {"m-low", "m-high"}


def test_a_part_that_is_refused_pauses_the_run_and_no_other_model_answers_for_it(cast, asked):
    with chat_server(lambda body, number: refusal(401, "invalid_api_key")) as refused:
        third = endpoint(cast, refused, "Third", "m-third", "USD", 1)
        wanted = Wish(
            "complex_from_simple", PARAMS, endpoint=asked[0], model="m-low", parts={"teacher": (third, "m-third")},
            fallbacks=((asked[1], "m-high"),),
        )  # fmt: skip
        run = work_through(start_wished(cast.project, wish=wanted, by=cast.alice, now=NOW))
    assert (run.state, run.pause_reason, run.source_at) == ("paused", "auth", 0)
    assert set(Call.objects.values_list("model", flat=True)) <= {"m-low", "m-third"}


def test_the_budget_is_reserved_at_the_parts_price(cast, servers, asked):
    prices = {"input_price": Decimal(900_000), "output_price": Decimal(900_000), "source": "dear"}
    set_price(asked[1], model="m-high", currency="CNY", on=NOW.date() + timedelta(days=1), **prices)
    later = NOW + timedelta(days=2)
    run = start_wished(cast.project, wish=wish(asked, budget_micro=3_000_000), by=cast.alice, now=later)
    run = work_through(run)
    assert (run.state, run.pause_reason, servers[1].bodies) == ("paused", "budget", [])


def test_a_preview_knows_which_model_each_call_was_of(cast, asked):
    run = work_through(start_preview(cast.project, wish=wish(asked), by=cast.alice, now=NOW))
    found = preview_of(run)
    calls = [call for task in found.measured.tasks for call in task.calls]
    assert {call.part for call in calls} == {"", "teacher"}
    expected = expect(cast.project, wish=wish(asked), on=NOW.date(), measured=found.measured)
    assert abs((expected.likely_micro or 0) - run.spent_micro) <= 3  # the preview worked all three rows
    bare = endpoint(cast, SimpleNamespace(base_url="http://127.0.0.1:9/v1"), "Bare", "m-x", "USD", 1)
    unknown = wish((asked[0], bare))
    unknown = Wish(**{**unknown.__dict__, "parts": {"teacher": (bare, "m-unpriced")}})
    priceless = expect(cast.project, wish=unknown, on=NOW.date(), measured=found.measured)
    concern = needs_confirmation(cast.project, estimate=priceless, budget_micro=None)
    assert (priceless.cost, concern.code) == (None, "unknown_price")


def test_what_speaks_against_a_part_is_said_with_its_name(cast, asked):
    own, other = asked
    made = SimpleNamespace(parts=(Part("low", "Low model", required=True, unlike=True), Part("judge", "Judge")))

    def fields(chosen, *, budget=False, **source):
        return part_fields(
            cast.project, recipe=made, chosen=chosen, own={"model": "m-low", "currency": "USD"} | source, budget=budget,
            on=NOW.date(),
        )  # fmt: skip

    rules = offline_endpoint()
    for chosen, code, part in (
        ({}, "part_missing", "low"),
        ({"low": (other, "M-LOW ")}, "same_model", "low"),
        ({"low": (other, "")}, "no_model", "low"),
        ({"low": (other, "m-high"), "third": (other, "m")}, "unknown_part", "third"),
        ({"low": (other, "m-high"), "judge": (rules, "offline")}, "offline_part", "judge"),
    ):
        with pytest.raises(PartRefusedError) as refused:
            fields(chosen)
        assert (refused.value.code, refused.value.part) == (code, part)
    with pytest.raises(PartRefusedError) as refused:
        fields({"low": (other, "m-9")}, budget=True)
    assert refused.value.code == "unknown_price"
    kept = fields({"low": (other, "m-high"), "judge": (own, "m-low")})
    assert set(kept) == {"low", "judge"}
    assert (kept["low"]["endpoint"], kept["low"]["rate"]) == (other.pk, str(rate("CNY", to="USD")))
    assert fields({"low": (rules, "offline")}, offline=True) == fields({}, offline=True) == {}
    with pytest.raises(PartRefusedError):
        fields({"low": (other, "m-high")}, offline=True)


def test_the_form_has_a_field_for_each_part_and_a_copy_keeps_it(cast, asked, client):
    client.force_login(cast.bob)
    page = client.get(URL)
    assert "Student model" in page.text
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if form[name].value() is not False}
    sent |= {"p_" + name: value for name, value in PARAMS.items()}
    sent |= {"endpoint": asked[0].pk, "model": "m-low", "teacher_endpoint": asked[1].pk, "do": "start", "confirm": "on"}
    refused = client.post(URL, sent | {"teacher_endpoint": offline_endpoint().pk})
    assert refused.status_code == 422
    assert "Rules and language models do not work in one run" in refused.text
    answer = client.post(URL, sent)
    run = Run.objects.get()
    assert answer.status_code == 302
    assert run.parts["teacher"]["model"] == "m-high"  # the first that the endpoint lists
    copy = client.get(f"{URL}?like={run.pk}").context["form"]
    assert (copy["teacher_endpoint"].value(), copy["teacher_model"].value()) == (asked[1].pk, "m-high")
    shown = client.get(f"/p/poems/runs/{run.pk}")
    assert 'id="run_models"' in shown.text
    step = checked_step(cast.project, step=step_like(run), at=0, now=NOW)
    assert step["parts"] == {"teacher": {"endpoint": asked[1].pk, "model": "m-high"}}


def test_the_api_names_parts_and_says_which_is_at_fault(cast, asked, client):
    client.force_login(cast.alice)
    body = {
        "recipe": "complex_from_simple",
        "params": PARAMS,
        "endpoint": asked[0].pk,
        "model": "m-low",
        "confirm": True,
    }

    def post(parts):
        return client.post("/api/v1/projects/poems/runs", body | {"parts": parts}, content_type="application/json")

    wrong = post({"judge": {"model": "m"}})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["path"]) == (422, "unknown_part", "body.parts.judge")
    made = post({"teacher": {"model": "m-other"}})
    assert made.status_code == 201
    kept = made.json()["parts"]["teacher"]
    assert (kept["endpoint"], kept["model"]) == (asked[0].pk, "m-other")  # the run's own endpoint


def test_a_batch_is_offered_for_all_parts_or_none(cast, asked):
    with pytest.raises(StartRefusedError) as refused:
        begin(cast, asked, batch="held")
    assert refused.value.code == "batch_not_offered"
