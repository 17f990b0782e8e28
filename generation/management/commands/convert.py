"""`manage.py convert`: a file of one format as a file of another. Streams; no model, no database."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from generation.chat.base import UnrenderableError
from generation.chat.catalogue import CHAT_TEMPLATES
from generation.chat.rendering import render
from generation.conversions.convert import NoArrow, Numbered, Settings, arrow, convert
from generation.conversions.pairing import Strategy
from generation.files import layouts
from generation.files.layouts import LAYOUTS
from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats import FORMATS
from generation.formats.base import Format, Options
from generation.formats.detecting import read_records
from generation.management import files
from generation.management.choosing import chosen_reading, format_called
from generation.management.files import LEFT_OUT, REFUSED, FileCommand
from generation.types import Example, RowError

SHOWN = 50


class Command(FileCommand):
    """Rows that the target cannot hold are named on the error stream with their line; the rest is written."""

    help = "Convert a file of training data into another format and layout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The two files, the formats, then what the target leaves open."""
        names = ", ".join(each.name for each in FORMATS if each.layouts)
        parser.add_argument(
            "source", type=Path, metavar="IN", help="JSON, JSONL, CSV, TSV or Parquet, each also as gzip"
        )
        parser.add_argument("target", type=Path, metavar="OUT")
        parser.add_argument("--to", required=True, metavar="NAME", help=f"the format of OUT: {names}")
        parser.add_argument("--from", dest="origin", metavar="NAME", help="the format of IN (detected otherwise)")
        parser.add_argument(
            "--layout", choices=[each.name for each in LAYOUTS], help="as the name of OUT says otherwise"
        )
        parser.add_argument("--gzip", action="store_true", help="pack it (also when OUT ends in .gz)")
        parser.add_argument("--spreadsheet-safe", action="store_true", help="put ' before cells that are formulas")
        parser.add_argument("--comments", action="store_true", help="read over comments and trailing commas in JSON")
        parser.add_argument(
            "--separator", default=Options().separator, help="between instruction and input as one text"
        )
        parser.add_argument("--default-system", default="", help="system text of rows that have none")
        parser.add_argument("--drop-tools", action="store_true", help="leave tool turns out where they have no place")
        parser.add_argument("--without-scores", action="store_true", help="three fields for a pair, even with scores")
        parser.add_argument("--template", choices=[each.name for each in CHAT_TEMPLATES], help="for text out of turns")
        defaults = Settings()
        parser.add_argument(
            "--strategy", choices=get_args(Strategy), default=defaults.strategy, help="pairs of a ranking"
        )
        parser.add_argument(
            "--min-margin", type=float, default=defaults.min_margin, help="least gap of scores in a pair"
        )
        parser.add_argument("--good-from", type=float, help="score from which an answer counts as good")
        parser.add_argument("--random-seed", type=int, default=defaults.random_seed)

    def handle(self, *, source: Path, target: Path, to: str, **options: Any) -> None:
        """Exit code 0 when every row came through, 3 when rows were left out, 1 when nothing could be written."""
        wanted = format_called(to, to_write=True)
        layout, packed = _layout(target, wanted, options)
        with files.reading(source) as file:
            given, fields = chosen_reading(file, name=options["origin"], lenient=options["comments"])
            self._say_what_is_lost(given, wanted)
            lines = read_records(file, lenient=options["comments"], fields=fields)
            rows = convert(given.read(files.watched(lines)), to=wanted.kind, settings=_settings(options))
            passage = Passage(self, rows, wanted, _options(options))
            with files.writing(target) as part:
                try:
                    written = layouts.write(
                        passage.records(),
                        part,
                        layout=layout,
                        gzip=packed,
                        spreadsheet_safe=options["spreadsheet_safe"],
                    )
                except Fault as fault:
                    raise CommandError(files.in_words(fault.code) + f" ({fault.path})", returncode=REFUSED) from None
                if not written:
                    raise CommandError(_("No row could be used; nothing was written."), returncode=REFUSED)
        said = _("%(count)d rows written to %(file)s (%(source)s → %(target)s)")
        self.stdout.write(said % {"count": written, "file": target, "source": given.name, "target": wanted.name})
        if passage.refused:
            raise CommandError(_("%(count)d faults; those rows were left out.") % {"count": passage.refused},
                               returncode=LEFT_OUT)  # fmt: skip

    def _say_what_is_lost(self, given: Format, wanted: Format) -> None:
        if given.kind == wanted.kind:
            return
        try:
            lost = arrow(given.kind, wanted.kind).lost
        except NoArrow:
            said = _("Rows of %(source)s (%(kind)s) cannot become rows of %(target)s (%(wanted)s).")
            values = {"source": given.name, "kind": given.kind, "target": wanted.name, "wanted": wanted.kind}
            raise CommandError(said % values, returncode=REFUSED) from None
        if lost:
            self.stderr.write(_("Not kept on the way: %(what)s") % {"what": _(lost)})


class Passage:
    """Rows on their way into the target's records; what cannot pass is named, counted and left out."""

    def __init__(self, command: BaseCommand, rows: Iterable[Numbered], wanted: Format, options: Options) -> None:
        self._command, self._rows, self._wanted, self._options = command, rows, wanted, options
        self.refused = self.told = 0

    def records(self) -> Iterator[Record]:
        """The records, one after another."""
        for line, row in self._rows:
            if isinstance(row, RowError):
                self._complain(row)
                continue
            try:
                yield self._wanted.encode(row, self._options)
            except Fault as fault:
                self._complain(RowError(line, fault.code, fault.path, fault.message))

    def _complain(self, error: RowError) -> None:
        self.refused += error.severity == "error"
        self.told += 1
        if self.told <= SHOWN:
            self._command.stderr.write(files.one_line(error.line, error.code, error.path, error.message, error.excerpt))
        if self.told == SHOWN:
            self._command.stderr.write(_("Further ones are only counted."))


def _layout(target: Path, wanted: Format, options: dict[str, Any]) -> tuple[str, bool]:
    """The layout and whether it is packed: as asked for, as the file's name says, or the format's usual one."""
    ends = [suffix.lstrip(".").lower() for suffix in target.suffixes]
    packed = options["gzip"] or ends[-1:] == ["gz"]
    named = {layout.extension: layout.name for layout in LAYOUTS}
    said = next((named[end] for end in reversed(ends[-2:]) if end in named), wanted.layouts[0])
    layout = options["layout"] or said
    if layout not in wanted.layouts:
        said = _("%(format)s is written as %(layouts)s, not as %(layout)s.")
        values = {"format": wanted.name, "layouts": ", ".join(wanted.layouts), "layout": layout}
        raise CommandError(said % values, returncode=REFUSED)
    return layout, packed


def _options(given: dict[str, Any]) -> Options:
    return Options(
        separator=given["separator"],
        default_system=given["default_system"],
        drop_tools=given["drop_tools"],
        with_scores=not given["without_scores"],
        template=given["template"] or Options().template,
    )


def _settings(given: dict[str, Any]) -> Settings:
    return Settings(
        strategy=given["strategy"],
        min_margin=given["min_margin"],
        good_from=given["good_from"],
        random_seed=given["random_seed"],
        render=partial(_rendered, given["template"]) if given["template"] else None,
    )


def _rendered(template: str, example: Example) -> str:
    try:
        return render(example, template=template).text
    except UnrenderableError as error:
        raise Fault("not_representable", path=error.path, message=error.code) from None
