"""`manage.py check_contamination`: which rows of a file repeat evaluation texts. Streams; no model, no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.formats.detecting import read_records
from generation.management import files
from generation.management.choosing import chosen_reading
from generation.management.contaminated import evaluation_texts, hit_as_line, hit_in_lines, sets_in_lines
from generation.management.files import REFUSED, FileCommand
from generation.quality.contamination import PRESETS, Contamination
from generation.quality.places import texts_of
from generation.quality.rows import draft_of
from generation.types import RowError

SHOWN = 10


class Command(FileCommand):
    """Exit code 1 when a row repeats a text, or a row of any of the files could not be read; 0 otherwise."""

    help = "Find the rows of a file that repeat evaluation texts: line, item, and the words that both have."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, what it is held against, the rule, and what is written."""
        parser.add_argument("--input-file", type=Path, required=True, help="JSON, JSONL, CSV, TSV, Parquet, or gzip")
        parser.add_argument(
            "--evaluation-file", type=Path, action="append", required=True, metavar="FILE",
            help="texts that no row may repeat, in any of these layouts; may be given several times",
        )  # fmt: skip
        parser.add_argument("--preset", choices=[*PRESETS], default="thirteen_words", help="what counts as repeating")
        parser.add_argument("--format", default=None, metavar="NAME", help="what the rows are (detected otherwise)")
        parser.add_argument("--findings", type=Path, metavar="OUT", help="every hit as a line of JSON")
        parser.add_argument("--json", action="store_true", help="the counts as one JSON object")
        parser.add_argument("--comments", action="store_true", help="read over comments and trailing commas in JSON")

    def handle(self, *, input_file: Path, **options: Any) -> None:
        """The first hits, then how each set fared; every hit into a file when that is asked for."""
        self._unread = 0
        sets = self._sets(options["evaluation_file"])
        found = Contamination(sets.items(), preset=PRESETS[options["preset"]])
        rows = self._read(input_file, found, options)
        if not rows:
            raise CommandError(_("The file holds no row."), returncode=REFUSED)
        hits, told = found.hits(), found.told()
        with ExitStack() as open_files:
            if options["findings"]:
                out = open_files.enter_context(files.writing(options["findings"]))
                out.writelines(hit_as_line(hit, sets[hit.set][hit.item]) for hit in hits)
        if options["json"]:
            body = {"rows": rows, "unread": self._unread, "preset": options["preset"], "sets": told}
            self.stdout.write(json.dumps(body, ensure_ascii=False, indent=2))
        else:
            for hit in hits[:SHOWN]:
                self.stdout.write("\n".join(hit_in_lines(hit, sets[hit.set][hit.item])))
            if len(hits) > SHOWN:
                self.stdout.write(_("and %(count)d more") % {"count": len(hits) - SHOWN})
            self.stdout.write("\n".join(sets_in_lines(told, rows=rows)))
        self._fail(len({hit.key for hit in hits}))

    def _sets(self, paths: list[Path]) -> dict[str, list[str]]:
        """Each evaluation file's texts under its name; of two with one name the second has its whole path."""
        sets: dict[str, list[str]] = {}
        for path in paths:
            texts = evaluation_texts(path, refused=partial(self._refused, path))
            sets[str(path) if path.name in sets else path.name] = texts
        return sets

    def _read(self, path: Path, found: Contamination, options: dict[str, Any]) -> int:
        """How many rows were held against the texts."""
        rows = 0
        with files.reading(path) as source:
            chosen, fields = chosen_reading(source, name=options["format"], lenient=options["comments"])
            read = chosen.read(files.watched(read_records(source, lenient=options["comments"], fields=fields)))
            for line, row in read:
                if not isinstance(row, RowError):
                    rows += 1
                    found.see(line, dict(texts_of(draft_of(row))))
                elif row.severity == "error":
                    self._refused(path, row)
        return rows

    def _refused(self, path: Path, error: RowError) -> None:
        """Counts a row that cannot be read; the first ones are named."""
        self._unread += 1
        if self._unread <= SHOWN:
            said = files.one_line(error.line, error.code, error.path, error.message, error.excerpt)
            self.stderr.write(f"{path.name}: {said}")

    def _fail(self, rows: int) -> None:
        if rows:
            raise CommandError(_("%(count)d rows repeat evaluation texts.") % {"count": rows}, returncode=REFUSED)
        if self._unread:
            raise CommandError(_("%(count)d rows could not be read.") % {"count": self._unread}, returncode=REFUSED)
