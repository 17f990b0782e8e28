"""`manage.py construct_fewshot`: a table in, few-shot rows out, as Alpaca JSON lines. No model, no database."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation import formats, words
from generation.formats import format_named, seed_tasks
from generation.management import files, lineage
from generation.management.files import FileCommand, in_words
from generation.management.params import add_params, checked_params, given_params
from generation.recipes.base import PromptText
from generation.recipes.few_shot.params import TASK_TYPES, Params
from generation.recipes.few_shot.standalone import construct, main_language
from generation.types import Draft, Example, RowError, SeedView

_NAMED_OTHERWISE = {"task_type", "custom_template", "custom_fields", "wave_size"}


class Command(FileCommand):
    """Rows that cannot be used are named on the error stream with their line; the rest is written."""

    help = "Turn the rows of a JSON, JSONL, CSV or TSV file into instructions with worked examples."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The course's own option names, then one option for each of the recipe's params."""
        parser.add_argument("--input-file", required=True, type=Path, help="JSON array, JSONL, CSV or TSV")
        parser.add_argument("--task-type", required=True, choices=TASK_TYPES)
        parser.add_argument("--output-path", required=True, type=Path, help="JSON lines are written here")
        parser.add_argument("--seed", type=int, default=42, help="of the random choices (42)")
        parser.add_argument("--language", choices=("auto", "en", "zh"), default="auto", help="of the templates")
        parser.add_argument("--template", type=Path, help="text file with the template of the type `custom`")
        add_params(parser, Params, but=_NAMED_OTHERWISE)

    def handle(self, *, input_file: Path, output_path: Path, seed: int, language: str, **options: Any) -> None:
        """Exit code 0 when rows were written, 1 with one sentence when none could be."""
        seeds = list(self._seeds(input_file))
        if not seeds:
            raise CommandError(_("%(file)s holds no usable row.") % {"file": input_file})
        params = _params(options)
        chosen = main_language(seeds) if language == "auto" else language
        drafts = construct(seeds, params, language=chosen, random_seed=seed)
        written = self._write(drafts, output_path)
        lineage.write(output_path, trails=lineage.led_on(input_file, lines=self._used))
        self.stdout.write(_("%(count)d rows written to %(file)s") % {"count": written, "file": output_path})

    def _seeds(self, path: Path) -> Iterator[SeedView]:
        """The usable rows of the file, each known by its number among them: several may stand on one line."""
        self._lines: list[int] = []
        self._used: list[int] = []
        with files.reading(path) as file:
            for line, row in files.watched(seed_tasks.read(file)):
                if isinstance(row, RowError):
                    self._complain(line, in_words(row.code), row.path or row.excerpt)
                else:
                    number = len(self._lines)
                    self._lines.append(line)
                    yield SeedView(number, row.instruction, row.instances, row.is_classification, fields=row.fields)

    def _write(self, drafts: Iterator[Draft], path: Path) -> int:
        with files.writing(path) as file:
            written = formats.write(self._examples(drafts), file, chosen=format_named("alpaca"))
            if not written:
                raise CommandError(_("No row could be used; nothing was written."))
        return written

    def _examples(self, drafts: Iterator[Draft]) -> Iterator[Example]:
        for draft in drafts:
            if draft.dropped:
                reason = words.DROP_REASONS.get(draft.drop_reason, draft.drop_reason)
                self._complain(self._lines[draft.seed_ids[0]], reason, draft.data.get("detail", ""))
            else:
                self._used.append(self._lines[draft.seed_ids[0]])
                yield Example(draft.instruction, draft.input, draft.output, draft.system)

    def _complain(self, line: int, reason: Any, detail: str) -> None:
        self.stderr.write(
            _("line %(line)d: %(reason)s") % {"line": line, "reason": reason} + (detail and f" ({detail})")
        )


def _params(options: dict[str, Any]) -> Any:
    """The params as given; a custom type shows the columns that its template names."""
    given = given_params(options, Params)
    if options["template"]:
        try:
            text = options["template"].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise CommandError(_("%(file)s cannot be read as text.") % {"file": options["template"]}) from None
        shown = [name for name in PromptText(text).variables() if name not in ("examples", "labels")]
        given |= {"custom_template": text, "custom_fields": shown}
    return checked_params(Params, given)
