"""docs/reference/checks.md, measured: what each check says, and how often it is right on its labelled texts.

`make checks` writes the page; tests/test_checks_page.py checks that it is current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import django
from django.utils import translation

from generation.drop_words import DROP_REASONS
from generation.quality.check_settings import CheckSettings
from generation.quality.checks import CHECKS
from generation.quality.profiles import PROFILES, Profile
from tests.check_corpora import HELD_OUT, SILENT, Labelled, corpus, scored
from tests.house import ROOT

PAGE = ROOT / "docs" / "reference" / "checks.md"
HEAD = """# Checks

Made by `make checks` from a run of every check over its labelled texts; do not edit by hand. There is a page on how to
[add a check](../how-to/add-a-check.md), and a [command](commands.md) that runs them over a file.

A check reads one row and says what it found, in which field and where. Precision is the share of findings that are
right, recall the share of hits that are found, each on texts written by hand: *hits*, which a person who knows the rule
would point at, and *near misses*, which only look like it; English and Chinese in equal parts
(`tests/corpora/checks`). The checks were mended where a first run showed them wrong, so the figures say how they do on
texts of this kind, not how often such rows occur in a file of yours; what they still get wrong is listed below. On
texts that were written later, and that no check was mended by, {right} of {later} verdicts are right.
*Drops*: a run that asks for the check filters the row; everywhere else findings only point.
"""
WRONG = """
## What they get wrong

*Missed*: a hit that is not found. *False*: a near miss that is.

| check | | language | text | note |
|---|---|---|---|---|
"""
JUDGED = """
## Profiles

Each row is judged by the profile of its task type, or of what it is: a conversation, an evaluation row, a text. Bounds
are inclusive and count code points; every one of them can be set.

| profile | rows | checks | left out | bounds that differ |
|---|---|---|---|---|
"""
_EXCERPT = 90


def page() -> str:
    """The page as text."""
    with translation.override("en"):
        return "".join([HEAD.format(**_held_out()), *_table(), *_wrong(), JUDGED, *_profiles(), *_settings()])


def _held_out() -> dict[str, int]:
    names = [check.name for check in CHECKS if check.name not in SILENT]
    later = sum(row.note == HELD_OUT for name in names for row in corpus(name))
    wrong = sum(row.note == HELD_OUT for name in names for row in scored(name).wrong)
    return {"right": later - wrong, "later": later}


def _table() -> Iterator[str]:
    yield "\n| check | what it asks | says | drops | hits | near misses | precision en / zh | recall en / zh |\n"
    yield "|---|---|---|---|---|---|---|---|\n"
    for check in CHECKS:
        if check.name in SILENT:
            yield f"| `{check.name}` | {check.title} | – | no | – | – | {SILENT[check.name]} | – |\n"
        else:
            told = scored(check.name)
            says = "; ".join(f"`{code}` {DROP_REASONS.get(code, '')}" for code in sorted(told.codes))
            figures = (f"{of('en'):.2f} / {of('zh'):.2f}" for of in (told.precision, told.recall))
            counts = f"{told.number(hit=True)} | {told.number(hit=False)}"
            drops = "yes" if told.drops else "no"
            yield f"| `{check.name}` | {check.title} | {says} | {drops} | {counts} | {' | '.join(figures)} |\n"


def _wrong() -> Iterator[str]:
    names = [check.name for check in CHECKS if check.name not in SILENT]
    rows = [(name, row) for name in names for row in scored(name).wrong]
    if rows:
        yield WRONG
    for name, row in rows:
        yield f"| `{name}` | {'missed' if row.hit else 'false'} | {row.lang} | {_excerpt(row)} | {_cell(row.note)} |\n"


def _excerpt(row: Labelled) -> str:
    texts = [getattr(row.draft, field) for field in ("instruction", "input", "output")]
    texts = [text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…" for text in texts if text]
    return " → ".join(map(_cell, texts))


def _cell(text: str) -> str:
    """A text in a table's cell: on one line, what is hidden written out, nothing read as markup."""
    shown = "".join(
        "↵" if each == "\n" else each if each.isprintable() else f"<U+{ord(each):04X}>" for each in text
    )  # fmt: skip
    return "".join(f"\\{each}" if each in "\\`*_|<>[]#~$" else each for each in shown)


def _profiles() -> Iterator[str]:
    for each in PROFILES:
        yield f"| `{each.name}` | {each.title} | {len(each.checks)} | {_left_out(each)} | {_bounds(each)} |\n"


def _left_out(profile: Profile) -> str:
    names = {check.name for check in profile.checks}
    if profile.only:
        return "all but " + ", ".join(f"`{check.name}`" for check in profile.checks)
    return ", ".join(f"`{check.name}`" for check in CHECKS if check.name not in names)


def _bounds(profile: Profile) -> str:
    return ", ".join(f"{name} {value:,}" for name, value in profile.settings.items()) or "–"


def _settings() -> Iterator[str]:
    yield "\n| setting | what it bounds | default |\n|---|---|---|\n"
    for name, info in CheckSettings.model_fields.items():
        yield f"| `{name}` | {info.title} | {info.default:,} |\n"


if __name__ == "__main__":
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
