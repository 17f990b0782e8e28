"""The versions of one prompt with what came of them: runs, samples that people approved, and what those cost."""

from __future__ import annotations

from dataclasses import dataclass, field

from generation.models import Project, PromptVersion, Run
from review.reports.spend import Line, lines_of_runs


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version; None stands for the shipped text. `sums` are its runs' costs, a line for each currency."""

    version: PromptVersion | None
    text: str
    in_use: bool
    runs: int = 0
    approved: int = 0
    sums: list[Line] = field(default_factory=list)

    @property
    def key(self) -> int:
        """The version's id, 0 for the shipped text."""
        return self.version.pk if self.version else 0


def version_lines(project: Project, *, recipe: str, slot: str, language: str, shipped: str) -> list[VersionLine]:
    """The project's versions of the slot, newest first; the shipped text last, unless version 1 holds its words.

    Runs with the shipped text count for version 1 where that is the same text.
    """
    rows = PromptVersion.objects.filter(
        template__project=project, template__slot=slot, template__language=language, template__name=""
    )
    versions: list[PromptVersion | None] = list(rows.select_related("author"))
    first = next((each for each in versions if each and each.text == shipped and each.author_id is None), None)
    newest = versions[0] if versions else None
    if first is None:
        versions.append(None)
    runs = Run.objects.filter(project=project, recipe=recipe, language=language).order_by("-id")
    by_version: dict[int, list[Run]] = {}
    for run in runs.only("id", "template_versions", "input_price", "currency", "spent_micro", "maybe_billed_micro",
                         "offline", "preview"):  # fmt: skip
        used = run.template_versions.get(slot)
        if used is not None:
            by_version.setdefault(used or (first.pk if first else 0), []).append(run)
    return [
        _line(each, by_version.get(each.pk if each else 0, []), shipped, in_use=each is newest) for each in versions
    ]


def _line(version: PromptVersion | None, runs: list[Run], shipped: str, *, in_use: bool) -> VersionLine:
    lines = lines_of_runs(runs)
    paid = [line for line in lines if line.run and not line.run.offline]
    sums: dict[str, Line] = {}
    for line in paid:
        sums[line.currency] = sums[line.currency] + line if line.currency in sums else line
    return VersionLine(
        version, version.text if version else shipped, in_use, sum(not run.preview for run in runs),
        sum(line.approved or 0 for line in lines), list(sums.values()),
    )  # fmt: skip
