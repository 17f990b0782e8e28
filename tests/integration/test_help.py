"""The help page says what must be said in words."""

import pytest
from django.test import Client

from generation.actions.people import set_keys
from tests.cast import Cast, make_cast
from tests.house import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def page(cast) -> str:
    client = Client()
    client.force_login(cast.dave)
    return client.get("/help/").content.decode()


def test_000_20_fdc_makes_data_and_trains_nothing(page):
    assert "It does not train: there is no LoRA" in page
    needed = (ROOT / "requirements.txt").read_text().lower()
    assert not [name for name in ("torch", "peft", "transformers", "bitsandbytes", "unsloth") if name in needed]


def test_000_24_the_environment_s_keys_are_explained(page):
    assert "OPENAI_API_KEY" in page
    assert "DASHSCOPE_API_KEY" in page


def test_every_recipe_stands_with_its_paper(page):
    assert "Self-Instruct" in page
    assert "https://arxiv.org/abs/2109.01652" in page


def test_the_keys_are_the_person_s_own(cast):
    set_keys(cast.carol, keys={"approve": "b"})
    client = Client()
    client.force_login(cast.carol)
    assert "<kbd>b</kbd>" in client.get("/help/").content.decode()
