"""`manage.py validate`: is every row of a file sound? The format is detected, or named."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.files.records import Line
from generation.formats import check_records
from generation.formats.base import Format
from generation.formats.detecting import read_records
from generation.management import files
from generation.management.choosing import chosen_reading
from generation.management.files import REFUSED, FileCommand
from generation.types import RowError

SHOWN = 50


class Command(FileCommand):
    """Exit code 0 when every row is sound, 1 when one is not; warnings make no row unsound."""

    help = "Check every row of a file of training data against its format, which is detected unless it is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and what is known about it."""
        parser.add_argument("file", type=Path, help="JSON, JSONL, CSV, TSV or Parquet, each also as gzip")
        parser.add_argument("--format", metavar="NAME", help="take the rows for this format (detected otherwise)")
        parser.add_argument("--json", action="store_true", help="one JSON object on the output, every fault in it")
        parser.add_argument("--comments", action="store_true", help="read over comments and trailing commas in JSON")
        parser.add_argument("--quiet", action="store_true", help="the counts alone")

    def handle(self, *, file: Path, **options: Any) -> None:
        """A count and the bad rows, or everything as JSON."""
        with files.reading(file) as source:
            chosen, fields = chosen_reading(source, name=options["format"], lenient=options["comments"])
            counted = Counted(read_records(source, lenient=options["comments"], fields=fields))
            found = Findings(check_records(files.watched(counted), chosen=chosen))
            told = self._as_json if options["json"] else self._in_lines
            told(file, chosen, found, counted, 0 if options["quiet"] else SHOWN)
        if found.bad:
            raise CommandError(
                _("%(bad)d of %(rows)d rows are at fault.") % {"bad": found.bad, "rows": counted.rows},
                returncode=REFUSED,
            )
        if not counted.rows:
            raise CommandError(_("The file holds no row."), returncode=REFUSED)

    def _in_lines(self, path: Path, chosen: Format, found: Findings, counted: Counted, most: int) -> None:
        for error in found.all():
            if found.told <= most:
                mark = "" if error.severity == "error" else _("warning: ")
                self.stdout.write(
                    mark + files.one_line(error.line, error.code, error.path, error.message, error.excerpt)
                )
        if found.told > most > 0:
            self.stdout.write(_("... and %(count)d more; --json lists all.") % {"count": found.told - most})
        self.stdout.write(
            _("%(file)s: %(format)s, %(rows)d rows, %(sound)d sound, %(bad)d at fault, %(warned)d with warnings")
            % {
                "file": path,
                "format": _(chosen.title),
                "rows": counted.rows,
                "sound": counted.rows - found.bad,
                "bad": found.bad,
                "warned": found.warned,
            }
        )
        for code, count in found.codes.most_common():
            self.stdout.write(f"  {count:>7,}  {code}: {files.in_words(code)}")

    def _as_json(self, path: Path, chosen: Format, found: Findings, counted: Counted, most: int) -> None:
        """Written as it is found, so that a file of a million faults needs no memory."""
        write = self.stdout.write
        write(
            f'{{"file": {json.dumps(str(path), ensure_ascii=False)}, "format": "{chosen.name}", "faults": [', ending=""
        )
        for at, error in enumerate(found.all()):
            told = {name: getattr(error, name) for name in ("line", "code", "path", "message", "excerpt", "severity")}
            write((",\n  " if at else "\n  ") + json.dumps(told, ensure_ascii=False), ending="")
        rest = {
            "rows": counted.rows,
            "sound": counted.rows - found.bad,
            "bad": found.bad,
            "warned": found.warned,
            "codes": dict(found.codes.most_common()),
        }
        write("],\n" + json.dumps(rest, ensure_ascii=False)[1:])


class Counted:
    """Hands records on and counts them."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines
        self.rows = 0

    def __iter__(self) -> Iterator[Line]:
        for line in self._lines:
            self.rows += 1
            yield line


class Findings:
    """Faults as they are found, counted by row and by code."""

    def __init__(self, faults: Iterable[RowError]) -> None:
        self._faults = faults
        self.told = self.bad = self.warned = 0
        self.codes: Counter[str] = Counter()

    def all(self) -> Iterator[RowError]:
        """Each fault; the counts are right when they are all seen."""
        bad_line = warned_line = None
        for error in self._faults:
            self.told += 1
            self.codes[error.code] += 1
            if error.severity == "error":
                self.bad += error.line != bad_line
                bad_line = error.line
            else:
                self.warned += error.line != warned_line
                warned_line = error.line
            yield error
