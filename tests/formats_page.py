"""docs/reference/formats.md, measured: what each format does and holds, and what each way between them loses.

`make formats` writes the page; tests/test_formats_page.py checks that it is current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from generation.conversions.convert import ARROWS as BETWEEN_KINDS
from generation.formats import FORMATS
from generation.formats.base import Format
from generation.types import Row, RowError
from tests.contracts.rows_of import FEATURES, held, plain, read_back, row_of, verdict
from tests.contracts.test_conversions import ARROWS, MOVES_THE_CUT, NEEDS_MORE, ONE_WAY, WRITTEN
from tests.contracts.test_hostile_records import records_of
from tests.hostile.records import mutated
from tests.house import ROOT

PAGE = ROOT / "docs" / "reference" / "formats.md"
KINDS = {
    "sft": "Examples for fine-tuning",
    "prompt": "Prompts",
    "preference": "Preference pairs",
    "ranking": "Rankings",
    "feedback": "Rated answers",
    "text": "Pretraining text",
    "stepwise": "Stepwise supervision",
}
WORDS = {
    "input": "input apart", "system": "system text", "turns": "earlier turns", "names": "names",
    "developer": "developer's turns", "tools": "tools", "calls": "a call as answer", "weight": "loss weight",
    "images": "pictures", "videos": "videos", "audios": "sounds", "answer_tools": "tools in answers",
    "scores": "scores", "models": "models", "more_answers": "more than two answers",
}  # fmt: skip
MARKS = {"kept": "yes", "refused": "–", "joined": "joined", "left out": "left out"}
HEAD = """# Formats and the ways between them

Made by `make formats` from a run over all of them; do not edit by hand. There is a page on how to
[add a format](../how-to/add-a-format.md).

A format says what the records of a file mean; any of them can be read from JSON, JSON lines, CSV, TSV and Parquet, each
also as gzip. *Round trip*: rows with all that the format holds are written and read back equal. *Hostile*: records in
which each part of a sound one is taken away or replaced by something else; every one of them came back as a row or as a
fault in words.
"""
HOLDS = """
## What each format holds

`–`: a row with this is refused, by name, and nothing is written of it. *joined*: the input stands behind the
instruction in one text. *left out*: scores and models say something about the data and are not trained on; where a
format has no field for them they stay behind. So from one format to another nothing is lost where both columns say yes.
"""
WAYS = """
## Ways between formats

Rows of one kind go from any of its formats to any other: the tables above say what comes along. These are the ways of
the conversion matrix, walked with drawn rows by `tests/contracts/test_conversions.py` (200 of each kind, 2,000 in
`make trust`).

| from | to | nothing is lost | refused, joined or left out |
|---|---|---|---|
"""
BETWEEN = """
## Ways between kinds

| from | to | what does not come along |
|---|---|---|
"""


def page() -> str:
    """The page as text."""
    return "".join([HEAD, *_formats(), HOLDS, *_holdings(), WAYS, *_ways(), BETWEEN, *_between()])


def _formats() -> Iterator[str]:
    for kind, title in KINDS.items():
        yield f"\n## {title}\n\n| name | format | layouts | read | write | validate | round trip | hostile |\n"
        yield "|---|---|---|---|---|---|---|---|\n"
        for each in FORMATS:
            if each.kind == kind:
                yield f"| {' | '.join(_line(each))} |\n"


def _line(each: Format) -> Iterable[str]:
    yield f"`{each.name}`"
    yield each.title
    yield ", ".join(each.layouts) or "–"
    yield "–" if each.name in ONE_WAY else "yes"
    yield "yes" if each.layouts else "–"
    yield "yes" if any(fault.severity == "error" for fault in each.check({})) else "–"
    yield "–" if each.name in ONE_WAY or not each.layouts else _round_trip(each)
    yield _hostile(each)


def _round_trip(each: Format) -> str:
    if each.name in NEEDS_MORE:
        return "of its own rows"
    rows = [row_of(each.kind, features, plain) for features in ((), *((one,) for one in sorted(held(each, each.kind))))]
    same = all(read_back(each, each.encode(row)) == row for row in rows)
    return "**no**" if not same else "of the texts" if each.name in MOVES_THE_CUT else "yes"


def _hostile(each: Format) -> str:
    foreign = [record for other in FORMATS for record in records_of(other)[:1]]
    records = [*(wrong for record in records_of(each) for wrong in mutated(record)), *foreign]
    good = 0
    for record in records:
        read = [row for _, row in each.read([(1, record)])]
        good += all(isinstance(row, Row | RowError) for row in read) and isinstance(each.check(record), list)
    return f"{good} of {len(records)}"


def _holdings() -> Iterator[str]:
    for kind, features in FEATURES.items():
        able = [each for each in WRITTEN if each.kind == kind]
        if not features or not able:
            continue
        yield f"\n### {KINDS[kind]}\n\n| format | {' | '.join(WORDS[feature] for feature in features)} |\n"
        yield f"|---|{'---|' * len(features)}\n"
        for each in able:
            marks = (MARKS.get(what := verdict(each, kind, feature), f"**{what}**") for feature in features)
            yield f"| `{each.name}` | {' | '.join(marks)} |\n"


def _ways() -> Iterator[str]:
    by_name = {each.name: each for each in FORMATS}
    for source, target in ARROWS:
        one, other = by_name[source], by_name[target]
        lost = held(one, one.kind) - held(other, one.kind)
        words = ", ".join(WORDS[feature] for feature in FEATURES[one.kind] if feature in lost)
        yield f"| `{source}` | `{target}` | {'no' if lost else 'yes'} | {words or '–'} |\n"


def _between() -> Iterator[str]:
    for each in BETWEEN_KINDS:
        yield f"| {each.source} | {each.target} | {each.lost or 'nothing'} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
