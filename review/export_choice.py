"""What a person asks for on the page of a new export, read from a query string or a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO

from generation import formats
from generation.formats import FORMATS
from generation.formats.base import Format
from generation.models import Project, Run, Sample
from review.selection import Figures, Selection, example_of, figures

PREVIEW_ROWS = 3
PREVIEW_CHARACTERS = 6000


@dataclass(frozen=True, slots=True)
class Choice:
    """A format and a selection. `asked` says that a person saw the form before; until then the tick for rows made
    without a model is preset where there are no others."""

    format: Format
    selection: Selection
    layout: str = "jsonl"
    asked: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Choice:
        """The known names of a query; whatever else it holds has no meaning."""
        known = {each.name: each for each in FORMATS}
        chosen = known.get(query.get("format", ""), FORMATS[0])
        layout = query.get("layout", "")
        run = query.get("run", "")
        selection = Selection(
            task_type=query.get("task_type", "")[:60].replace("\0", ""),
            language=query.get("language", "")[:10].replace("\0", ""),
            run=int(run) if run.isascii() and run.isdigit() and len(run) < 16 else None,
            without_model=bool(query.get("without_model")),
        )
        return cls(chosen, selection, layout if layout in chosen.layouts else chosen.layouts[0], asked="asked" in query)

    def preset(self, found: Figures) -> Choice:
        """The choice with the tick as it should stand when the page is seen for the first time."""
        if self.asked or not found.approved or found.made_with_model:
            return self
        return replace(self, selection=replace(self.selection, without_model=True))


@dataclass(frozen=True, slots=True)
class Offer:
    """What the file would hold: exact counts and its first lines, before anything is written."""

    choice: Choice
    figures: Figures
    rows: int
    text: str
    cut: bool


def offer(project: Project, choice: Choice) -> Offer:
    """The counts and the first rows in the format itself. Two queries."""
    found = figures(project, choice.selection)
    choice = choice.preset(found)
    rows = found.approved if choice.selection.without_model else found.made_with_model
    first = [example_of(sample) for sample in choice.selection.rows(project)[:PREVIEW_ROWS]]
    file = BytesIO()
    formats.write(first, file, chosen=choice.format, layout=choice.layout)
    text = file.getvalue().decode("utf-8") if first else ""
    return Offer(choice, found, rows, text[:PREVIEW_CHARACTERS], len(text) > PREVIEW_CHARACTERS)


def facets(project: Project) -> dict[str, list[tuple[str, str]]]:
    """Values and labels to narrow a selection down with, as they occur among approved rows."""
    approved = Sample.objects.in_project(project).approved().order_by()
    kinds = approved.exclude(task_type="").values_list("task_type", flat=True).distinct()
    languages = approved.exclude(language="").values_list("language", flat=True).distinct()
    runs = Run.objects.in_project(project).values_list("id", "recipe")[:200]
    return {
        "task_type": [(value, value) for value in sorted(kinds)],
        "language": [(value, value) for value in sorted(languages)],
        "run": [(str(number), f"#{number} {recipe}") for number, recipe in runs],
    }
