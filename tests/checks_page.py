"""docs/reference/checks.md, measured: what each check says, and how often it is right on its labelled texts.

`make checks` writes the page, and asks the public files again where they are at hand; tests/test_checks_page.py checks
that it is current.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

import django
from django.utils import translation

from generation.drop_words import DROP_REASONS
from generation.quality.check_settings import CheckSettings
from generation.quality.checks import CHECKS
from generation.quality.profiles import PROFILES, Profile
from tests.check_corpora import HELD_OUT, SILENT, Labelled, scored
from tests.first_sight import Verdicts, in_all, verdicts
from tests.house import ROOT
from tests.real_findings import at_hand, judged, refreshed, write
from tests.real_rows import FILES

PAGE = ROOT / "docs" / "reference" / "checks.md"
HEAD = """# Checks

Made by `make checks` from a run of every check over its labelled texts; do not edit by hand. There is a page on how to
[add a check](../how-to/add-a-check.md), and a [command](commands.md) that runs them over a file.

A check reads one row and says what it found, in which field and where. Precision is the share of findings that are
right, recall the share of hits that are found, each on texts written by hand: *hits*, which a person who knows the rule
would point at, and *near misses*, which only look like it; English and Chinese in equal parts
(`tests/corpora/checks`). The checks were mended where a run showed them wrong, so the figures say how they do on texts
of this kind, not how often such rows occur in a file of yours; what they still get wrong is listed below.
*Drops*: a run that asks for the check filters the row; everywhere else findings only point.
"""
FRESH = """
*Unseen*: right verdicts on {total} texts by somebody who knew what each check means and not how it works, counted
before any check was mended by them: {first} with the checks as they stood when the texts were written, {later} (this
column; precision {precision:.2f}, recall {recall:.2f}) once other texts had mended them. Expect that of texts of
your own. *Now*: the same texts ({now}), by which checks have been mended since (`tests/corpora/held_out`).
"""
REAL = """
## On public files

{rows} findings on {files} public files, in English and Chinese: 1,000 rows of Alpaca in Chinese, preferences, calls of
tools, feedback, seeds and recorded answers. For each code and file up to 60 findings were read in their rows by one
person, and called right when a careful reader would have said the same (`tests/corpora/real_findings.jsonl`: file, row,
field, verdict and why). *Then* is the first reading. The families of wrong findings were mended after it, and what
{unread} rows without any finding showed to be missed; *now* is the same files again, so it is no forecast for other
files. Codes that only count (sizes, words, empty outputs) are left out.

| code | then: right of found | now: right of found |
|---|---|---|
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
are inclusive and count code points; every one of them can be set. A Chinese character says about as much as two
letters: where a profile says nothing else, rows in Chinese may be half as short as the defaults.

| profile | rows | checks | left out | bounds that differ |
|---|---|---|---|---|
"""
_EXCERPT = 90


def page() -> str:
    """The page as text."""
    with translation.override("en"):
        return "".join([HEAD, *_fresh(), *_table(), *_real(), *_wrong(), JUDGED, *_profiles(), *_settings()])


def _fresh() -> Iterator[str]:
    first, later = in_all("first"), in_all("later")
    wrong = sum(len(scored(name, folder=HELD_OUT).wrong) for name in _names())
    yield FRESH.format(
        total=later.total, first=first.right, later=later.right, precision=later.precision, recall=later.recall,
        now=later.total - wrong,
    )  # fmt: skip


def _names() -> list[str]:
    return [check.name for check in CHECKS if check.name not in SILENT]


def _of(right: int, found: int) -> str:
    return f"{right} of {found}" if found else "–"


def _real() -> Iterator[str]:
    lines = judged()
    yield REAL.format(files=len(FILES), rows=len(lines), unread=151)
    counts: Counter[tuple[str, str, bool]] = Counter()
    for line in lines:
        for when in ("then", "now"):
            for code in (line["code"], "**all**") if line[when] else ():
                counts[code, when, line["right"]] += 1
    for code in [*sorted({line["code"] for line in lines}), "**all**"]:
        told = (_of(counts[code, when, True], _both(counts, code, when)) for when in ("then", "now"))
        yield f"| {code if code[0] == '*' else f'`{code}`'} | {' | '.join(told)} |\n"


def _both(counts: Counter[tuple[str, str, bool]], code: str, when: str) -> int:
    return counts[code, when, True] + counts[code, when, False]


def _table() -> Iterator[str]:
    yield "\n| check | what it asks | says | drops | hits | near misses | precision en / zh | recall en / zh "
    yield "| unseen | now |\n|---|---|---|---|---|---|---|---|---|---|\n"
    unseen = verdicts("later")
    for check in CHECKS:
        if check.name in SILENT:
            yield f"| `{check.name}` | {check.title} | – | no | – | – | {SILENT[check.name]} | – | – | – |\n"
        else:
            told = scored(check.name)
            says = "; ".join(f"`{code}` {DROP_REASONS.get(code, '')}" for code in sorted(told.codes))
            figures = (f"{of('en'):.2f} / {of('zh'):.2f}" for of in (told.precision, told.recall))
            counts = f"{told.number(hit=True)} | {told.number(hit=False)}"
            drops = "yes" if told.drops else "no"
            yield f"| `{check.name}` | {check.title} | {says} | {drops} | {counts} | {' | '.join(figures)} "
            fresh = scored(check.name, folder=HELD_OUT)
            total = fresh.counts.total()
            seen = unseen.get(check.name, Verdicts())
            yield f"| {_of(seen.right, seen.total)} | {_of(total - len(fresh.wrong), total)} |\n"


def _wrong() -> Iterator[str]:
    rows = [(name, row) for name in _names() for row in scored(name).wrong]
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
    if at_hand():
        write(refreshed())
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
