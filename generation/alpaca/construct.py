"""Records in, clean Alpaca rows out, and beside each what was done to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from generation.alpaca import cleaners, conversions
from generation.alpaca.doubts import doubts
from generation.alpaca.statistics import Statistics, fingerprint
from generation.files.records import Line, Record
from generation.files.strict_json import Fault
from generation.files.text import excerpt, record_excerpt
from generation.formats import alpaca
from generation.types import RowError

EventKind = Literal["changed", "doubt", "warning", "dropped"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a row: a text was `changed`, a `doubt` or `warning` was noted, the row was `dropped`.

    `before` and `after` are excerpts. `characters` counts what a change took out.
    """

    kind: EventKind
    line: int
    code: str
    field: str = ""
    before: str = ""
    after: str = ""
    characters: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain JSON without what is empty."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in told.items() if value or name in ("kind", "line", "code")}


@dataclass(frozen=True, slots=True)
class Settings:
    """How rows are made. `cleaners` names those to use (None: all). Rows with a doubt whose code is in `drop` are left
    out, and with `drop_duplicates` those that repeat an earlier row but for case, width and blanks."""

    conversion: str = "fewshot_to_alpaca"
    meaning: conversions.Settings = field(default_factory=conversions.Settings)
    cleaners: frozenset[str] | None = None
    drop: frozenset[str] = frozenset()
    drop_duplicates: bool = False


@dataclass
class Report:
    """The counts of one file, and its statistics before and after."""

    conversion: str
    read: int = 0
    written: int = 0
    changed_rows: int = 0
    events: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in _KINDS})
    characters: Counter[str] = field(default_factory=Counter)
    statistics: Statistics = field(default_factory=Statistics)

    def note(self, event: Event) -> None:
        """Counts one event under its kind and code."""
        self.events[event.kind][event.code] += 1
        if event.kind == "changed":
            self.characters[event.code] += event.characters

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON, codes in the order of their counts."""
        told: dict[str, Any] = {
            "conversion": self.conversion,
            "rows_read": self.read,
            "rows_written": self.written,
            "rows_changed": self.changed_rows,
            "rows_dropped": sum(self.events["dropped"].values()),
        }
        told |= {kind: dict(self.events[kind].most_common()) for kind in _KINDS}
        return told | {"characters_removed": dict(self.characters), "statistics": self.statistics.figures()}


def construct(
    lines: Iterable[Line], *, settings: Settings, report: Report
) -> Iterator[tuple[int, Record | None, list[Event]]]:
    """For each record made: its line, the Alpaca record (None when it was dropped) and its events.

    A source record may give several (seed tasks have instances). `report` counts along. `UnknownConversion`.
    """
    make = conversions.conversion_named(settings.conversion)
    known = conversions.known_columns(settings.conversion)
    seen: set[int] = set()
    for line, record in lines:
        report.read += 1
        if isinstance(record, RowError):
            yield _told(report, line, None, [Event("dropped", line, record.code, record.path, record.excerpt)])
            continue
        notes = [
            Event("warning", line, "extra_field", name, record_excerpt(record[name]))
            for name in record
            if conversions.column_key(name) not in known
        ]
        try:
            conversions.refuse_judged(record)
            made = make(record, settings.meaning)
        except Fault as fault:
            dropped = Event(
                "dropped",
                line,
                fault.code,
                fault.path,
                excerpt(fault.message) if fault.message else record_excerpt(record),
            )
            yield _told(report, line, None, [*notes, dropped])
            continue
        for each in made:
            row, events = clean_row(each, line, settings)
            if row is not None and settings.drop_duplicates:
                mark = fingerprint(row, alike=True)
                if mark in seen:
                    row, events = None, [*events, Event("dropped", line, "duplicate_row")]
                seen.add(mark)
            yield _told(report, line, row, notes + events)
            notes = []


def _told(report: Report, line: int, row: Record | None, events: list[Event]) -> tuple[int, Record | None, list[Event]]:
    for event in events:
        report.note(event)
    if row is not None:
        report.written += 1
        report.changed_rows += any(event.kind == "changed" for event in events)
        report.statistics.add(row)
    return line, row, events


def clean_row(record: Record, line: int, settings: Settings) -> tuple[Record | None, list[Event]]:
    """An Alpaca record after the cleaners, the schema check and the doubts, and what happened to it.

    None in place of the row when it is dropped; the last event says why.
    """
    events: list[Event] = []
    row: Record = {name: _mended(value, name, line, settings, events) for name, value in record.items()}
    for fault in alpaca.faults(row):
        kind: EventKind = "dropped" if fault.severity == "error" else "warning"
        events.append(Event(kind, line, fault.code, fault.path, fault.excerpt or fault.message))
        if kind == "dropped":
            return None, events
    for finding in doubts(alpaca.decode(row)):
        where = str(finding.detail.get("field", ""))
        said = "; ".join(str(value) for name, value in finding.detail.items() if name not in _PLACE)
        drops = finding.code in settings.drop
        events.append(Event("dropped" if drops else "doubt", line, finding.code, where, said))
        if drops:
            return None, events
    return row, events


def _mended(value: Any, name: str, line: int, settings: Settings, events: list[Event]) -> Any:
    """A field's value with its texts cleaned; each change is noted."""
    if name == "history" and isinstance(value, list):
        return [[_mended(text, "history", line, settings, events) for text in turn] for turn in value]
    if not isinstance(value, str):
        return value
    for change in cleaners.clean(value, field=name, names=settings.cleaners):
        before, after = _around(change.before, change.after)
        events.append(Event("changed", line, change.code, name, before, after, change.characters))
        value = change.after
    return value


def _around(before: str, after: str) -> tuple[str, str]:
    """Excerpts that begin a little before the first difference."""
    same = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    start = max(0, same - 20)
    return repr(before[start : start + 80])[1:-1], repr(after[start : start + 80])[1:-1]


_PLACE = ("field", "spans", "count")
_KINDS: tuple[EventKind, ...] = ("changed", "doubt", "warning", "dropped")
