"""Templates keep to the content security policy, and hide nothing from translators."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMES = {"FDC", "API", "HTTP", "JSON", "JSONL", "CSV", "SHA", "English", "ms", "gz", "openapi", "json", "api"}
NAMES |= {"DPO", "KTO", "ORPO", "SimPO", "PPO", "GRPO", "arXiv"}
ALL = sorted(TEMPLATES.rglob("*.html"))


@pytest.fixture(params=ALL, ids=lambda path: str(path.relative_to(TEMPLATES)))
def source(request) -> str:
    return request.param.read_text(encoding="utf-8")


def test_no_inline_style_script_or_handler(source):
    assert not re.search(r"\sstyle=", source)
    assert not re.search(r"\son[a-z]+=", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert "javascript:" not in source


def test_nothing_is_marked_safe(source):
    assert not re.search(r"\|\s*safe\b(?!_)|autoescape off|safeseq", source)


def test_no_form_without_a_token(source):
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source, flags=re.S | re.I):
        assert "csrf_token" in form


def test_every_sentence_is_marked_for_translation(source):
    """Words of the page's own, outside tags, variables and elements that hold code."""
    text = re.sub(r"\{% (comment|blocktranslate)\b.*?\{% end\1 %\}", " ", source, flags=re.S)
    text = re.sub(r"\{% block (body|key_bar)_class %\}.*?\{% endblock", " {%", text, flags=re.S)
    text = re.sub(r"<(code|kbd|script|style|svg|pre)\b.*?</\1>", " ", text, flags=re.S)
    text = re.sub(r"\{[%{#].*?[%}#]\}", " ", text, flags=re.S)
    text = re.sub(r'<[^>]*>|[\w-]+="[^"]*"', "\n", text)
    words = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", text)))
    assert words <= NAMES
