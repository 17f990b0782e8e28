"""Files that a command brings into a project before it runs: the same file twice adds nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from generation.actions.documents import DocumentRefusedError, add_document
from generation.actions.seed_rows import with_defaults
from generation.actions.seeds import DuplicateSeedError, FaultySeedError, save_seed
from generation.formats import seed_tasks
from generation.management import files
from generation.models import Project, Seed, Vocabulary
from generation.row_words import ROW_FAULTS
from generation.samples import sample_path
from generation.types import RowError
from generation.words import word

Say = Callable[[str], object]


def seeds(project: Project, *, path: Path, say: Say) -> list[int]:
    """The ids of the file's rows among the project's seeds, brought in where they are new; names faulty lines."""
    ids: list[int] = []
    known = 0
    with files.reading(path) as file:
        for line, row in seed_tasks.read(file):
            if isinstance(row, RowError):
                say(files.one_line(line, row.code, row.path))
                continue
            try:
                source = path.name[:200]
                ids.append(save_seed(project, row=with_defaults(row), source=source, now=timezone.now()).pk)
            except DuplicateSeedError as twin:
                ids.append(twin.seed.pk)
                known += 1
            except FaultySeedError as error:
                say(files.one_line(line, error.error.code, error.error.path))
    if not ids:
        raise CommandError(_("%(file)s holds no usable row.") % {"file": path})
    say(
        _("%(file)s: %(new)d new seeds, %(known)d known.")
        % {"file": path.name, "new": len(ids) - known, "known": known}
    )
    return list(dict.fromkeys(ids))


def samples_of_ours(project: Project, *, say: Say) -> None:
    """Gives a project without any seed the ones that ship with FDC, in its language."""
    if Seed.objects.in_project(project).exists():
        return
    language = "zh" if project.language.startswith("zh") else "en"
    seeds(project, path=sample_path(f"demo_seeds.{language}.jsonl"), say=say)


def documents(project: Project, *, paths: Sequence[Path], say: Say) -> tuple[int, ...] | None:
    """The ids of the documents in these files, brought in where they are new; None when no file was named."""
    if not paths:
        return None
    ids = []
    for path in paths:
        with files.reading(path) as file:
            try:
                added = add_document(project, name=path.name, file=file, now=timezone.now())
            except DocumentRefusedError as refused:
                why = word(ROW_FAULTS, refused.code)
                raise CommandError(_("%(file)s: %(why)s") % {"file": path, "why": why}) from None
        ids.append(added.document.pk)
        told = _("%(file)s was read in.") if added.new else _("%(file)s is known.")
        say(told % {"file": path.name})
    return tuple(ids)


def vocabulary(project: Project, *, name: str) -> int:
    """The id of the project's vocabulary of that name."""
    found = Vocabulary.objects.filter(project=project, name=name).first()
    if found is None:
        raise CommandError(_("The project has no vocabulary called %(name)s.") % {"name": name})
    return found.pk
