"""Before the vote nobody finds out who wrote an answer, what a judge made of it, or what others said: at no address.

Names, scores, verdicts and votes are planted and every page and operation of the API is fetched as everybody who might
be asked. What stands in no answer beside a text cannot be read off it either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.actions.looks import look_at_all
from generation.actions.tallies import count_moves
from generation.models import Answer, AuditEntry, Call, Draft, Item, Look, Person, PreferencePair, Project, Run, Sample
from review.actions.comparing import Said, judge
from review.actions.exports import build_export, file_path, start_export
from review.actions.rounds import RoundWish, open_round
from review.models import Export, Judgement
from review.reports.comparisons import cards_for
from review.selection import Selection
from tests.addresses import Address, addresses
from tests.bodies import body_for
from tests.cast import NOW, Cast, make_cast, make_samples, new_key
from tests.pairs import make_answer, make_ranking
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
STRONG, WEAK = "canary-strong-9", "canary-weak-3"
SCORE, VERDICT, REASON, OTHERS = "7.31459", "canaryverdict", "position_inconsistent", "canarynote"
GOOD, BAD = "Gannets dive for mackerel.", "Gannets knit jumpers."
SECRETS = (STRONG, WEAK, SCORE, VERDICT, REASON, OTHERS)
SKIPPED = ("sign_out", "language")
LOOKS = ("sample_look", "look", "export_new")
"""Forms that are a look, and say so beside their button."""
_FILE = {"format": "trl_preference", "dataset": "approved preference", "version": 1}
_PAIRS = {"kind": "preference", "sources": [{}]}
TELLING: dict[str, Sequence[dict[str, Any]]] = {
    "offer": (_FILE, _FILE | {"format": "kto"}, _FILE | {"format": "alpaca"}),
    "outlook": (_PAIRS, {"kind": "ranking"}, {"kind": "feedback"}, {"kind": "preference", "sources": [{"least": 7.3}]}),
    "estimate": ({"recipe": "rank_responses", "params": {"judge": "uploaded"}}, {"recipe": "generate_pairs"}),
    "pairs": ({"do": "round", "name": "Sent"},),
    "dataset_new": ({"asked": "1", "use": "preference"}, {"asked": "1", "use": "ranking"}),
    "round_new": ({"do": "look", "kind": "rank"}, {"do": "open", "name": "More", "kind": "choose"}),
    "labels": ({"do": "draw", "source": "pairs"},),
}
"""Bodies besides the usual one that could bring out more, by the last part of an operation or the name of a page."""
QUERIES = {
    "samples": ("?q=gannets", "?state=generated"), "sample": ("?raw=1",), "call": ("?raw",), "review": ("?first=1",),
    "pairs": ("?state=held_back",), "export_new": ("?version={version}", "?version={version}&format=kto&asked=1"),
    "dataset_new": ("?use=preference", "?use=ranking", "?use=preference&asked=1&s1_least=7.3", "?use=kto"),
    "training": ("?as_asked=1",),
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def world(cast: Cast) -> World:
    """Everything that there is, with one prompt whose two answers hide something, in every place that could tell."""
    made = make_world(cast.project, owner=cast.alice)
    run = Run.objects.get(pk=made.arguments["run_id"])
    Run.objects.filter(pk=run.pk).update(recipe="generate_pairs", model=STRONG, parts=_part(run))
    [prompt] = make_samples(cast.project, [("What do gannets do?", "")], state=Sample.State.GENERATED, run=run)
    item = Item.objects.get(pk=made.arguments["item_id"])
    draft = Draft.objects.create(
        run=run, item=item, index=0, stage="generate_pairs.answer", wave=0, kind="pair", state="admitted",
        content={"instruction": "What do gannets do?", "output": GOOD, "scores": {"score": {"value": SCORE}},
                 "data": {"chosen_model": STRONG, "held": REASON}},
    )  # fmt: skip
    Sample.objects.filter(pk=prompt.pk).update(draft=draft)
    Call.objects.filter(item=item).update(
        text=GOOD, raw=GOOD.encode(), model=STRONG, model_returned=STRONG, request={"messages": [
            {"role": "user", "content": f"A: {GOOD} B: {BAD}"}]},
    )  # fmt: skip
    better, worse = make_answer(prompt, GOOD), make_answer(prompt, BAD)
    for answer, model in ((better, STRONG), (worse, WEAK)):
        scores = {"score": {"value": float(SCORE), "low": 0, "high": 10}}
        Answer.objects.filter(pk=answer.pk).update(model=model, run=run, scores=scores, rank=1)
    pair = PreferencePair.objects.create(
        project=cast.project, sample=prompt, chosen=better, rejected=worse, source="judge", state="held_back",
        reason=REASON, margin=float(SCORE), run=run, created_at=NOW,
        meta={"judge": {"kind": "pairwise", "model": STRONG, "reasons": VERDICT}},
    )  # fmt: skip
    count_moves(cast.project.pk, kind="pair", moves={"held_back": 1})
    asked = open_round(cast.seat("bob"), wish=RoundWish("Blind", overlap=4), now=NOW)
    asked_of = asked.comparisons.get(pair=pair)
    said = Said(verdict="tie", note=OTHERS)
    judge(cast.seat("erin"), comparison_id=asked_of.pk, said=said, key=new_key(), version=1, now=NOW)
    made.arguments |= {"sample_id": prompt.pk, "pair_id": pair.pk, "round_id": asked.pk, "comparison_id": asked_of.pk}
    made.arguments |= _frozen(cast, pair)
    return made


def exported(
    project: Project, *, selection: Selection, by: Person | None, name: str = "trl_preference"
) -> Export:  # fmt: skip
    """The rows as a file for TRL."""
    made = start_export(project, format_name=name, selection=selection, by=by, now=timezone.now())
    work_on(made.job_id, owner="w", clock=timezone.now, work=lambda job: build_export(job, clock=timezone.now))
    return Export.objects.select_related("version").get(pk=made.pk)


def _part(run: Run) -> dict[str, Any]:
    return {"low": {"endpoint": run.endpoint_id, "model": WEAK, "input_price": None, "output_price": None}}


def _frozen(cast: Cast, pair: PreferencePair) -> dict[str, Any]:
    """A frozen dataset of the pair and its export, made by nobody in particular."""
    mine = PreferencePair.objects.filter(pk=pair.pk)
    mine.update(state="exportable")
    made = exported(cast.project, selection=Selection(kind="preference"), by=None)
    mine.update(state="held_back")
    told = {"export_id": made.pk, "dataset_id": made.version.dataset_id, "number": made.version.number}
    return told | {"version": made.version_id}


def texts(client: Client, world: World, asked: Sequence[Address]) -> Iterator[tuple[Address, str]]:
    """What these addresses answer to a GET, with the queries that could bring out more."""
    for address in asked:
        if (address.is_api and "GET" not in address.methods) or not set(address.parameters) <= set(world.arguments):
            continue
        for query in ("", *QUERIES.get(address.name, ())):
            response = client.get(address.url(world.arguments) + query.format(version=world.arguments["version"]))
            if response.status_code == 200:
                body = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
                yield address, body.decode("utf-8", "replace")


def leaks(person: Person, world: World, asked: Sequence[Address]) -> dict[Address, set[str]]:
    """The addresses that show this person one of the texts, and which secrets stand beside it."""
    client, found = Client(), dict[Address, set[str]]()
    client.force_login(person)
    for address, text in texts(client, world, asked):
        if GOOD in text or BAD in text:
            found.setdefault(address, set()).update(secret for secret in SECRETS if secret in text)
    return found


def test_before_the_vote_no_address_tells_what_stands_behind_an_answer(cast: Cast, world: World) -> None:
    look_at_all(cast.project, by=cast.alice, now=NOW)
    telling = leaks(cast.alice, world, [each for each in addresses() if each.name not in SKIPPED])
    told = {each.name for each, secrets in telling.items() if secrets}
    assert told >= {"sample", "call", "pairs", "pair"}, "what is planted must be there for who looked"
    assert {each.name for each in telling} >= {"version_rows", "export_file"}
    for name in ("bob", "carol", "dave"):
        found = leaks(getattr(cast, name), world, list(telling))
        assert {each.shown: secrets for each, secrets in found.items() if secrets} == {}, name
        assert "sample" in {each.name for each in found}, "the texts themselves are there for everybody"
    assert set(Look.objects.values_list("person__username", flat=True)) == {"alice"}


def posted(client: Client, world: World) -> Iterator[tuple[Address, str]]:
    """What every address answers to what is sent to it, each undone afterwards: forms, operations, previews."""
    for address in addresses():
        if address.name in (*SKIPPED, *LOOKS) or not set(address.parameters) <= set(world.arguments):
            continue
        for method in set(address.methods if address.is_api else ("POST",)) - {"GET", "DELETE"}:
            body = body_for(address, method, world.arguments)
            for more in ({}, *TELLING.get(address.route.rpartition("/")[2] if address.is_api else address.name, ())):
                sent = {"data": json.dumps(more), "content_type": "application/json"} if more else body
                if more and not address.is_api:
                    sent = {"data": urlencode(more), "content_type": "application/x-www-form-urlencoded"}
                mark = transaction.savepoint()
                response = client.generic(method, address.url(world.arguments), **sent)
                if response.status_code in (302, 303):
                    response = client.get(response["Location"])
                body_told = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
                yield address, f"{response.status_code} {body_told.decode('utf-8', 'replace')}"
                transaction.savepoint_rollback(mark)


@pytest.mark.parametrize("name", ["bob", "carol"])
def test_nothing_that_is_sent_brings_out_what_stands_behind_an_answer(cast: Cast, world: World, name: str) -> None:
    client, told = Client(), dict[str, set[str]]()
    client.force_login(getattr(cast, name))
    for address, text in posted(client, world):
        secrets = {secret for secret in SECRETS if secret in text} if GOOD in text or BAD in text else ()
        assert not secrets, address.shown
        told.setdefault(address.route.rpartition("/")[2], set()).add(text[:3])
    assert [told["offer"], told["outlook"]] == ([{"200"}, {"200", "409"}] if name == "bob" else [{"403"}] * 2)
    assert not Look.objects.exists()


def test_after_the_vote_or_a_look_names_scores_and_votes_are_there_and_it_is_recorded(cast: Cast, world: World) -> None:
    here = f"/p/poems/samples/{world.arguments['sample_id']}"
    [card] = cards_for(cast.seat("carol"), ids=[world.arguments["comparison_id"]])
    clients = {name: Client() for name in ("carol", "bob")}
    for name, client in clients.items():
        client.force_login(getattr(cast, name))
    before = clients["carol"].get(here).content.decode()
    assert GOOD in before
    assert STRONG not in before
    said = Said(verdict="left" if card.sides[0].text == GOOD else "right")
    judge(cast.seat("carol"), comparison_id=card.comparison.id, said=said, key=new_key(), version=1, now=NOW)
    after = clients["carol"].get(here).content.decode()
    assert STRONG in after
    assert clients["carol"].post(here + "/look").status_code == 403
    assert STRONG not in clients["bob"].get(here).content.decode()
    assert clients["bob"].post(here + "/look").status_code == 302
    assert STRONG in clients["bob"].get(here).content.decode()
    call = f"/p/poems/runs/{world.arguments['run_id']}/calls/{world.arguments['call_id']}"
    assert GOOD not in clients["bob"].get(call).content.decode()
    clients["bob"].post(f"/p/poems/runs/{world.arguments['run_id']}", {"do": "look"})
    assert GOOD in clients["bob"].get(call).content.decode()
    recorded = AuditEntry.objects.filter(action__startswith="look.").values_list("action", "person__username")
    assert list(recorded.order_by("pk")) == [("look.sample", "bob"), ("look.run", "bob")]
    judge(
        cast.seat("bob"), comparison_id=card.comparison.id, said=Said(verdict="tie"), key=new_key(), version=1, now=NOW
    )
    assert dict(Judgement.objects.values_list("person__username", "unblinded")) == {
        "erin": False, "carol": False, "bob": True,
    }  # fmt: skip


def test_what_the_person_ranked_is_what_the_file_says(cast: Cast) -> None:
    """Eight choices and one ranking by posts to the page, then the exported file, row by row."""
    wanted = set()
    prompts = [make_ranking(cast.project, f"Question {n}?", [f"one {n}", f"two {n}"]) for n in range(8)]
    make_ranking(cast.project, "Which of four?", ["w", "x", "y", "z"])
    chosen = {"samples": "answers"}
    duels = open_round(cast.seat("bob"), wish=RoundWish("Duels", chosen=chosen), now=NOW)
    ranks = open_round(cast.seat("bob"), wish=RoundWish("Ranks", kind="rank", chosen=chosen), now=NOW)
    seat, client = cast.seat("carol"), Client()
    client.force_login(cast.carol)
    for at, row in enumerate(duels.comparisons.filter(sample__in=[each.pk for each in prompts]).order_by("pk")):
        [card] = cards_for(seat, ids=[row.pk])
        best = "one" if at % 3 else "two"
        verdict = "left" if card.sides[0].text.startswith(best) else "right"
        sent = {"comparison": row.pk, "version": 1, "key": new_key(), "say": verdict}
        assert client.post(f"/p/poems/compare/{duels.pk}/judge", sent).status_code == 302
        texts_shown = [side.text for side in card.sides]
        wanted.add((*(text for text in texts_shown if text.startswith(best)),
                    *(text for text in texts_shown if not text.startswith(best))))  # fmt: skip
    [row] = ranks.comparisons.filter(sample__instruction="Which of four?")
    [card] = cards_for(seat, ids=[row.pk])
    place = {side.text: side.place for side in card.sides}
    places = [[place["y"]], [place["w"], place["z"]], [place["x"]]]
    judge(seat, comparison_id=row.pk, said=Said(verdict="ranked", places=places), key=new_key(), version=1, now=NOW)
    wanted |= {("y", "w"), ("y", "z"), ("y", "x"), ("w", "x"), ("z", "x")}
    export = exported(cast.project, selection=Selection(kind="preference"), by=cast.alice)
    rows = [json.loads(line) for line in file_path(export).read_text().splitlines()]
    assert sorted((each["chosen"], each["rejected"]) for each in rows) == sorted(wanted)
    owner = Client()
    owner.force_login(cast.alice)
    file = owner.get(f"/p/poems/exports/{export.pk}/file")
    assert len(b"".join(file).splitlines()) == len(wanted), "whoever has the file written has looked"  # type: ignore[arg-type]
    assert client.get(f"/p/poems/exports/{export.pk}/file").status_code == 403
