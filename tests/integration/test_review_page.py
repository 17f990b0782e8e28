"""The review page and the two addresses behind it: one request a decision, with and without scripts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from generation.models import Sample
from review.actions.queue import next_cards
from review.criteria import Criteria
from review.models import Claim, Decision
from tests.cast import Cast, make_cast, make_samples, new_key

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def carol(cast: Cast, client: Client) -> Client:
    client.force_login(cast.carol)
    return client


def url(name: str, *more: object) -> str:
    return reverse(name, args=["poems", *more])


def send(client: Client, sample: Sample, action: str, *, have: str = "", **more: object) -> HttpResponse:
    fields = {"sample": sample.pk, "version": sample.version, "revision": sample.revision, "key": new_key()}
    return client.post(url("decide"), fields | {"action": action, "have": have} | more, headers=JSON)  # type: ignore[return-value]


def answer(response: HttpResponse) -> Any:
    return json.loads(response.content)


def test_the_page_holds_the_current_card_and_the_next_one_hidden(cast: Cast, carol: Client) -> None:
    one, two, three = make_samples(cast.project, 3)
    page = carol.get(url("review")).content.decode()
    assert f'data-card="{one.pk}"' in page
    assert f'data-card="{two.pk}"' in page
    assert f'data-card="{three.pk}"' not in page
    assert page.count('hidden>\n  <div class="middle"') == 1


def test_one_request_decides_and_brings_the_card_after_the_next_one(cast: Cast, carol: Client) -> None:
    one, two, three = make_samples(cast.project, 3)
    next_cards(cast.seat("carol"), criteria=Criteria())
    reply = answer(send(carol, one, "approve", have=str(two.pk)))
    assert (reply["saved"], reply["state"], reply["desk"]) == (True, "approved", [two.pk, three.pk])
    assert list(reply["cards"]) == [str(three.pk)]
    assert three.instruction in reply["cards"][str(three.pk)]


def test_a_decision_takes_ten_statements_with_its_session_and_its_next_card(cast: Cast, carol: Client) -> None:
    rows = make_samples(cast.project, 5)
    next_cards(cast.seat("carol"), criteria=Criteria())
    send(carol, rows[0], "approve", have=str(rows[1].pk))
    with CaptureQueriesContext(connection) as seen:
        send(carol, rows[1], "approve", have=str(rows[2].pk))
    statements = [q["sql"] for q in seen.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) == 10, "\n".join(statements)


def test_a_reason_is_named_by_its_number(cast: Cast, carol: Client) -> None:
    cast.project.reject_reasons = ["Rhymes badly", "Too long"]
    cast.project.save()
    (row,) = make_samples(cast.project, 1)
    assert "Rhymes badly" in carol.get(url("review")).content.decode()
    send(carol, row, "reject:2")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("rejected", "Too long")


def test_a_late_decision_is_answered_with_a_conflict_and_a_new_card(cast: Cast, carol: Client) -> None:
    one, two = make_samples(cast.project, 2)
    Sample.objects.filter(pk=one.pk).update(state="approved", version=2)
    response = send(carol, one, "reject")
    assert response.status_code == 409
    reply = answer(response)
    assert (reply["saved"], reply["code"], reply["desk"]) == (False, "already_decided", [two.pk])


def test_an_edit_is_shown_again_as_it_reads_now(cast: Cast, carol: Client) -> None:
    (row,) = make_samples(cast.project, 1)
    texts = {"system": "", "instruction": row.instruction, "input": "", "output": "Snow\r\nfalls."}
    reply = answer(send(carol, row, "edit", have=str(row.pk), **texts))
    assert reply["revision"] == 2
    assert "Snow" in reply["cards"][str(row.pk)]
    assert Sample.objects.get().output == "Snow\nfalls."


def test_an_edit_that_changes_nothing_is_no_edit(cast: Cast, carol: Client) -> None:
    (row,) = make_samples(cast.project, [("Say it.", "One\r\ntwo")])
    texts = {"system": "", "instruction": row.instruction, "input": "", "output": "One\r\ntwo"}
    assert send(carol, row, "edit", **texts).status_code == 422
    assert answer(send(carol, row, "approve", **texts))["revision"] == 1
    assert Sample.objects.get().output == "One\r\ntwo"


def test_undo_brings_the_row_back_in_front(cast: Cast, carol: Client) -> None:
    one, two, _ = make_samples(cast.project, 3)
    next_cards(cast.seat("carol"), criteria=Criteria())
    send(carol, one, "reject:1", have=str(two.pk))
    reply = answer(carol.post(url("undo"), {"key": new_key(), "have": str(two.pk)}, headers=JSON))  # type: ignore[arg-type]
    assert (reply["saved"], reply["state"], reply["desk"]) == (True, "needs_review", [one.pk, two.pk])
    assert list(reply["cards"]) == [str(one.pk)]
    assert Claim.objects.filter(person=cast.carol).count() == 2


def test_only_decisions_that_stand_count_as_decided_today(cast: Cast, carol: Client) -> None:
    one, two, _ = make_samples(cast.project, 3)
    next_cards(cast.seat("carol"), criteria=Criteria())
    send(carol, one, "approve", have=str(two.pk))
    send(carol, two, "flag")
    assert 'data-today="1"' in carol.get(url("review")).content.decode()
    assert answer(carol.post(url("undo"), {"key": new_key()}, headers=JSON))["undid"] == "flag"
    assert answer(carol.post(url("undo"), {"key": new_key()}, headers=JSON))["undid"] == "approve"
    assert 'data-today="0"' in carol.get(url("review")).content.decode()


def test_without_scripts_every_button_is_a_form_and_leads_back(cast: Cast, carol: Client) -> None:
    one, _ = make_samples(cast.project, 2)
    fields = {"sample": one.pk, "version": 1, "revision": 1}
    here = url("review") + "?language=en"
    response = carol.post(url("decide") + "?language=en", fields | {"key": new_key(), "action": "approve"})
    assert (response.status_code, response["Location"]) == (302, here)
    response = carol.post(url("decide"), fields | {"key": new_key(), "action": "reject"})
    assert response.status_code == 409
    assert "Somebody else decided first" in response.content.decode()
    response = carol.post(url("undo"), {"key": new_key()})
    assert response["Location"] == url("review") + f"?first={one.pk}"
    fields["version"] = 3
    response = carol.post(url("decide"), fields | {"key": new_key(), "action": "flag"})
    assert response["Location"] == url("review") + f"?first={one.pk}"
    assert list(Decision.objects.order_by("id").values_list("action", flat=True)) == ["approve", "undo", "flag"]


def test_nonsense_is_refused_and_changes_nothing(cast: Cast, carol: Client) -> None:
    (row,) = make_samples(cast.project, 1)
    (secret,) = make_samples(cast.other_project, 1)
    assert send(carol, row, "destroy").status_code == 422
    assert send(carol, row, "approve", version="x").status_code == 422
    assert send(carol, row, "approve", key="'; drop").status_code == 422
    assert send(carol, row, "approve", seconds="nan").status_code == 200
    assert send(carol, secret, "approve").status_code == 404
    assert carol.get(url("decide")).status_code == 405


def test_an_empty_queue_says_what_to_do_next(cast: Cast, carol: Client) -> None:
    (row,) = make_samples(cast.project, 1)
    send(carol, row, "skip")
    page = carol.get(url("review")).content.decode()
    assert "Nothing left to review here" in page
    assert "Look again at 1 that you skipped" in page
    assert f'data-card="{row.pk}"' in carol.get(url("review") + "?skipped=1").content.decode()


def test_a_viewer_may_browse_but_not_review(cast: Cast, client: Client) -> None:
    (row,) = make_samples(cast.project, 1)
    client.force_login(cast.dave)
    assert client.get(url("review")).status_code == 403
    assert client.get(url("samples")).status_code == 200
    assert client.get(url("sample", row.pk)).status_code == 200


def test_rows_made_without_a_model_say_so_wherever_they_stand(cast: Cast, carol: Client) -> None:
    (row,) = make_samples(cast.project, 1, origin="rules")
    for address in (url("review"), url("samples"), url("sample", row.pk)):
        assert "pill offline" in carol.get(address).content.decode()
    assert "Made by rules, no language model was used." in carol.get(url("review")).content.decode()


def test_browsing_narrows_by_address_and_pages_by_key(cast: Cast, carol: Client) -> None:
    rows = make_samples(cast.project, 60)
    make_samples(cast.project, [("忽略", "别的")], state="approved")
    first = carol.get(url("samples") + "?state=needs_review").context["page"]
    assert [row.pk for row in first.rows] == [row.pk for row in rows[:-51:-1]]
    rest = carol.get(url("samples") + f"?state=needs_review&after={first.after}").context["page"]
    assert ([row.pk for row in rest.rows], rest.after) == ([row.pk for row in rows[9::-1]], None)
    found = carol.get(url("samples") + "?q=忽略").context["found"]
    assert (found.count.number, found.page.rows[0].state) == (1, "approved")


def test_one_sample_shows_what_its_revisions_changed_and_is_reopened_for_a_reason(cast: Cast, client: Client) -> None:
    (row,) = make_samples(cast.project, [("Say a colour.", "It is red.")])
    client.force_login(cast.bob)
    texts = {"system": "", "instruction": row.instruction, "input": "", "output": "It is blue."}
    send(client, row, "approve", **texts)
    page = client.get(url("sample", row.pk)).content.decode()
    assert '<del class="removed">red</del><ins class="added">blue</ins>' in page
    client.post(url("put_back", row.pk), {"do": "reopen", "key": new_key(), "version": 2, "reason": "look again"})
    assert Sample.objects.get().state == "needs_review"
    assert "look again" in client.get(url("sample", row.pk)).content.decode()
