"""The page of public sets: what a person reads there, and how it is found."""

from __future__ import annotations

import pytest
from django.test import Client

from generation.formats.public.catalogue import CATALOGUE
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def dave(cast) -> Client:
    client = Client()
    client.force_login(cast.dave)
    return client


def test_every_set_stands_on_the_page_with_its_size_licence_and_ids(dave):
    page = dave.get("/catalogue").content.decode()
    for each in CATALOGUE:
        assert f'id="set-{each.name}"' in page
        assert each.rows in page
        assert all(f"<code>{place}</code>" in page for place in each.ids)
    assert "It was text-davinci-003" in page
    assert "is not verified" in page


def test_help_and_the_import_page_lead_to_it(dave, cast):
    assert 'href="/catalogue"' in dave.get("/help/").content.decode()
    bob = Client()
    bob.force_login(cast.bob)
    assert 'href="/catalogue"' in bob.get(f"/p/{cast.project.slug}/imports/new").content.decode()
