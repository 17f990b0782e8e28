"""The sheet: colours stand in its tokens only, and every text can be read in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
SHEET = (STATIC / "app.css").read_text(encoding="utf-8")
TOKENS = {
    name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", SHEET)
}
TEXTS = ("ink", "mut", "acc", "ok", "bad", "warn", "info")
GROUNDS = ("bg", "pane", "pane2")

Colour = tuple[float, float, float]


def rgb(value: str) -> Colour:
    return tuple(int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))  # type: ignore[return-value]


def mixed(colour: Colour, share: float, ground: Colour) -> Colour:
    return tuple(share * a + (1 - share) * b for a, b in zip(colour, ground, strict=True))  # type: ignore[return-value]


def luminance(colour: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: Colour, second: Colour) -> float:
    """The ratio of WCAG 2, from 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_text_stands_out_from_every_ground(text, ground, theme):
    assert contrast(rgb(TOKENS[text][theme]), rgb(TOKENS[ground][theme])) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("tint", ["acc", "ok", "bad", "warn", "info", "mut"])
def test_a_pill_s_word_stands_out_from_its_tint(tint, theme):
    colour, pane = rgb(TOKENS[tint][theme]), rgb(TOKENS["pane"][theme])
    assert contrast(colour, mixed(colour, 0.09, pane)) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_edges_of_fields_and_the_words_on_solid_buttons_stand_out(theme):
    assert contrast(rgb(TOKENS["edge"][theme]), rgb(TOKENS["pane"][theme])) >= 3
    assert contrast(rgb(TOKENS["on-acc"][theme]), rgb(TOKENS["acc"][theme])) >= 4.5
    assert contrast(rgb(TOKENS["on-ok"][theme]), rgb(TOKENS["ok"][theme])) >= 4.5


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_no_rule_names_a_colour_of_its_own(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    rules = re.sub(r"--[\w-]+: light-dark\([^)]*\);?", "", text)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)|\brgba?\(|\bhsla?\(", rules) == []


def test_every_class_that_a_template_uses_is_known():
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", "".join(path.read_text() for path in STATIC.glob("*.css"))))
    scripts = "".join(path.read_text() for path in STATIC.glob("*.js"))
    templates = STATIC.parent / "templates"
    unknown = set()
    for path in templates.rglob("*.html"):
        if "admin" in path.parts:
            continue
        text = re.sub(r"\{[%{].*?[%}]\}", " ", path.read_text(encoding="utf-8"), flags=re.S)
        for names in re.findall(r'class="([^"]*)"', text):
            unknown |= {(path.name, name) for name in names.split() if name not in known and name not in scripts}
    assert unknown == set()
