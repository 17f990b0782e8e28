"""Findings on public files, each judged by a person who read the row: `tests/corpora/real_findings.jsonl`.

A line names a finding by file, row, field and code, says whether it is `right` and why, whether the checks said it
`then`, when the files were first read, and whether they say it `now`. No text of the files is in it. Where the files
are at hand, `refreshed` runs the checks again; a finding that nobody has judged is an error.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from generation.quality.profiles import examine
from tests.house import ROOT
from tests.real_rows import DATA, FILES, drafts

PATH = ROOT / "tests" / "corpora" / "real_findings.jsonl"
MOST = 60
"""Findings of a code in a file that are judged, the first ones."""
FACTS = frozenset({"instruction_size", "output_size", "few_words", "many_words", "empty_output"})
"""Codes that only count: they are right by arithmetic."""
Key = tuple[str, int, str, str]


def at_hand() -> bool:
    """Whether the public files are there."""
    return DATA.exists()


def found() -> Iterator[Key]:
    """What the checks say of the files now, as (file, row, field, code)."""
    for name in FILES:
        seen: Counter[str] = Counter()
        for row, draft in drafts(name):
            for finding in examine(draft):
                seen[finding.code] += 1
                if finding.code not in FACTS and seen[finding.code] <= MOST:
                    yield name, row, str(finding.detail.get("field", "")), finding.code


def judged() -> list[dict[str, Any]]:
    """The judged findings."""
    return [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]


def key(line: dict[str, Any]) -> Key:
    """By what a judged finding is known."""
    return line["file"], line["row"], line["field"], line["code"]


class Unjudged(LookupError):  # noqa: N818 - the name says what is the matter
    """Findings that no person has judged."""


def refreshed() -> list[dict[str, Any]]:
    """The judged findings with `now` as it is; `Unjudged` where one is missing."""
    lines, said = judged(), set(found())
    missing = said - {key(line) for line in lines}
    if missing:
        raise Unjudged(sorted(missing))
    return [{**line, "now": key(line) in said} for line in lines]


def write(lines: list[dict[str, Any]]) -> None:
    """Writes the judged findings, in the order of files and rows."""
    rows = sorted(lines, key=lambda line: (list(FILES).index(line["file"]), line["row"], line["code"], line["field"]))
    PATH.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
