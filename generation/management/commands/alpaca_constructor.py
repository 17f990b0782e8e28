"""`manage.py alpaca_constructor`: rows of any kind in, clean Alpaca JSON lines and a report out, without a model."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.alpaca import conversions
from generation.alpaca.cleaners import CLEANERS
from generation.alpaca.construct import Report, Settings, construct
from generation.alpaca.conversions import CONVERSIONS, AmbiguousConversion
from generation.alpaca.doubts import DOUBTS
from generation.files.records import Record
from generation.files.tabular import read_records
from generation.management import files, lineage, report_text
from generation.management.files import REFUSED, FileCommand

AUTO = "auto"
LOOKED_AT = 200
"""Rows that tell what kind of file it is."""


class Command(FileCommand):
    """Writes the rows, `<output>.report.json` with the counts, `<output>.changes.jsonl` with every change and
    `<output>.lineage.jsonl` with the line of the source that each came from."""

    help = "Turn rows of instructions, questions, conversations or labels into clean Alpaca rows, with a report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The course's own option names first."""
        parser.add_argument("--input-file", required=True, type=Path, help="JSON array, JSONL, CSV, TSV or Parquet")
        parser.add_argument("--output-path", required=True, type=Path, help="Alpaca JSON lines are written here")
        parser.add_argument(
            "--conversion-type", choices=(AUTO, *CONVERSIONS), default=AUTO, help="what the rows are (auto: by columns)"
        )
        parser.add_argument("--label", action="append", default=[], metavar="CODE=WORD", help="a word for a label code")
        parser.add_argument("--only-cleaner", action="append", choices=[each.name for each in CLEANERS])
        parser.add_argument("--no-cleaning", action="store_true", help="change nothing, only check and point")
        parser.add_argument(
            "--drop", action="append", default=[], choices=DOUBTS, help="leave rows with this doubt out"
        )
        parser.add_argument("--drop-duplicates", action="store_true", help="leave out what an earlier row says")
        parser.add_argument("--drop-tools", action="store_true", help="leave tool turns of conversations out")

    def handle(self, *, input_file: Path, output_path: Path, **options: Any) -> None:
        """Exit code 0 when rows were written, 1 with one sentence when none could be."""
        with files.reading(input_file) as file:
            settings = _settings(file, options)
            report = Report(settings.conversion)
            file.seek(0)
            used = self._write(file, output_path, settings, report)
        lineage.write(output_path, trails=lineage.led_on(input_file, lines=used))
        self.stdout.write(report_text.of(report))
        self.stdout.write(_("%(count)d rows written to %(file)s") % {"count": report.written, "file": output_path})

    def _write(self, source: BinaryIO, path: Path, settings: Settings, report: Report) -> list[int]:
        """The rows, the changes and the report; none of them takes its place when no row came through. The lines that
        the rows stood on."""
        with ExitStack() as parts:
            told = parts.enter_context(files.writing(path.with_name(path.name + ".report.json")))
            changes = parts.enter_context(files.writing(path.with_name(path.name + ".changes.jsonl")))
            rows = parts.enter_context(files.writing(path))
            lines = files.watched(read_records(source, controls=True))
            used = []
            for line, row, events in construct(lines, settings=settings, report=report):
                for event in events:
                    changes.write(orjson.dumps(event.as_json()) + b"\n")
                if row is not None:
                    rows.write(orjson.dumps(row) + b"\n")
                    used.append(line)
            told.write(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2) + b"\n")
            if not report.written:
                self.stdout.write(report_text.of(report))
                raise CommandError(_("No row could be used; nothing was written."), returncode=REFUSED)
        return used


def _settings(file: BinaryIO, options: dict[str, Any]) -> Settings:
    """The settings as given, the rest found out from the file's rows."""
    named = options["conversion_type"]
    if named == AUTO:
        named = _detected(
            [row for _, row in islice(read_records(file, controls=True), LOOKED_AT) if isinstance(row, dict)]
        )
    if any("=" not in pair for pair in options["label"]):
        raise CommandError(_("--label needs a code and a word: 0=Negative"), returncode=REFUSED)
    label_words = dict(pair.split("=", 1) for pair in options["label"])
    labels: tuple[str, ...] = ()
    if named == "classification_to_alpaca":
        file.seek(0)
        records = (row for _, row in read_records(file, controls=True) if isinstance(row, dict))
        labels = conversions.labels_of(records, words=label_words)
    cleaners = frozenset(options["only_cleaner"]) if options["only_cleaner"] else None
    return Settings(
        conversion=named,
        meaning=conversions.Settings(labels=labels, label_words=label_words, drop_tools=options["drop_tools"]),
        cleaners=frozenset() if options["no_cleaning"] else cleaners,
        drop=frozenset(options["drop"]),
        drop_duplicates=options["drop_duplicates"],
    )


def _detected(records: list[Record]) -> str:
    if not records:
        raise CommandError(_("The file holds no usable row."), returncode=REFUSED)
    try:
        return conversions.detect(records)
    except AmbiguousConversion as doubt:
        columns = ", ".join(doubt.columns)
        if doubt.candidates:
            said = _(
                "These columns fit several conversions (%(columns)s). Choose one with --conversion-type: %(names)s"
            )
            names = ", ".join(doubt.candidates)
        else:
            said = _("No conversion knows these columns: %(columns)s. There are: %(names)s")
            names = ", ".join(CONVERSIONS)
        raise CommandError(said % {"columns": columns, "names": names}, returncode=REFUSED) from None
