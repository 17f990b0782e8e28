"""The help page says what must be said in words."""

import pytest
from django.test import Client

from generation.actions.people import set_keys
from tests.cast import Cast, make_cast
from tests.house import APPS, ROOT, modules

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


def test_001_21_an_old_http_client_is_not_pinned_and_the_page_says_what_is_used_instead(page):
    assert "FDC does not pin that client" in page
    assert "<code>openai</code> package over <code>aiohttp</code>" in page
    assert "retries of our own" in page
    needed = (ROOT / "requirements.txt").read_text().lower().splitlines()
    assert not [line for line in needed if line.startswith("requests")]
    assert [line for line in needed if line.startswith("openai[aiohttp]==")]
    asked = [module for app in APPS for module in modules(app)]
    assert not [module.where for module in asked if "requests" in module.imported | module.imported_late]


def test_every_recipe_stands_with_its_paper(page):
    assert "Self-Instruct" in page
    assert "https://arxiv.org/abs/2109.01652" in page


def test_the_keys_are_the_person_s_own(cast):
    set_keys(cast.carol, keys={"approve": "b"})
    client = Client()
    client.force_login(cast.carol)
    assert "<kbd>b</kbd>" in client.get("/help/").content.decode()


@pytest.mark.parametrize(("language", "title"), [("en", "Documents"), ("zh-hans", "文档")])
def test_documents_have_a_section_in_both_languages(cast, language, title):
    client = Client(headers={"accept-language": language})
    client.force_login(cast.dave)
    section = client.get("/help/").text.partition('<section class="pane" id="documents">')[2].partition("</section>")[0]
    assert f"<h2>{title}</h2>" in section
    assert "Markdown" in section
