"""Ways round the blindness by counting: whoever asks often enough how many rows pass a filter learns what it hides.

Each test asks as somebody who has neither voted nor looked, and then as somebody who looked.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from generation.actions.row_batches import ready, turned_key
from generation.actions.row_imports import Choices
from generation.actions.row_previews import preview_rows
from generation.actions.row_reading import Reading, rows_in
from generation.models import Answer, Look, Person, PreferencePair, Sample
from review.actions.comparing import Said, judge
from review.actions.datasets import dataset_of, freeze
from review.actions.pairs import look_at_pairs
from review.actions.rounds import RoundWish, open_round
from review.models import Comparison, DatasetVersion
from review.reports.comparisons import cards_for
from review.selection import Selection
from tests.cast import NOW, Cast, make_cast, make_samples, new_key
from tests.integration.test_blindness import exported
from tests.pairs import make_feedback, make_pair
from tests.runs import plant_seeds, start_offline
from tests.votes import comparisons, make_round

pytestmark = pytest.mark.django_db
OUTLOOK = "/api/v1/projects/poems/datasets/outlook"
FREEZE = "/api/v1/projects/poems/datasets/versions"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sent(client: Client, address: str, body: dict[str, Any]) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json")


def looked(cast: Cast, name: str) -> Client:
    look_at_pairs(cast.seat(name), now=NOW)
    return signed_in(getattr(cast, name))


def version_of(cast: Cast, kind: str = "preference", **fields: Any) -> DatasetVersion:
    dataset = dataset_of(cast.project, now=NOW, name=f"{kind} {sorted(fields)}", kind=kind)
    return freeze(dataset, selection=Selection(kind=kind, **fields), by=None, now=NOW)


@pytest.mark.parametrize("asked", [{"least": 4}, {"most": 6}, {"origin": "judge"}, {"aspect": "score"}, {"run": 1}])
@pytest.mark.parametrize("kind", ["preference", "ranking"])
def test_no_count_by_a_score_a_run_or_a_source_is_told_before_a_look(
    cast: Cast, kind: str, asked: dict[str, Any]
) -> None:
    make_pair(cast.project, "Which?", "one", "two", source="judge", consistent=True, margin=5.25)
    client, body = signed_in(cast.bob), {"kind": kind, "sources": [asked]}
    refused = sent(client, OUTLOOK, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "blind")
    assert sent(looked(cast, "bob"), OUTLOOK, body).status_code == 200


def test_the_margin_of_a_pair_cannot_be_found_by_halving_on_the_page_either(cast: Cast) -> None:
    pair = make_pair(cast.project, "Which?", "one", "two", source="judge", consistent=True, margin=5.25)
    Sample.objects.filter(pk=pair.sample_id).update(tags=["only"])
    page = "/p/poems/datasets/new?asked=1&use=preference&s1_tag=only&s1_least={}"
    client = signed_in(cast.bob)
    below, above = (client.get(page.format(least)) for least in (5, 6))
    assert [each.context["outlook"].blind for each in (below, above)] == [True, True]
    assert [each.context["outlook"].rows for each in (below, above)] == [1, 1], "the score is left out of the count"
    assert "data-blind" in below.content.decode()
    assert "data-blind" not in client.get(page.format("")).content.decode()
    client = looked(cast, "bob")
    assert [client.get(page.format(least)).context["outlook"].rows for least in (5, 6)] == [1, 0]


def test_whoever_freezes_rows_by_a_score_has_looked(cast: Cast) -> None:
    make_pair(cast.project, "Which?", "one", "two", source="judge", consistent=True, margin=5.25)
    client = signed_in(cast.bob)
    assert sent(client, FREEZE, {"kind": "preference", "name": "All", "sources": [{}]}).status_code == 202
    assert not Look.objects.exists(), "what may leave at all is told by every list of a frozen version"
    assert sent(client, FREEZE, {"kind": "preference", "name": "Good", "sources": [{"least": 4}]}).status_code == 202
    assert Look.objects.get().person == cast.bob


def test_scores_of_samples_are_counted_until_people_are_asked_about_some(cast: Cast) -> None:
    scores = {"overall": {"value": 4, "low": 1, "high": 5}}
    make_samples(cast.project, [("Asked", "Answered")], state="approved", scores=scores)
    body = {"kind": "sft", "sources": [{"aspect": "overall", "least": 3}]}
    client = signed_in(cast.bob)
    assert sent(client, OUTLOOK, body).json()["rows"] == 1
    open_round(cast.seat("alice"), wish=RoundWish("Rates", kind="rate", chosen={"samples": "outputs"}), now=NOW)
    assert sent(client, OUTLOOK, body).status_code == 409
    assert sent(client, OUTLOOK, body | {"sources": [{"language": "en"}]}).json()["rows"] == 1


def test_a_version_narrowed_by_scores_lists_none_of_the_rows_that_are_judged_blind(cast: Cast) -> None:
    make_pair(cast.project, "Which?", "canary one", "canary two", source="judge", consistent=True, margin=5.25)
    versions = [version_of(cast), version_of(cast, least=4.0)]
    carol, bob = signed_in(cast.carol), looked(cast, "bob")
    for version, told in zip(versions, (True, False), strict=True):
        place = f"datasets/{version.dataset_id}/{{}}{version.number}/rows"
        page, api = f"/p/poems/{place.format('v/')}", f"/api/v1/projects/poems/{place.format('versions/')}"
        assert ("canary" in carol.get(page).content.decode()) is told
        [row] = carol.get(api).json()["items"]
        assert (bool(row["subject"]), row["sample"] is not None, "canary" in str(row)) == (told, told, told)
        assert "canary" in bob.get(page).content.decode()


def test_figures_of_a_small_version_do_not_tell_which_answer_is_longer_or_good(cast: Cast) -> None:
    pair = make_pair(cast.project, "Which?", "a much longer answer", "two", source="judge", consistent=True, margin=5)
    made = make_feedback(cast.project, [("Which?", "two", False)], source="pairs")[0]
    type(made).objects.filter(pk=made.pk).update(sample=pair.sample_id)
    carol, bob = signed_in(cast.carol), looked(cast, "bob")
    for version, name in ((version_of(cast), "chosen_longer"), (version_of(cast, "feedback"), "bad")):
        one = f"/api/v1/projects/poems/datasets/{version.dataset_id}/versions"
        page = f"/p/poems/datasets/{version.dataset_id}/v/{version.number}"
        codes = {"chosen_longer": "length_bias", "bad": "one_label"}
        for client, told in ((carol, False), (bob, True)):
            assert (name in client.get(f"{one}/{version.number}").json()["figures"]) is told
            assert (name in client.get(one).json()["items"][0]["figures"]) is told
            remarks = [remark.code for remark in client.get(page).context["ready"].remarks]
            assert (codes[name] in remarks) is told
    blind = {"kind": "feedback", "sources": [{}]}
    assert "one_label" in [each["code"] for each in sent(bob, OUTLOOK, blind).json()["remarks"]]
    erin = signed_in(cast.alice)
    assert "one_label" not in [each["code"] for each in sent(erin, OUTLOOK, blind).json()["remarks"]]


def test_a_list_by_run_does_not_say_whose_prompts_with_answers_are(cast: Cast) -> None:
    plant_seeds(cast.project, now=NOW)
    run = start_offline(cast.project)
    pair = make_pair(cast.project, "Which run wrote me?", "one", "two")
    Sample.objects.filter(pk=pair.sample_id).update(run=run)
    make_samples(cast.project, [("Plain of the run", "Yes")], run=run)
    [page, api] = f"/p/poems/samples?run={run.pk}", f"/api/v1/projects/poems/samples?run={run.pk}"
    for client, told in ((signed_in(cast.carol), False), (looked(cast, "bob"), True)):
        for address in (page, api, f"/p/poems/runs/{run.pk}"):
            text = client.get(address).content.decode()
            assert "Plain of the run" in text
            if address != f"/p/poems/runs/{run.pk}":
                assert ("Which run wrote me?" in text) is told
        assert "Which run wrote me?" in client.get("/p/poems/samples").content.decode()
    Sample.objects.filter(instruction="Plain of the run").delete()
    asked = f"/p/poems/runs/{run.pk}"
    found = ["Which run wrote me?" in signed_in(each).get(asked).content.decode() for each in (cast.carol, cast.bob)]
    assert found == [False, True]


def test_neither_a_card_nor_a_skip_nor_a_conflict_says_how_many_have_voted(cast: Cast) -> None:
    [row] = comparisons(make_round(cast, 1, overlap=3))
    vote = Said(verdict="tie")
    seen = []
    for name in ("alice", "erin"):
        [card] = cards_for(cast.seat("carol"), ids=[row.pk])
        skip = judge(
            cast.seat("carol"), comparison_id=row.pk, said=Said(action="skip"), key=new_key(), version=1, now=NOW
        )
        seen.append((card.comparison.version, skip.version, skip.state))
        judge(cast.seat(name), comparison_id=row.pk, said=vote, key=new_key(), version=1, now=NOW)
    judge(cast.seat("bob"), comparison_id=row.pk, said=vote, key=new_key(), version=1, now=NOW)
    assert Comparison.objects.get().state == "agreed"
    late = judge(cast.seat("carol"), comparison_id=row.pk, said=vote, key=new_key(), version=1, now=NOW)
    skip = judge(cast.seat("carol"), comparison_id=row.pk, said=Said(action="skip"), key=new_key(), version=1, now=NOW)
    assert (late.code, late.version, late.state, skip.state) == ("already_full", 0, "", "")
    assert seen == [(1, 1, "")] * 2


def test_a_preview_of_a_judge_tells_nothing_of_answers_that_are_there(cast: Cast) -> None:
    pair = make_pair(cast.project, "Which?", "puffin one", "puffin two", source="import", state="ready", scores=(9, 2))
    assert Answer.objects.filter(sample=pair.sample_id).count() == 2
    address = "/p/poems/runs/new/rank_responses"
    client = signed_in(cast.bob)
    for judged in ("uploaded", "aspects", "pairwise"):
        first = client.get(f"{address}?judge={judged}").context["form"]
        values = {name: first[name].value() for name in first.fields}
        values = {name: value for name, value in values.items() if value not in (None, False)}
        seen = client.post(address, values | {"judge": judged, "do": "look"})
        for each in seen.context["proposed"]:
            assert (each.draft.scores, each.draft.data, each.reason) == ({}, {}, "")
        text = seen.content.decode()
        assert "puffin" not in text, judged
    body = {"recipe": "rank_responses", "params": {"judge": "uploaded"}}
    rows = sent(client, "/api/v1/projects/poems/runs/estimate", body).json()["rows"]
    assert {(each["output"], each["dropped"]) for each in rows} <= {("", "")}


def test_an_imports_preview_does_not_say_which_way_round_a_pair_is_there(cast: Cast) -> None:
    one, two = {"chosen": "one", "rejected": "two"}, {"chosen": "two", "rejected": "one"}
    file = [BytesIO(json.dumps({"prompt": "Which?"} | each).encode() + b"\n") for each in (one, two)]
    choices = Choices(Reading("trl_preference"))
    assert preview_rows(cast.project, file=file[0], choices=choices).duplicates == 0
    [(key, (_, pair))] = ready(rows_in(file[0], reading=choices.reading), said=choices.said).pairs.items()
    file[0].seek(0)
    made = make_pair(cast.project, "Which?", "one", "two")
    for known in (key, turned_key(pair)):
        PreferencePair.objects.filter(pk=made.pk).update(content_hash=known)
        told = [preview_rows(cast.project, file=each, choices=choices).duplicates for each in file]
        assert told == [1, 1]


def test_what_a_target_refuses_is_counted_but_its_texts_wait_for_a_look(cast: Cast) -> None:
    make_pair(cast.project, "Which?", "puffin one", " ", source="judge", consistent=True)
    version = version_of(cast)
    carol, bob = signed_in(cast.carol), signed_in(cast.bob)
    body = {"format": "trl_preference", "dataset": version.dataset.name, "version": version.number}
    offer, page = "/api/v1/projects/poems/exports/offer", f"/p/poems/exports/new?version={version.pk}&asked=1"
    blind = sent(bob, offer, body).json()
    assert blind["findings"]
    assert (blind["text"], blind["faults"]) == ("", [])
    assert "puffin" not in bob.get(page).content.decode()
    made = exported(cast.project, selection=Selection(kind="preference"), by=None)
    type(made.job).objects.filter(pk=made.job_id).update(errors=[{"line": 1, "path": "chosen", "message": "puffin"}])
    type(made).objects.filter(pk=made.pk).update(sha256="5ca1ab1e", size=77)
    for client, told in ((carol, False), (bob, False), (looked(cast, "alice"), True)):
        assert ("5ca1ab1e" in client.get("/p/poems/exports").content.decode()) is told
        assert ("5ca1ab1e" in client.get(f"/api/v1/projects/poems/exports/{made.pk}").content.decode()) is told
        [listed] = client.get("/api/v1/projects/poems/exports").json()["items"]
        assert (bool(listed["size"]), bool(listed["job"]["errors"])) == (told, told)
    assert "puffin" in looked(cast, "bob").get(page).content.decode()
    assert sent(bob, offer, body).json()["faults"]
