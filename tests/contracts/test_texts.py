"""Every text has Chinese words, and what pages and scripts load is what the catalogue says."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from fdc_project import catalogue

BLANK = re.compile(r"%\(\w+\)[sd]|\{\{?\s?\w+\s?\}?\}|</?\w+>")


@pytest.fixture(scope="module")
def gathered():
    return catalogue.gather()


@pytest.fixture(scope="module")
def kept():
    return catalogue.read()


def key(message) -> tuple[str | None, str]:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def test_every_text_of_the_product_has_confirmed_words(gathered, kept):
    wanted = {key(message) for message in gathered if message.id}
    assert sorted(map(str, wanted - {key(message) for message in kept if message.id})) == []
    assert catalogue.missing(kept) == []


def test_no_words_are_kept_for_texts_that_are_gone(gathered, kept):
    assert {key(message) for message in kept if message.id} - {
        key(message) for message in gathered if message.id
    } == set()


def test_words_keep_the_blanks_that_are_filled_in(kept):
    for message in kept:
        source = message.id if isinstance(message.id, str) else message.id[-1]
        words = message.string if isinstance(message.string, str) else message.string[0]
        if message.id:
            assert set(BLANK.findall(source)) == set(BLANK.findall(words)), source


def test_the_compiled_catalogue_is_current(kept):
    assert catalogue.MO.read_bytes() == catalogue.compiled(kept)


def test_the_words_for_scripts_are_current(kept):
    assert catalogue.SCRIPT.read_text(encoding="utf-8") == catalogue.script(kept)


def test_python_templates_and_scripts_are_all_read():
    assert any(where.startswith("generation/recipes/") for where, _ in catalogue.python_texts())
    assert any(where == "templates/base.html" for where, _ in catalogue.template_texts())
    assert any(where == "static/fdc.js" for where, _ in catalogue.script_texts())


def test_the_words_reach_a_reader():
    with translation.override("zh-hans"):
        assert translation.gettext("Sign in") == "登录"
        assert translation.ngettext("{n} row", "{n} rows", 2) == "{n} rows"
    with translation.override("en"):
        assert translation.gettext("Sign in") == "Sign in"
