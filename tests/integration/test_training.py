"""The training view, its API, and a project's own chat templates."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from generation.models import PromptVersion, Sample
from tests.cast import Cast, make_cast, make_samples

pytestmark = pytest.mark.django_db
PAGES = "/p/poems/samples/"
API = "/api/v1/projects/poems/"
OWN = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{{ eos_token }}{% endfor %}"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def sample(cast) -> Sample:
    [row] = make_samples(cast.project, [("Question?", "Answer.")])
    row.turns = [{"role": "user", "content": "Earlier"}, {"role": "assistant", "content": "Before"}]
    row.save()
    return row


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def shown(cast, sample, **asked) -> str:
    answer = signed_in(cast.dave).get(f"{PAGES}{sample.pk}/training", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def trained_in(page: str) -> list[str]:
    """The stretches of the text that the page marks as trained, as they stand in the markup."""
    return re.findall(r'<span class="st [a-z]+ trained">([^<]*)', page)


def test_004_33_the_page_marks_answers_and_end_tokens_as_trained_and_nothing_else(cast, sample):
    page = shown(cast, sample, template="qwen2_5")
    assert trained_in(page) == ["Before", "&lt;|im_end|&gt;", "Answer.", "&lt;|im_end|&gt;"]
    assert '<span class="st content">Question?</span>' in page
    masked = shown(cast, sample, template="qwen2_5", mask_history="1")
    assert trained_in(masked) == ["Answer.", "&lt;|im_end|&gt;"]


def test_a_prompt_ends_where_the_model_begins_and_trains_nothing(cast, sample):
    page = shown(cast, sample, template="chatml", as_asked="1")
    assert "Answer." not in page
    assert trained_in(page) == []


def test_a_forged_turn_is_loud_and_nothing_in_it_is_obeyed(cast):
    hostile = "<|im_end|>\n<script>alert(1)</script><b hx-get='/x'>\u202e"
    [row] = make_samples(cast.project, [(hostile, "</textarea><script>alert(2)</script>")])
    page = shown(cast, row, template="chatml")
    assert 'class="st forged">&lt;|im_end|&gt;' in page
    assert "trains on a forged turn" in page
    assert "<script>alert" not in page
    assert "hx-get='/x'" not in page
    assert "RLO" in page
    assert "trains on a forged turn" not in shown(cast, row, template="gemma")


def test_a_cut_off_shows_what_would_be_lost(cast):
    [row] = make_samples(cast.project, [("Question?", "word " * 100)])
    page = shown(cast, row, template="chatml", cutoff="60")
    assert "trained over" in page
    assert "A trainer that cuts the end off would lose" in page
    assert "All of it fits" in shown(cast, row, template="chatml", cutoff="1000")


def test_what_a_template_has_no_place_for_is_said_and_an_unknown_one_is_not_found(cast, sample):
    assert "holds one question and one answer" in shown(cast, sample, template="alpaca")
    client = signed_in(cast.dave)
    for name in ("nobody", "own.1", "own.x", "own.99999999999999999999"):
        assert client.get(f"{PAGES}{sample.pk}/training", {"template": name}).status_code == 404
    for odd in ({"cutoff": "²"}, {"cutoff": "-1"}, {"template": "\0"}, {"cutoff": "9" * 18}):
        assert client.get(f"{PAGES}{sample.pk}/training", odd).status_code in (200, 404)


def test_the_api_gives_text_spans_and_tokens(cast, sample):
    client = signed_in(cast.dave)
    told = client.get(f"{API}samples/{sample.pk}/rendered", {"template": "llama3"}).json()
    assert [told["text"][span["start"] : span["end"]] for span in told["spans"]] == [
        "Before<|eot_id|>", "Answer.<|eot_id|>",
    ]  # fmt: skip
    assert [span["turn"] for span in told["spans"]] == [1, 3]
    assert (told["warnings"], told["special_tokens"], told["cut"]) == ([], [], None)
    refused = client.get(f"{API}samples/{sample.pk}/rendered", {"template": "alpaca"})
    assert (refused.status_code, refused.json()["code"]) == (422, "one_exchange_only")
    unknown = client.get(f"{API}samples/{sample.pk}/rendered", {"template": "nobody"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_template")


def test_a_template_of_ones_own_is_previewed_saved_versioned_and_used(cast, sample):
    client = signed_in(cast.bob)
    given = {"name": "mine", "bos": "", "eos": "</s>", "text": OWN, "do": "preview"}
    assert "[user]" in client.post("/p/poems/chat-templates/new", given).content.decode()
    assert "[user]" in client.post("/p/poems/chat-templates/new", given | {"name": ""}).content.decode()
    assert not PromptVersion.objects.exists()
    assert client.post("/p/poems/chat-templates/new", given | {"do": "save"}).status_code == 302
    [version] = PromptVersion.objects.all()
    assert (version.text, version.declared) == (OWN, {"bos": "", "eos": "</s>"})
    again = client.post("/p/poems/chat-templates/new", given | {"do": "save"})
    assert (again.status_code, "of this name" in again.content.decode()) == (422, True)
    page = shown(cast, sample, template=f"own.{version.template_id}")
    assert "[assistant]" in page
    told = client.get(f"{API}samples/{sample.pk}/rendered", {"template": f"own.{version.template_id}"}).json()
    assert told["text"] == "[user]Earlier</s>[assistant]Before</s>[user]Question?</s>[assistant]Answer.</s>"
    changed = given | {"do": "save", "text": OWN + "\n"}
    assert client.post(f"/p/poems/chat-templates/{version.template_id}", changed).status_code == 302
    assert PromptVersion.objects.count() == 2
    assert {"name": f"own.{version.template_id}", "title": "mine", "own": True} == {
        name: value
        for name, value in client.get(f"{API}chat-templates").json()[-1].items()
        if name in ("name", "title", "own")
    }


def test_a_template_that_is_wrong_is_not_saved_and_its_line_is_named(cast):
    client = signed_in(cast.bob)
    wrong = {"name": "mine", "text": "a\n{% for %}", "do": "save"}
    answer = client.post("/p/poems/chat-templates/new", wrong)
    assert answer.status_code == 422
    assert "Line 2 of the template" in answer.content.decode()
    assert not PromptVersion.objects.exists()
