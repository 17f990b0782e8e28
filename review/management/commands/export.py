"""`manage.py export`: what was approved in a project, or a frozen version of it, as a file. Needs no worker."""

from __future__ import annotations

import os
import socket
from argparse import ArgumentParser
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from generation.chat.catalogue import CHAT_TEMPLATES
from generation.files.layouts import LAYOUTS, UnknownLayout
from generation.formats import format_named
from generation.management import files
from generation.management.choosing import format_called
from generation.management.files import REFUSED, FileCommand
from generation.models import Job, Project
from review.actions.datasets import NothingApprovedError
from review.actions.exports import UnreachableError, file_path, manifest_path
from review.actions.exports_at_once import export_at_once
from review.exporting.options import ExportOptions
from review.models import Dataset, DatasetVersion, Export
from review.selection import Selection
from review.words import EXPORT_FAULTS

_TICKS = {
    "gzip": "pack the file",
    "bundle": "a zip of data, dataset card, Croissant and what the trainer needs",
    "spreadsheet_safe": "put ' before cells that are formulas",
    "drop_tools": "leave tool turns out where they have no place",
    "without_scores": "write pairs with three fields even where their answers have scores",
    "escape_tokens": "break special tokens of --template in content; this changes the data",
    "leave_out": "write the file without the rows that the target refuses",
    "despite": "write the file although the target would refuse it as a whole",
}
_TEXTS = ("layout", "separator", "default_system", "split", "template")


class Command(FileCommand):
    """The export stays in the project's list like any other; the file and its manifest are copied to where you say."""

    help = "Export what was approved in a project, or a frozen version of a dataset, as a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is exported, as what, where to."""
        usual = ExportOptions()
        parser.add_argument("project", help="the name of the project in its address: demo")
        parser.add_argument("--format", required=True, metavar="NAME", help="as the trainer reads it: alpaca, kto, ...")
        parser.add_argument("--output", required=True, type=Path)
        parser.add_argument("--manifest", type=Path, help="also write what leads each line back to where it came from")
        parser.add_argument("--kind", choices=Dataset.Kind.values, default=Dataset.Kind.SFT.value,
                            help="which of the project's rows: sft, preference, feedback, text, ...")  # fmt: skip
        parser.add_argument("--dataset", help="a dataset by its name, instead of everything approved now")
        parser.add_argument("--dataset-version", dest="number", type=int, help="of that dataset (the newest otherwise)")
        parser.add_argument("--without-model", action="store_true", help="also rows made without a language model")
        parser.add_argument("--ready", action="store_true", help="also imported pairs that nobody has looked at")
        parser.add_argument("--task-type", default="")
        parser.add_argument("--language", default="")
        parser.add_argument("--tag", default="")
        parser.add_argument("--run", type=int)
        parser.add_argument("--layout", choices=[each.name for each in LAYOUTS], default="")
        parser.add_argument("--split", default=usual.split, help="one split alone: train, validation, test")
        parser.add_argument("--separator", default=usual.separator, help="between instruction and input as one text")
        parser.add_argument("--default-system", default=usual.default_system, help="for rows without a system text")
        parser.add_argument("--template", choices=[each.name for each in CHAT_TEMPLATES], default=usual.template)
        for name, told in _TICKS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", action="store_true", help=told)

    def handle(self, *, project: str, output: Path, **asked: Any) -> None:
        """Exit code 0 when the file stands at its place, 1 with one sentence when nothing was written."""
        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(_("There is no project %(name)s.") % {"name": project}, returncode=REFUSED)
        asked["format"] = format_called(asked["format"], to_write=True).name
        export = self._built(found, asked)
        if export.job.state != Job.State.DONE:
            raise CommandError(_why(export), returncode=REFUSED)
        self._copy(file_path(export), output)
        if asked["manifest"]:
            self._copy(manifest_path(export), asked["manifest"])
        said = _("%(count)d rows of version %(number)d written to %(file)s (sha256 %(sum)s)")
        values = {"count": export.rows, "number": export.version.number, "file": output, "sum": export.sha256}
        self.stdout.write(said % values)

    def _built(self, project: Project, asked: dict[str, Any]) -> Export:
        names = ("task_type", "language", "tag", "run", "kind", "without_model", "ready")
        options = {name: asked[name] for name in (*_TEXTS, *_TICKS)}
        options["layout"] = options["layout"] or _usual_layout(asked["format"])
        try:
            return export_at_once(
                project,
                owner=f"{socket.gethostname()}:{os.getpid()}",
                clock=timezone.now,
                format_name=asked["format"],
                selection=Selection(**{name: asked[name] for name in names}),
                version=_version(project, asked["dataset"], asked["number"]),
                options=ExportOptions(**options),
            )
        except NothingApprovedError:
            message = _("No approved row meets this selection. --without-model adds rows that were made by rules.")
        except UnreachableError:
            message = _("Rows of this kind cannot be written in this format.")
        except UnknownLayout as error:
            message = _("This format is not written as %(layout)s.") % {"layout": error}
        raise CommandError(message, returncode=REFUSED)

    def _copy(self, source: Path, target: Path) -> None:
        with files.writing(target) as file, source.open("rb") as stored:
            copyfileobj(stored, file)


def _usual_layout(name: str) -> str:
    return format_named(name).layouts[0]


def _version(project: Project, name: str | None, number: int | None) -> DatasetVersion | None:
    """The version that was asked for by name and number, the newest without a number; None when none was asked for."""
    if name is None:
        if number is not None:
            raise CommandError(_("--dataset-version needs --dataset."), returncode=REFUSED)
        return None
    versions = DatasetVersion.objects.in_project(project).complete().filter(dataset__name=name)
    found = versions.filter(number=number).first() if number is not None else versions.first()
    if found is None:
        raise CommandError(_("There is no such frozen version in this project."), returncode=REFUSED)
    return found


def _why(export: Export) -> str:
    """Why there is no file, with the first faults that the target would have refused."""
    said = str(EXPORT_FAULTS.get(export.job.message) or export.job.message or _("The export was cancelled."))
    faults = [
        files.one_line(each.get("line", 0), each["code"], each.get("path", "")) for each in export.job.errors[:20]
    ]
    return "\n".join([said, *faults])
