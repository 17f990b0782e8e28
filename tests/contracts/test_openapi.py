"""The API's description: complete, of one shape, and true to the house's rules."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from fdc_project.api import described
from tests.cast import make_cast

SCHEMA = described()
OPERATIONS = [
    pytest.param(path, method, about, id=f"{method.upper()} {path}")
    for path, methods in SCHEMA["paths"].items()
    for method, about in methods.items()
]
SECRET = ("key_box", "secret_box", "token_hash", "password")


def test_it_covers_every_noun_of_the_product():
    assert {about["tags"][0] for _, _, about in (each.values for each in OPERATIONS)} == {
        "projects", "seeds", "vocabularies", "imports", "prompts", "endpoints", "runs", "jobs", "samples", "decisions",
        "datasets", "documents", "exports", "conversions", "spend", "workflows", "pairs", "agreement", "rounds",
        "labels", "quality", "selections", "conflicts", "coverage", "evaluation sets",
    }  # fmt: skip


@pytest.mark.parametrize(("path", "method", "about"), OPERATIONS)
def test_every_operation_says_what_it_does_and_asks_who_is_there(path, method, about):
    assert about["description"].endswith(".")
    assert {name for each in about["security"] for name in each} == {"Bearer", "Session"}
    assert about["responses"]["4XX"]["content"]["application/json"]["schema"]["$ref"].endswith("/Fault")


def test_every_operation_has_a_name_of_its_own():
    names = [each.values[2]["operationId"] for each in OPERATIONS]
    assert len(names) == len(set(names))


def test_everything_that_comes_in_is_a_closed_set_of_fields():
    open_ = [
        name
        for name, shape in SCHEMA["components"]["schemas"].items()
        if name.endswith("In") and shape.get("additionalProperties") is not False
    ]
    assert open_ == []


def test_no_field_that_goes_out_could_hold_a_secret():
    outgoing = {name: shape for name, shape in SCHEMA["components"]["schemas"].items() if name.endswith("Out")}
    held = [(name, each) for name, shape in outgoing.items() for each in shape["properties"] if each in SECRET]
    assert held == []
    assert "key" not in outgoing["EndpointOut"]["properties"]


@pytest.mark.django_db
def test_people_who_are_signed_in_read_it_and_nobody_else_does():
    cast, client = make_cast(), Client()
    for name in ("openapi", "api_page"):
        assert client.get(reverse(name))["Location"].startswith("/sign-in")
    client.force_login(cast.dave)
    assert json.loads(client.get(reverse("openapi")).content)["info"]["title"] == "FDC"
    page = client.get(reverse("api_page")).content.decode()
    assert all(each.values[0].replace("<", "&lt;") in page for each in OPERATIONS)
    assert "https://" not in page.replace("https://testserver", "")
