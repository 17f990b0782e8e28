"""`manage.py check_quality`: what is wrong with the rows of a file. Streams; no model, no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.formats.detecting import read_records
from generation.management import files
from generation.management.checked import Checked, one_finding
from generation.management.choosing import chosen_reading
from generation.management.files import REFUSED, WRONG_USE, FileCommand
from generation.management.params import add_params, checked_params, given_params
from generation.quality.check_settings import CheckSettings
from generation.quality.language import detect
from generation.quality.profiles import PROFILES, examine, profile_for, profile_named
from generation.quality.rows import draft_of
from generation.types import Draft, Finding, RowError

SHOWN = 3


class Command(FileCommand):
    """Exit code 1 when a code of `--fail-on` was found, or a row could not be read; 0 otherwise."""

    help = "Run the checks over every row of a file and say what they find, where, and how often."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, what its rows are judged by, and what is written."""
        names = ", ".join(each.name for each in PROFILES)
        parser.add_argument("--input-file", type=Path, required=True, help="JSON, JSONL, CSV, TSV, Parquet, or gzip")
        parser.add_argument("--format", default="auto", metavar="NAME", help="what the rows are (detected otherwise)")
        parser.add_argument("--profile", default="auto", help=f"what rows are judged by (each by its own): {names}")
        parser.add_argument("--task-type", default="", help="of rows, which chooses their profile")
        parser.add_argument("--language", default="", help="that instructions must be in: en, zh")
        parser.add_argument("--findings", type=Path, metavar="OUT", help="every finding as a line of JSON")
        parser.add_argument("--fail-on", default="", metavar="CODES", help='codes that fail, with commas, or "any"')
        parser.add_argument("--json", action="store_true", help="the counts as one JSON object")
        parser.add_argument("--comments", action="store_true", help="read over comments and trailing commas in JSON")
        add_params(parser.add_argument_group("bounds of checks"), CheckSettings)

    def handle(self, *, input_file: Path, **options: Any) -> None:
        """A table of codes, each with its first rows; every finding into a file when that is asked for."""
        if options["profile"] not in ("auto", *(each.name for each in PROFILES)):
            said = _("There is no profile %(name)s. There are: %(names)s")
            names = ", ".join(each.name for each in PROFILES)
            raise CommandError(said % {"name": options["profile"], "names": names}, returncode=WRONG_USE)
        given = given_params(options, CheckSettings)
        checked_params(CheckSettings, given)
        checked = Checked(shown=SHOWN)
        with ExitStack() as open_files:
            source = open_files.enter_context(files.reading(input_file))
            out = open_files.enter_context(files.writing(options["findings"])) if options["findings"] else None
            for line, draft, found in self._judged(source, options, given, checked):
                checked.add(line, draft, found)
                if out:
                    out.writelines(one_finding(line, each, draft) for each in found)
        if not checked.rows:
            raise CommandError(_("The file holds no row."), returncode=REFUSED)
        if options["json"]:
            self.stdout.write(json.dumps(checked.as_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(checked.in_lines(str(input_file))))
        self._fail(checked, [code.strip() for code in options["fail_on"].split(",") if code.strip()])

    def _judged(
        self, source: BinaryIO, options: dict[str, Any], given: dict[str, Any], checked: Checked
    ) -> Iterator[tuple[int, Draft, list[Finding]]]:
        """Each row with what was found; rows that cannot be read are counted and named."""
        name = None if options["format"] == "auto" else options["format"]
        chosen, fields = chosen_reading(source, name=name, lenient=options["comments"])
        named = None if options["profile"] == "auto" else profile_named(options["profile"])
        for line, row in chosen.read(files.watched(read_records(source, lenient=options["comments"], fields=fields))):
            if isinstance(row, RowError):
                if checked.unread_row(row):
                    said = files.one_line(row.line, row.code, row.path, row.message, row.excerpt)
                    self.stderr.write(said)
                continue
            draft = draft_of(row, task_type=options["task_type"], language=options["language"])
            if not draft.language:  # as a report reads it: Chinese may be half as short
                draft = replace(draft, language=detect((draft.instruction or draft.output)[:2000]))
            yield line, draft, examine(draft, profile=named or profile_for(draft), settings=given)

    def _fail(self, checked: Checked, codes: list[str]) -> None:
        if "any" in codes:
            codes = sorted(checked.codes)
        failing = [code for code in codes if code in checked.codes]
        if failing:
            raise CommandError(_("Found: %(codes)s") % {"codes": ", ".join(failing)}, returncode=REFUSED)
        if checked.unread:
            raise CommandError(_("%(count)d rows could not be read.") % {"count": checked.unread}, returncode=REFUSED)
