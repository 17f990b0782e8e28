"""`manage.py quality_report`: the report on the quality of a file's rows. No model, no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.actions.vector_models import embed_of_installation, open_vectors
from generation.formats.detecting import read_records
from generation.management import files
from generation.management.checked import shown as in_one_line
from generation.management.choosing import chosen_reading
from generation.management.contaminated import evaluation_texts
from generation.management.files import LEFT_OUT, REFUSED, FileCommand, padded
from generation.management.params import add_params, checked_params, given_params
from generation.quality.near_duplicates.vectors import Embed, MissingExtraError, VectorFileError
from generation.quality.report import Asked, HeldOut, Report, report_of
from generation.quality.report.settings import ReportSettings
from generation.types import RowError
from review.management.measured_files import FileRows, rows_to_show
from review.reports.quality_file import quality_file
from review.reports.quality_rows import FoundRow
from review.templatetags.bias_words import SIGNS
from review.templatetags.quality_findings import finding_note
from review.templatetags.quality_words import chart_name, in_unit, quality_guide, quality_title

SHOWN = 5
QUOTED = 2
"""Rows of a finding that are quoted where it is said."""


class Command(FileCommand):
    """Exit code 0 when every row was measured, 3 when rows could not be read, 1 when none could."""

    help = "Measure the quality of a file's rows: checks, duplicates, contamination, diversity. Rows count from 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, what it is held against, what is set, and what is written."""
        parser.add_argument("--input-file", type=Path, required=True, help="JSON, JSONL, CSV, TSV, Parquet, or gzip")
        parser.add_argument("--format", default=None, metavar="NAME", help="what the rows are (detected otherwise)")
        parser.add_argument(
            "--evaluation-file", type=Path, action="append", default=[], metavar="FILE",
            help="texts that no row may repeat; may be given several times",
        )  # fmt: skip
        parser.add_argument(
            "--vectors", type=Path, metavar="FOLDER",
            help="a model that makes vectors, for rows that say the same in other words (FDC_VECTORS otherwise)",
        )  # fmt: skip
        parser.add_argument("--language", choices=("", "en", "zh"), default="", help="of the rows (found otherwise)")
        parser.add_argument("--random-seed", type=int, default=42)
        parser.add_argument(
            "--json", type=Path, metavar="OUT", help="the report as JSON, the rows of findings included"
        )
        parser.add_argument("--html", type=Path, metavar="OUT", help="the report as one HTML file")
        parser.add_argument("--comments", action="store_true", help="read over comments and trailing commas in JSON")
        add_params(parser.add_argument_group("thresholds, guides and bounds of checks"), ReportSettings)

    def handle(self, *, input_file: Path, **options: Any) -> None:
        """The findings, worst first, each with its first rows and the places in them."""
        settings = checked_params(ReportSettings, given_params(options, ReportSettings))
        left_out: list[RowError] = []
        asked = Asked(
            random_seed=options["random_seed"], language=options["language"] or "en", settings=settings.as_asked(),
            held_out=tuple(self._held_out(path, left_out) for path in options["evaluation_file"]),
            embed=_embed(options["vectors"]),
        )  # fmt: skip
        rows = FileRows(options["language"])
        with files.reading(input_file) as source:
            found = report_of(rows.facts(_read(source, options)), asked=asked)
        for error in rows.unread[:SHOWN]:
            self.stderr.write(files.one_line(error.line, error.code, error.path, error.message, error.excerpt))
        if not found.told["rows"]:
            raise CommandError(_("The file holds no row."), returncode=REFUSED)
        with files.reading(input_file) as source:
            shown = rows_to_show(rows, _read(source, options), found, settings=settings)
        self._say(found, shown)
        self._write(found, rows, shown, name=input_file.name, settings=settings, options=options)
        if unread := len(rows.unread) + len(left_out):
            said = _("%(count)d rows could not be read.") % {"count": unread}
            raise CommandError(said, returncode=LEFT_OUT)

    def _held_out(self, path: Path, left_out: list[RowError]) -> HeldOut:
        """An evaluation file as texts; its rows that cannot be read are named and noted in `left_out`."""
        before = len(left_out)
        texts = evaluation_texts(path, refused=left_out.append)
        for error in left_out[before : before + SHOWN]:
            said = files.one_line(error.line, error.code, error.path, error.message, error.excerpt)
            self.stderr.write(f"{path.name}: {said}")
        return HeldOut(path.name, texts)

    def _say(self, found: Report, shown: Mapping[str, Sequence[FoundRow]]) -> None:
        warnings = sum(each["level"] == "warn" for each in found.told["findings"])
        said = _("%(rows)d rows, %(warnings)d warnings")
        self.stdout.write(said % {"rows": found.told["rows"], "warnings": warnings})
        for each in found.told["findings"]:
            rows = [str(row) for row in found.rows.get(each["code"], ())[:SHOWN]]
            guide = quality_guide(each)
            self.stdout.write(
                f"{SIGNS[each['level']]} {padded(str(quality_title(each['code'])), 44)} "
                + f"{in_unit(each['value'], each['unit']):>8}  {in_one_line(finding_note(each))}"
                + (f"  ({_('guide %(guide)s') % {'guide': guide}})" if guide else "")
                + (f"  {_('rows')} {', '.join(rows)}" if rows else "")
            )
            if each["level"] in ("warn", "note"):
                for row in shown.get(each["code"], ())[:QUOTED]:
                    self.stdout.write(f"    {_place(row)}")

    def _write(
        self, found: Report, rows: FileRows, shown: Mapping[str, Sequence[FoundRow]], *, name: str,
        settings: ReportSettings, options: dict[str, Any],
    ) -> None:  # fmt: skip
        if options["json"]:
            lines = {code: [rows.line(row) for row in named] for code, named in found.rows.items()}
            body = {
                "file": name, "settings": settings.changed(), **found.told, "rows_of_findings": dict(found.rows),
                "lines": lines,
            }  # fmt: skip
            with files.writing(options["json"]) as out:
                out.write(json.dumps(body, ensure_ascii=False, indent=1).encode())
        if options["html"]:
            with files.writing(options["html"]) as out:
                out.write(quality_file(found.told, name=name, rows=shown, settings=settings).encode())


def _embed(folder: Path | None) -> Embed | None:
    """The named model, or the installation's where there is one. `CommandError` when the named one is of no use."""
    if folder is None:
        return embed_of_installation()
    try:
        return open_vectors(folder).embed
    except MissingExtraError:
        said = _('Vectors of this kind need two libraries: pip install "fdc[semantic]".')
        raise CommandError(said, returncode=REFUSED) from None
    except VectorFileError as problem:
        raise CommandError(f"{folder}: {problem}", returncode=REFUSED) from None


def _read(source: BinaryIO, options: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    chosen, fields = chosen_reading(source, name=options["format"], lenient=options["comments"])
    return chosen.read(files.watched(read_records(source, lenient=options["comments"], fields=fields)))


def _place(row: FoundRow) -> str:
    """A row with the place that the finding means, in one line."""
    where = _("row %(row)d") % {"row": row.id}
    where += f" ({_('line %(line)d') % {'line': row.line}})" if row.line else ""
    if row.quote is None:
        return f"{where}: {in_one_line(row.asked[:120])}"
    quoted = f"{row.quote.before}⟪{row.quote.found}⟫{row.quote.after}"
    return f"{where}, {chart_name(row.quote.field)}: {in_one_line(quoted)}"
