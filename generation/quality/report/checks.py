"""What the checks say of the rows: for each code how many, in which fields, and which."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping
from typing import Any

from generation.quality.intervals import wilson
from generation.quality.profiles import examine, profile_for, profile_named
from generation.quality.report.base import MOST_ROWS, Asked, RowFacts
from generation.types import Finding, Remedy, ReportFinding, level_of

PREFIX = "check."
"""Before a check's code in the code of the report's finding."""

GUIDE = 0.01
GUIDES: Mapping[str, float] = {
    # What no row that is trained on may have.
    "control_characters": 0.0,
    "empty_instruction": 0.0,
    "empty_output": 0.0,
    "input_equals_output": 0.0,
    "placeholder_output": 0.0,
    "special_token": 0.0,
    "merged_tasks": 0.0,
    "empty_marker": 0.0,
    "ends_in_loop": 0.0,
    "mojibake": 0.0,
    "bank_account": 0.0,
    "card_number": 0.0,
    "email_address": 0.0,
    "identity_number": 0.0,
    "phone_number": 0.0,
    "secret_key": 0.0,
    # What some rows have for good reasons.
    "instruction_size": 0.05,
    "output_size": 0.05,
    "output_language_differs": 0.02,
    "few_words": 0.05,
}
"""The largest share of rows that a code may have, `GUIDE` for those that are not named."""


class Checks:
    """The profile's checks over every row, each asked once.

    `checks.profile` among the settings names one profile for all rows; otherwise each is judged by its own. Other
    settings called `checks.<name>` are those of `CheckSettings`. Memory: for each code at most twice `MOST_ROWS` ids
    with the number of their places.
    """

    name = "checks"

    def __init__(self, asked: Asked) -> None:
        given = {key.removeprefix("checks."): value for key, value in asked.settings.items() if key[:7] == "checks."}
        named = given.pop("profile", "")
        self._profile = profile_named(named) if named else None
        self._settings = given
        self._rows = self._clean = 0
        self._profiles: Counter[str] = Counter()
        self._found: dict[str, _Found] = {}

    def see(self, row: RowFacts) -> None:
        """Judges one row."""
        self._rows += 1
        profile = self._profile or profile_for(row.draft)
        self._profiles[profile.name] += 1
        findings = examine(row.draft, profile=profile, settings=self._settings)
        if not findings:
            self._clean += 1
            return
        places: dict[str, int] = {}
        for finding in findings:
            found = self._found.setdefault(finding.code, _Found(finding.check))
            found.note(finding)
            places[finding.code] = places.get(finding.code, 0) + int(finding.detail.get("count", 1) or 1)
        for code, count in places.items():
            self._found[code].add(row.id, count)

    def told(self) -> Mapping[str, Any]:
        """Rows, those without any finding, rows by profile; for each code, the most frequent first, its check, the
        rows, the places in them, and the findings by field."""
        return {
            "rows": self._rows,
            "clean": self._clean,
            "profiles": dict(self._profiles.most_common()),
            "codes": [
                {
                    "code": code, "check": found.check, "drops": found.drops, "rows": found.rows,
                    "places": found.places, "fields": dict(found.fields.most_common()),
                }
                for code, found in self._ranked()
            ],
        }  # fmt: skip

    def findings(self) -> list[ReportFinding]:
        """For each code that was found the share of rows with its interval; the rows with the most places first."""
        return [self._finding(code, found) for code, found in self._ranked()]

    def _ranked(self) -> list[tuple[str, _Found]]:
        return sorted(self._found.items(), key=lambda each: (-each[1].rows, each[0]))

    def _finding(self, code: str, found: _Found) -> ReportFinding:
        guide = GUIDES.get(code, GUIDE)
        share, interval = found.rows / self._rows, wilson(found.rows, self._rows)
        remedies: tuple[Remedy, ...] = ("drop", "review") if found.drops or not guide else ("review", "drop")
        return ReportFinding(
            PREFIX + code,
            level_of(outside=share > guide, sure=interval[0] > guide),
            share,
            "share",
            self._rows,
            found.rows,
            (None, guide),
            interval,
            rows=found.worst(),
            reason=code,
            remedies=remedies,
            detail={"check": found.check, "fields": dict(found.fields.most_common()), "places": found.places},
        )


class _Found:
    """The rows of one code: counted, and the worst of them kept."""

    def __init__(self, check: str) -> None:
        self.check = check
        self.drops = False
        self.rows = self.places = 0
        self.fields: Counter[str] = Counter()
        self._ids, self._counts = array("q"), array("q")

    def note(self, finding: Finding) -> None:
        """Counts the field that a finding speaks of, all earlier turns as one."""
        self.drops |= finding.drop
        field = str(finding.detail.get("field", ""))
        self.fields["turns" if field.startswith("turn ") else field] += 1

    def add(self, row: int, count: int) -> None:
        """Counts a row with so many places; forgets the mildest when there are twice as many as are told."""
        self.rows += 1
        self.places += count
        self._ids.append(row)
        self._counts.append(count)
        if len(self._ids) >= 2 * MOST_ROWS:
            self._cut()

    def worst(self) -> list[int]:
        """The ids, those with the most places first and otherwise in order."""
        self._cut()
        return list(self._ids)

    def _cut(self) -> None:
        order = sorted(range(len(self._ids)), key=lambda at: -self._counts[at])[:MOST_ROWS]
        self._ids = array("q", (self._ids[at] for at in order))
        self._counts = array("q", (self._counts[at] for at in order))
