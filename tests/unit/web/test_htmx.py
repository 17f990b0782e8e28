"""One template, two answers."""

import pytest
from django.template import TemplateDoesNotExist
from django.test import RequestFactory

from fdc_project.web import htmx


@pytest.fixture
def answered(monkeypatch):
    """Which template was rendered."""
    names = []
    monkeypatch.setattr(htmx, "get_template", _only_the_part_called_rows)
    monkeypatch.setattr(htmx, "render", lambda _request, name, _context, status: names.append(name) or _Answer())
    return names


class _Answer(dict):
    headers = property(lambda self: self)

    def has_header(self, name: str) -> bool:
        return name in self


def _only_the_part_called_rows(name: str) -> object:
    if name != "page.html#rows":
        raise TemplateDoesNotExist(name)
    return object()


def ask(**headers: str):
    return RequestFactory().get("/", headers=headers)


def test_a_browser_gets_the_page(answered):
    htmx.render_page(ask(), "page.html")
    assert answered == ["page.html"]


def test_htmx_gets_the_part_that_it_names(answered):
    htmx.render_page(ask(HX_Request="true", HX_Target="rows"), "page.html")
    assert answered == ["page.html#rows"]


@pytest.mark.parametrize("target", ["unknown", "", "../secret", "Rows", "rows#x"])
def test_a_target_that_is_no_part_gets_the_page(answered, target):
    htmx.render_page(ask(HX_Request="true", HX_Target=target), "page.html")
    assert answered == ["page.html"]


def test_caches_are_told_what_the_answer_depends_on(answered):
    assert "HX-Target" in htmx.render_page(ask(), "page.html")["Vary"]


def test_a_redirect_moves_the_whole_page_for_htmx_too():
    assert htmx.go(ask(), "/x")["Location"] == "/x"
    assert htmx.go(ask(HX_Request="true"), "/x")["HX-Redirect"] == "/x"
