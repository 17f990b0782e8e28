"""The pages on methods and stages of training: papers by their ids, stages with formats, every trick with a link."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from generation.methods import METHODS
from generation.recipes import RECIPES
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def bob(cast) -> Client:
    client = Client()
    client.force_login(cast.bob)
    return client


@pytest.fixture
def methods(bob) -> str:
    return bob.get("/help/methods").text


@pytest.fixture
def stages(bob) -> str:
    return bob.get("/help/stages").text


class Items(HTMLParser):
    """The links of each list item inside the element with an id."""

    def __init__(self, within: str) -> None:
        super().__init__()
        self.within, self.depth, self.items = within, 0, []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if values.get("id") == self.within or self.depth:
            self.depth += tag == "section"
        if self.depth and tag == "li":
            self.items.append([])
        if self.depth and tag == "a" and self.items:
            self.items[-1].append(values["href"])

    def handle_endtag(self, tag):
        self.depth -= bool(self.depth) and tag == "section"


def links(page: str, *, within: str) -> list[list[str]]:
    """The addresses that each item of the section links to."""
    items = Items(within)
    items.feed(page)
    return items.items


@pytest.mark.parametrize("paper", ["2212.10560", "2106.09685", "2305.14314", "2203.02155", "2212.08073"])
def test_000_27_the_related_papers_stand_on_the_methods_page_under_their_ids(methods, paper):
    assert f'<a href="https://arxiv.org/abs/{paper}"' in methods


def test_000_27_stanford_alpaca_is_linked_at_its_repository(methods):
    assert 'href="https://github.com/tatsu-lab/stanford_alpaca"' in methods


def test_001_23_alpaca_self_instruct_and_unsloth_are_listed(methods):
    for address in ("github.com/tatsu-lab/stanford_alpaca", "arxiv.org/abs/2212.10560", "github.com/unslothai/unsloth"):
        assert f'href="https://{address}"' in methods


def test_004_01_each_stage_of_training_leads_to_its_format(bob, stages):
    assert re.findall(r'data-format="(\w+)"', stages) == ["text", "sft", "preference", "media"]
    for word in ("Pretraining", "Supervised fine-tuning", "RLHF", "reward model"):
        assert word in stages
    for items in links(stages, within="stages"):
        assert items
        assert bob.get(items[0]).status_code == 200


def test_004_03_every_item_of_the_checklist_links_to_its_feature(bob, stages):
    items = links(stages, within="tricks")
    assert len(items) >= 10
    assert all(items)
    inner = {link for item in items for link in item}
    assert all(bob.get(link).status_code == 200 for link in inner)
    for trick in ("duplicates", "shuffled", "loss mask", "general data", "Packing"):
        assert trick in stages


def test_004_14_wizardlm_7b_is_told_as_what_it_is(methods):
    assert "WizardLM-7B is LLaMA (the first) fine-tuned on 70,000" in methods
    assert "first version" in methods


@pytest.mark.parametrize("paper", ["2109.01652", "2210.11416", "2301.13688"])
def test_004_20_flan_s_three_papers_stand_with_what_they_do_not_say(methods, paper):
    assert f"https://arxiv.org/abs/{paper}" in methods
    assert "general-domain data" in methods


def test_004_32_the_notes_are_named_and_never_fetched(methods):
    for address in ("mp.weixin.qq.com/s/cXPNyOeK9vFjJcgxc_LqZQ", "mp.weixin.qq.com/s/hbF7ebfbv3PkShxrhUe0bw",
                    "bytedance.larkoffice.com"):  # fmt: skip
        assert address in methods
        assert f'href="https://{address}' not in methods


def test_004_34_lora_and_qlora_are_explained_with_their_papers(stages):
    assert "https://arxiv.org/abs/2106.09685" in stages
    assert "https://arxiv.org/abs/2305.14314" in stages


def test_the_split_that_is_often_told_as_a_mix_is_put_right(stages):
    assert "969:30:1" in stages
    assert "Megatron-LM" in stages


def test_every_recipe_of_the_list_has_its_paper_there(methods):
    told = {method.address for method in METHODS}
    assert [each.name for each in RECIPES if each.paper not in told] == []
    for each in RECIPES:
        assert f"/runs/new/{each.name}" in methods


def test_who_has_no_project_or_may_start_nothing_gets_no_links_that_refuse(cast):
    client = Client()
    client.force_login(cast.dave)
    assert "/runs/new/" not in client.get("/help/methods").text
    assert links(client.get("/help/stages").text, within="tricks")


def test_both_pages_are_there_in_chinese(bob):
    bob.cookies["django_language"] = "zh-hans"
    assert "方法与论文" in bob.get("/help/methods").text
    assert "预训练" in bob.get("/help/stages").text
