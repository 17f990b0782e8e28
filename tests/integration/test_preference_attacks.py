"""Scores that are no numbers, several scales in one run, models that change under a run, and rounds of others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client

from generation.models import Answer, Endpoint, PreferencePair, Run
from generation.recipes.judging.base import Question
from generation.recipes.judging.uploaded import JUDGE
from generation.types import AnswerView
from review.actions.comparing import ComparisonNotFoundError, Said, judge
from review.actions.comparison_queue import RoundNotFoundError, next_comparisons
from review.actions.pair_moves import PairError
from review.actions.pairs import look_at_pairs
from review.actions.regate import prospect, regate
from review.models import Claim, Judgement
from review.reports.comparisons import cards_for, reveal_of
from tests.addresses import addresses
from tests.bodies import body_for
from tests.cast import NOW, Cast, make_cast, new_key
from tests.integration.test_row_imports import bring_in
from tests.pairs import make_pair
from tests.runs import plant_seeds, start_offline
from tests.world import make_world

pytestmark = pytest.mark.django_db
NUMBERS = ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e308", "1000000001")


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Cast:
    settings.IMPORT_ROOT, settings.EXPORT_ROOT = tmp_path / "imports", tmp_path / "exports"
    return make_cast()


@pytest.mark.parametrize("number", NUMBERS)
def test_no_score_comes_in_that_is_no_number_or_beyond_all_scales(cast: Cast, number: str) -> None:
    row = f'{{"prompt": "哪个？", "chosen": "a", "rejected": "b", "score_chosen": {number}, "score_rejected": -1e9}}\n'
    job = bring_in(cast, row.encode(), format="preference")
    assert (job.accepted, job.rejected) == (0, 1)
    assert {each["code"] for each in job.errors} <= {"not_a_number", "not_a_score", "out_of_range"}
    ranked = f'{{"prompt": "x", "answers": [{{"text": "a", "score": {number}}}, {{"text": "b", "score": 1}}]}}\n'
    assert bring_in(cast, ranked.encode(), format="ranked").rejected == 1
    table = f"prompt,chosen,rejected,score_chosen,score_rejected\nx,a,b,{number},1\n"
    assert bring_in(cast, table.encode(), format="preference", name="rows.csv").rejected == 1
    assert not Answer.objects.exists()


def verdict(given: Sequence[AnswerView]) -> tuple[list[float | None], dict[int, str]]:
    """What the judge of uploaded scores reads, on 0 to 10 where an answer names no scale."""
    params = type("Params", (), {"low": 0.0, "high": 10.0})()
    context: Any = type("Context", (), {"params": params})()
    asked = Question("Which?", given=tuple(given))
    steps = JUDGE.judge(asked, [each.text for each in given], context, part="")
    try:
        next(steps)
    except StopIteration as end:
        found = end.value
    return [each and each.value for each in found.scores], dict(found.faults)


def answers(*scores: tuple[float | None, float | None, float | None]) -> list[AnswerView]:
    return [
        AnswerView(at, f"answer {at}", score=score, low=low, high=high) for at, (score, low, high) in enumerate(scores)
    ]  # fmt: skip


def test_a_judge_of_uploaded_scores_takes_no_odd_number_and_one_scale_only() -> None:
    nan, inf = float("nan"), float("inf")
    odd = answers((nan, None, None), (inf, None, None), (-inf, 0, 10), (7.0, None, None), (11.0, None, None))
    assert verdict(odd) == ([None, None, None, 7.0, None], dict.fromkeys((0, 1, 2, 4), "off_scale"))
    mixed = answers((0.9, 0.0, 1.0), (4.0, 1.0, 5.0), (2.0, 1.0, 5.0))
    assert verdict(mixed) == ([None, 4.0, 2.0], {0: "other_scale"})


def test_one_margin_is_not_laid_on_scores_of_several_scales(cast: Cast) -> None:
    plant_seeds(cast.project, now=NOW)
    run = start_offline(cast.project)
    for at, (low, high) in enumerate([(0, 1), (0.0, 10.0)]):
        judge_says = {"judge": {"low": low, "high": high}}
        make_pair(cast.project, f"Ask {at}", "a", "b", source="judge", margin=0.5, run=run, meta=judge_says)
    bob = cast.seat("bob")
    with pytest.raises(PairError, match="blind"):
        prospect(bob, run_id=run.pk, least_margin=0.4)
    with pytest.raises(PairError, match="mixed_scales"):
        regate(bob, run_id=run.pk, least_margin=1.0, now=NOW)
    look_at_pairs(bob, now=NOW)
    assert (prospect(bob, run_id=run.pk, least_margin=1.0).low, prospect(bob, run_id=run.pk, least_margin=1).held) == (
        None, 2,
    )  # fmt: skip
    PreferencePair.objects.filter(sample__instruction="Ask 0").delete()
    assert regate(bob, run_id=run.pk, least_margin=1.0, now=NOW).held == 1


def test_a_reviewer_gets_nothing_of_another_projects_round_by_any_operation(cast: Cast) -> None:
    own = make_world(cast.project, owner=cast.alice)
    foreign = make_world(cast.other_project, owner=cast.mallory)
    at = own.arguments | {name: foreign.arguments[name] for name in ("round_id", "comparison_id", "pair_id")}
    client = Client()
    client.force_login(cast.carol)
    tried = 0
    for address in addresses():
        if not {"round_id", "comparison_id", "pair_id"} & set(address.parameters):
            continue
        for method in address.methods or ("GET", "POST"):
            sent = body_for(address, method, at)
            response = client.generic(method, address.url(at), **sent) if sent else client.get(address.url(at))
            assert response.status_code in (403, 404, 405), (method, address.shown, response.status_code)
            tried += 1
    assert tried > 20
    body = {"comparison": at["comparison_id"], "action": "vote", "verdict": "tie"}
    voted = client.post(
        "/api/v1/projects/poems/judgements", json.dumps(body), content_type="application/json",
        headers={"Idempotency-Key": new_key()},
    )  # fmt: skip
    assert voted.status_code == 404
    seat, pk = cast.seat("carol"), at["comparison_id"]
    with pytest.raises(RoundNotFoundError):
        next_comparisons(seat, round_id=at["round_id"])
    with pytest.raises(ComparisonNotFoundError):
        judge(seat, comparison_id=pk, said=Said(verdict="tie"), key=new_key(), version=1, now=NOW)
    assert (cards_for(seat, ids=[pk]), reveal_of(seat, comparison_id=pk).sides) == ([], ())
    assert not Judgement.objects.exists()
    assert not Claim.objects.exists()


def test_a_run_is_not_copied_onto_an_endpoint_that_the_project_may_not_use(cast: Cast) -> None:
    own = make_world(cast.project, owner=cast.alice)
    theirs = Endpoint.objects.get(pk=make_world(cast.other_project, owner=cast.mallory).arguments["endpoint_id"])
    part = {"teacher": {"endpoint": theirs.pk, "model": "m", "price": None, "rate": "1"}}
    Run.objects.filter(pk=own.arguments["run_id"]).update(endpoint=theirs, parts=part, recipe="complex_from_simple")
    before = Run.objects.count()
    client = Client()
    client.force_login(cast.bob)
    address = "/p/poems/runs/new/complex_from_simple"
    form = client.get(f"{address}?like={own.arguments['run_id']}").context["form"]
    values = {name: form[name].value() for name in form.fields}
    values = {name: getattr(value, "pk", value) for name, value in values.items() if value not in (None, False)}
    client.post(f"{address}?like={own.arguments['run_id']}", values | {"do": "start"})
    steps = [{"run": own.arguments["run_id"]}]
    client.post(
        "/api/v1/projects/poems/workflows", json.dumps({"name": "Copied", "steps": steps}),
        content_type="application/json",
    )  # fmt: skip
    for parts in (
        {"teacher": {"endpoint": theirs.pk, "model": "m"}},
        {"nobody": {"endpoint": theirs.pk, "model": "m"}},
    ):
        body = {"recipe": "complex_from_simple", "parts": parts}
        for path in ("runs", "runs/estimate", "runs/preview"):
            told = client.post(f"/api/v1/projects/poems/{path}", json.dumps(body), content_type="application/json")
            assert told.status_code in (404, 422), path
    made = Run.objects.filter(pk__gt=own.arguments["run_id"], project=cast.project)
    assert not [run.pk for run in made if run.endpoint_id == theirs.pk or str(theirs.pk) in str(run.parts)]
    assert Run.objects.count() - before <= 1
