"""Who is asked to rate single outputs finds out at no address which model wrote them, or how a judge scored them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from generation.models import Call, Draft, Item, Person, Run, Sample
from review.actions.rounds import RoundWish, open_round
from tests.addresses import addresses
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
MODEL, SCORE, OUTPUT = "canary-strong-9", "7.31459", "Gannets dive for mackerel."
LEFT_OUT = ("sign_out", "language")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def world(cast: Cast) -> World:
    """Everything that there is, with one output of a model, scored, that people are asked to rate."""
    made = make_world(cast.project, owner=cast.alice)
    run = Run.objects.get(pk=made.arguments["run_id"])
    Run.objects.filter(pk=run.pk).update(model=MODEL)
    scores = {"quality": {"value": float(SCORE), "low": 0, "high": 10, "run": run.pk}}
    [row] = make_samples(cast.project, [("What do gannets do?", OUTPUT)], state="approved", run=run, scores=scores)
    item = Item.objects.get(pk=made.arguments["item_id"])
    draft = Draft.objects.create(
        run=run, item=item, index=0, stage="self_instruct.instances", wave=0, kind="sample", state="admitted",
        content={"instruction": "What do gannets do?", "output": OUTPUT, "data": {"model": MODEL}},
    )  # fmt: skip
    Sample.objects.filter(pk=row.pk).update(draft=draft)
    Call.objects.filter(item=item).update(text=OUTPUT, raw=OUTPUT.encode(), model=MODEL, model_returned=MODEL)
    asked = open_round(cast.seat("bob"), wish=RoundWish("Rate", kind="rate", chosen={"samples": "outputs"}), now=NOW)
    comparison = asked.comparisons.get(sample=row)
    made.arguments |= {"sample_id": row.pk, "round_id": asked.pk, "comparison_id": comparison.pk}
    return made


def told(world: World, person: Person) -> Iterator[str]:
    """The addresses whose answer has the output and, in the same answer, who wrote it or how it was scored."""
    client = Client()
    client.force_login(person)
    queries = {"samples": "?q=gannets", "review": f"?first={world.arguments['sample_id']}", "sample": "?raw=1"}
    for address in addresses():
        if address.name in LEFT_OUT:
            continue
        answer = client.get(address.url(world.arguments) + queries.get(address.name, ""))
        if answer.status_code != 200 or answer.streaming:
            continue
        text = answer.content.decode(errors="replace")
        if OUTPUT in text and (MODEL in text or SCORE in text):
            yield address.shown


@pytest.mark.parametrize("name", ["carol", "bob"])
def test_no_address_shows_an_output_beside_its_model_or_score_before_the_vote(
    cast: Cast, world: World, name: str
) -> None:
    assert list(told(world, getattr(cast, name))) == []
