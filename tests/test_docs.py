"""The documentation speaks of what there is: its paths exist, its links lead somewhere, its code runs."""

from __future__ import annotations

import re
import textwrap
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from tests.house import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TOPS = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
_SPANS = re.compile(r"`([^`\n]+)`")
_LINKS = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
_PYTHON = re.compile(r"^( *)```python\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"^[\w./-]+$")
EXAMPLES = ("var/", "reword", "one_question", "question_answer")
"""What the how-to pages invent, or what only a running FDC makes."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@each_page
def test_paths_that_a_page_names_exist(page: Path) -> None:
    spans = _SPANS.findall(_FENCED.sub("", text_of(page)))
    named = {span.partition("::")[0] for span in spans if _PATH.match(span.partition("::")[0]) and "/" in span}
    paths = {name for name in named if name.split("/")[0] in TOPS and not any(word in name for word in EXAMPLES)}
    assert sorted(path for path in paths if not (ROOT / path).exists()) == []


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in _LINKS.findall(text_of(page)) if not link.startswith(("http:", "https:", "mailto:"))]
    assert [link for link in links if not (page.parent / link).exists()] == []


@each_page
def test_python_in_a_page_runs(page: Path) -> None:
    for _, code in _PYTHON.findall(text_of(page)):
        exec(compile(textwrap.dedent(code), str(page), "exec"), {"__name__": page.stem})


@each_page
def test_commands_that_a_page_names_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    text = text_of(page)
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= set(get_commands())


def test_the_diagrams_of_states_are_current() -> None:
    printed = StringIO()
    call_command("print_states", stdout=printed)
    assert text_of(ROOT / "docs/reference/states.md") == printed.getvalue(), "manage.py print_states"


def test_every_variable_of_the_environment_is_described() -> None:
    read = set(
        re.findall(
            r'"((?:FDC_)?[A-Z_]+(?:_KEY|_URL|_DIR|_HOST|_PORT|_HOSTS|_ORIGINS|_HTTPS|_DEBUG|_ALLOW|_PROVIDERS|_PER_USD'
            r'|_VECTORS))"',
            env(),
        )
    )
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", text_of(ROOT / "docs/reference/settings.md"), re.MULTILINE))
    assert described == read


def env() -> str:
    return text_of(ROOT / "fdc_project/env.py")


def test_decisions_are_numbered_once_and_listed_in_order() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs/adr").glob("0*.md"))]
    assert len(set(numbers)) == len(numbers)
    for path in (ROOT / "docs/adr").glob("0*.md"):
        assert text_of(path).startswith(f"# {int(path.name[:4])}. ")
