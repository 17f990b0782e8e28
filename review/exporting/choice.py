"""What a person asks for on the page of a new export, read from a query string or a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from generation.formats import FORMATS
from generation.formats.base import Format
from generation.models import Project, Run, Sample
from generation.models.cells import cells_of
from generation.recipe_words import title_of
from generation.types import Kind
from review.exporting.options import ExportOptions, can_become, targets
from review.models import DatasetVersion
from review.selection import Figures, Selection


@dataclass(frozen=True, slots=True)
class Choice:
    """A version, or a selection of what is approved now, with a target. `asked` says that a person saw the form before;
    until then the tick for rows made without a model is preset where there are no others."""

    format: Format
    selection: Selection = Selection()  # noqa: RUF009 - frozen
    version: DatasetVersion | None = None
    options: ExportOptions = ExportOptions()  # noqa: RUF009 - frozen
    asked: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, project: Project) -> Choice:
        """The known names of a query; whatever else it holds has no meaning."""
        version = _version(project, query.get("version", ""))
        kind = version.dataset.kind if version else "sft"
        known = {each.name: each for each in FORMATS if can_become(kind, each)}
        chosen = known.get(query.get("format", "")) or next(each for each in known.values() if each.kind == kind)
        options = ExportOptions.from_query(query, chosen=chosen)
        asked = "asked" in query
        if not asked and version and version.splits.get("train") and not options.bundle and not options.split:
            # What is held out for measuring goes into a training file only when somebody says so.
            options = replace(options, split="train")
        return cls(chosen, _selection(query), version, options, asked=asked)

    @property
    def kind(self) -> Kind:
        """What the rows are before any conversion."""
        return cast(Kind, self.version.dataset.kind if self.version else self.selection.kind)

    @property
    def targets(self) -> list[tuple[Kind, str, list[Format]]]:
        """The formats that these rows can be written in, with what each way loses."""
        return targets(FORMATS, kind=self.kind)

    @property
    def mixes_splits(self) -> bool:
        """Whether one file would hold rows to train on beside rows that were held out."""
        held_out = self.version and any(self.version.splits.get(name) for name in ("validation", "test"))
        return bool(held_out) and not self.options.split and not self.options.bundle

    @property
    def lost(self) -> str:
        """What is lost on the way into the chosen format, in English, marked for the translators."""
        return next(lost for kind, lost, _ in self.targets if kind == self.format.kind)

    def as_query(self) -> list[tuple[str, str]]:
        """The names and values that `from_query` reads this from again."""
        told: dict[str, object] = {"asked": True, "format": self.format.name}
        if self.version:
            told["version"] = self.version.pk
        else:
            chosen = self.selection
            told |= {"task_type": chosen.task_type, "language": chosen.language, "run": chosen.run}
            told["without_model"] = chosen.without_model
        told |= self.options.as_config()
        said = {name: "1" if value is True else str(value) for name, value in told.items()}
        return [(name, said[name]) for name, value in told.items() if value not in (None, "", False)]

    def preset(self, found: Figures) -> Choice:
        """The choice with the tick as it should stand when the page is seen for the first time."""
        if self.asked or not found.approved or found.made_with_model:
            return self
        return replace(self, selection=replace(self.selection, without_model=True))


def _version(project: Project, name: str) -> DatasetVersion | None:
    if not (name.isascii() and name.isdigit() and len(name) < 16):
        return None
    versions = DatasetVersion.objects.in_project(project).complete().select_related("dataset")
    return versions.filter(pk=int(name)).first()


def _selection(query: Mapping[str, str]) -> Selection:
    run = query.get("run", "")
    return Selection(
        task_type=query.get("task_type", "")[:60].replace("\0", ""),
        language=query.get("language", "")[:10].replace("\0", ""),
        run=int(run) if run.isascii() and run.isdigit() and len(run) < 16 else None,
        without_model=bool(query.get("without_model")),
    )


def facets(project: Project) -> dict[str, list[tuple[str, str]]]:
    """Values and labels to narrow a selection down with, as they occur among approved rows."""
    approved = [cell for cell in cells_of(project) if cell.state == Sample.State.APPROVED]
    runs = Run.objects.in_project(project).values_list("id", "recipe")[:200]
    return {
        "task_type": [(value, value) for value in sorted({cell.task_type for cell in approved} - {""})],
        "language": [(value, value) for value in sorted({cell.language for cell in approved} - {""})],
        "run": [(str(number), f"#{number} {title_of(recipe)}") for number, recipe in runs],
    }


def versions(project: Project) -> list[DatasetVersion]:
    """The frozen versions to choose from, newest first."""
    found = DatasetVersion.objects.in_project(project).complete().select_related("dataset")
    return list(found[:200])
