"""`manage.py quality_report`: the report on the quality of a file's rows. No model, no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.formats.detecting import read_records
from generation.management import files
from generation.management.choosing import chosen_reading
from generation.management.files import LEFT_OUT, REFUSED, FileCommand, padded
from generation.quality.language import detect
from generation.quality.report import Asked, HeldOut, Report, RowFacts, report_of
from generation.quality.rows import draft_of
from generation.types import Draft, RowError
from review.reports.quality_file import quality_file
from review.templatetags.bias_words import SIGNS
from review.templatetags.quality_words import in_unit, quality_guide, quality_title

SHOWN = 5


class Command(FileCommand):
    """Exit code 0 when every row was measured, 3 when rows could not be read, 1 when none could."""

    help = "Measure the quality of a file's rows: checks, duplicates, contamination, diversity. Ids are line numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, what it is held against, and what is written."""
        parser.add_argument("--input-file", type=Path, required=True, help="JSON, JSONL, CSV, TSV, Parquet, or gzip")
        parser.add_argument("--format", default=None, metavar="NAME", help="what the rows are (detected otherwise)")
        parser.add_argument(
            "--evaluation-file", type=Path, action="append", default=[], metavar="FILE",
            help="texts that no row may repeat; may be given several times",
        )  # fmt: skip
        parser.add_argument("--language", choices=("", "en", "zh"), default="", help="of the rows (found otherwise)")
        parser.add_argument("--random-seed", type=int, default=42)
        parser.add_argument(
            "--json", type=Path, metavar="OUT", help="the report as JSON, the lines of findings included"
        )
        parser.add_argument("--html", type=Path, metavar="OUT", help="the report as one HTML file")
        parser.add_argument("--comments", action="store_true", help="read over comments and trailing commas in JSON")

    def handle(self, *, input_file: Path, **options: Any) -> None:
        """The findings, worst first, each with its first lines."""
        asked = Asked(
            random_seed=options["random_seed"], language=options["language"] or "en",
            held_out=tuple(self._held_out(path, options) for path in options["evaluation_file"]),
        )  # fmt: skip
        rows = Rows(options["language"])
        with files.reading(input_file) as source:
            chosen, fields = chosen_reading(source, name=options["format"], lenient=options["comments"])
            read = chosen.read(files.watched(read_records(source, lenient=options["comments"], fields=fields)))
            found = report_of(rows.facts(read), asked=asked)
        for error in rows.unread[:SHOWN]:
            self.stderr.write(files.one_line(error.line, error.code, error.path, error.message, error.excerpt))
        if not found.told["rows"]:
            raise CommandError(_("The file holds no row."), returncode=REFUSED)
        self._say(found)
        self._write(found, name=input_file.name, options=options)
        if rows.unread:
            said = _("%(count)d rows could not be read.") % {"count": len(rows.unread)}
            raise CommandError(said, returncode=LEFT_OUT)

    def _held_out(self, path: Path, options: dict[str, Any]) -> HeldOut:
        """An evaluation file as texts: of each row what is asked and what is answered."""
        with files.reading(path) as source:
            chosen, fields = chosen_reading(source, name=None, lenient=options["comments"])
            read = chosen.read(read_records(source, lenient=options["comments"], fields=fields))
            drafts = (draft_of(row) for _line, row in read if not isinstance(row, RowError))
            texts = ["\n".join(filter(None, (each.instruction, each.input, each.output))) for each in drafts]
        return HeldOut(path.name, texts)

    def _say(self, found: Report) -> None:
        warnings = sum(each["level"] == "warn" for each in found.told["findings"])
        said = _("%(rows)d rows, %(warnings)d warnings")
        self.stdout.write(said % {"rows": found.told["rows"], "warnings": warnings})
        for each in found.told["findings"]:
            lines = [str(line) for line in found.rows.get(each["code"], ())[:SHOWN]]
            guide = quality_guide(each)
            self.stdout.write(
                f"{SIGNS[each['level']]} {padded(str(quality_title(each['code'])), 44)} "
                + f"{in_unit(each['value'], each['unit']):>8}"
                + (f"  ({_('guide %(guide)s') % {'guide': guide}})" if guide else "")
                + (f"  {_('lines')} {', '.join(lines)}" if lines else "")
            )

    def _write(self, found: Report, *, name: str, options: dict[str, Any]) -> None:
        if options["json"]:
            body = {"file": name, **found.told, "lines": dict(found.rows)}
            with files.writing(options["json"]) as out:
                out.write(json.dumps(body, ensure_ascii=False, indent=1).encode())
        if options["html"]:
            with files.writing(options["html"]) as out:
                out.write(quality_file(found.told, name=name).encode())


class Rows:
    """A file's rows as facts; those that could not be read are kept apart, the first thousand of them."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.unread: list[RowError] = []

    def facts(self, read: Any) -> Iterator[RowFacts]:
        """Each row under the number of its line."""
        for line, row in read:
            if isinstance(row, RowError):
                if len(self.unread) < 1000:
                    self.unread.append(row)
                continue
            draft = draft_of(row, language=self._language)
            yield RowFacts(line, draft if draft.language else _with_language(draft), family=line)


def _with_language(draft: Draft) -> Draft:
    return replace(draft, language=detect((draft.instruction or draft.output)[:2000]))
