"""What the checks found in the rows of a file: counted, with the first rows of each code, as a terminal shows it."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from generation.management.files import in_words
from generation.quality.places import text_in
from generation.quality.quotes import quotes
from generation.types import Draft, Finding, RowError

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


@dataclass
class OfCode:
    """One code: its rows, its places, and the first few of them."""

    check: str
    rows: int = 0
    places: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    first: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, field, and the place as it is quoted."""


class Checked:
    """Counts by code. Memory: the first `shown` rows of each."""

    def __init__(self, *, shown: int) -> None:
        self.shown = shown
        self.rows = self.clean = self.unread = 0
        self.codes: dict[str, OfCode] = {}
        self._last_unread = 0

    def add(self, line: int, draft: Draft, found: Sequence[Finding]) -> None:
        """Takes in what was found in the row at this line."""
        self.rows += 1
        self.clean += not found
        seen = set()
        for finding in found:
            of = self.codes.setdefault(finding.code, OfCode(finding.check))
            name = str(finding.detail.get("field", ""))
            of.fields[name] += 1
            of.places += int(finding.detail.get("count", 1) or 1)
            if finding.code not in seen:
                seen.add(finding.code)
                of.rows += 1
                if len(of.first) < self.shown:
                    of.first.append((line, name, quoted(draft, finding)))

    def unread_row(self, error: RowError) -> bool:
        """Counts a row that cannot be read; whether it is among the first, which are named."""
        if error.severity == "error" and error.line != self._last_unread:
            self.rows += 1
            self.unread += 1
            self._last_unread = error.line
        return error.severity == "error" and self.unread <= self.shown

    def in_lines(self, name: str) -> Iterator[str]:
        """A line of counts, then each code with its first rows, the most frequent first."""
        for code, of in self._ranked():
            yield f"{of.rows:>9,}  {of.rows / self.rows:>6.1%}  {code}: {in_words(code)}"
            for line, where, quote in of.first:
                place = _("line %(line)d") % {"line": line} + (f", {where}" if where else "")
                yield f"{'':>19}{place}: {quote}" if quote else f"{'':>19}{place}"
        said = _("%(file)s: %(rows)d rows, %(clean)d without any finding, %(unread)d that cannot be read")
        yield said % {"file": name, "rows": self.rows, "clean": self.clean, "unread": self.unread}

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "rows": self.rows,
            "clean": self.clean,
            "unread": self.unread,
            "codes": [
                {
                    "code": code, "check": of.check, "rows": of.rows, "share": round(of.rows / self.rows, 6),
                    "places": of.places, "fields": dict(of.fields.most_common()),
                    "first": [{"line": line, "field": name, "quote": quote} for line, name, quote in of.first],
                }
                for code, of in self._ranked()
            ],
        }  # fmt: skip

    def _ranked(self) -> list[tuple[str, OfCode]]:
        return sorted(self.codes.items(), key=lambda each: (-each[1].rows, each[0]))


def one_finding(line: int, finding: Finding, draft: Draft) -> bytes:
    """A finding as a line of JSON: line, code, check, detail, and the quoted place."""
    told = {
        "line": line, "code": finding.code, "check": finding.check, "drop": finding.drop,
        "detail": dict(finding.detail), "quote": quoted(draft, finding),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def quoted(draft: Draft, finding: Finding) -> str:
    """The first place that a finding names between ⟪ and ⟫, with what stands around it; what is hidden shows its
    number, so that it can neither mislead the eye nor speak to the terminal."""
    found = quotes(text_in(draft, str(finding.detail.get("field", ""))), finding.detail, most=1)
    if not found:
        size = next((finding.detail[unit] for unit in ("characters", "words") if unit in finding.detail), None)
        return "" if size is None else str(size)
    return "".join(map(shown, (found[0].before, "⟪", found[0].found, "⟫", found[0].after)))


def shown(text: str) -> str:
    """The text in one line, what is hidden as its number."""
    return "".join(
        "↵" if each == "\n" else " " if each == "\t" else f"<U+{ord(each):04X}>"
        if unicodedata.category(each) in _UNSEEN else each
        for each in text
    )  # fmt: skip
