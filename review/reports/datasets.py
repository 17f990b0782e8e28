"""What the pages of datasets read: what a recipe would give, the list of datasets, one version with its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import Any

from django.db.models import Count, OuterRef, Subquery

from generation.access import Seat
from generation.models import Job, Person, PreferencePair, Project, Run, RunTally, Sample
from generation.models.cells import cells_of
from generation.recipe_words import title_of
from review.actions.score_files import KIND as SCORES
from review.labels import ORIGINS
from review.mixes.blend import Blend, blend
from review.mixes.mixing import Portion, rates, sizes
from review.mixes.readiness import Remark, readiness
from review.mixes.recipe import Recipe
from review.mixes.snapshot import pool_of
from review.mixes.splitting import NAMES, wanted
from review.mixes.uses import use_named
from review.models import Dataset, DatasetVersion, RowSelection
from review.reports.counts import LEAST_UNSEEN, may_count, sees_labels
from review.selection import Figures, figures, narrows

EXACT_UP_TO = 20_000
"""Rows up to which a page works a recipe out in full; above that it shows the arithmetic without the reading."""
NEAR_UP_TO = 2_000
_SCORED = "score."
_MOST_RUBRICS = 20
_MOST_TYPES, _MOST_LANGUAGES = 200, 50


@dataclass(frozen=True, slots=True)
class SourceSeen:
    """One source of a mix before it is frozen: what its selection meets and what it would give."""

    number: int
    name: str
    general: bool
    figures: Figures
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a recipe would give now. `exact` is False where rows were counted but not read: then rows left out as
    duplicates or by balancing, and groups of a split, are not known yet. `blind` says that filters which would tell the
    person what is kept from voters were left out."""

    sources: Sequence[SourceSeen]
    rows: int
    splits: Mapping[str, int]
    remarks: Sequence[Remark]
    exact: bool
    blind: bool = False

    @property
    def general_share(self) -> float | None:
        """What the general sources make up of the whole, None without any."""
        general = sum(each.manifest["n_sampled"] for each in self.sources if each.general)
        return general / self.rows if self.rows and any(each.general for each in self.sources) else None


def outlook(seat: Seat, recipe: Recipe) -> Outlook:
    """The recipe worked out on the rows as they are now, nothing written: for who may not know what its filters would
    tell, without those."""
    project = seat.project
    if blind := not may_count(seat, recipe):
        recipe = recipe.neutral()
    found = [figures(project, source.selection) for source in recipe.sources]
    counts = [
        each.approved if source.selection.without_model else each.made_with_model
        for each, source in zip(found, recipe.sources, strict=True)
    ]
    exact = 0 < sum(counts) <= EXACT_UP_TO and (recipe.size or 0) <= EXACT_UP_TO
    if exact:
        mixed = _worked_out(project, recipe, near=sum(counts) <= NEAR_UP_TO)
        rows, splits, manifest, warnings = len(mixed), mixed.splits, mixed.manifest, mixed.warnings
        known: dict[str, Any] = {"repeats": mixed.repeats()}
    else:
        rows, splits, manifest, warnings = _reckoned(recipe, counts)
        known = {}
    labels = _labels(project, recipe) if rows >= LEAST_UNSEEN or sees_labels(seat, recipe) else {}
    known |= {"warnings": warnings} | labels | _rubrics(project, recipe)
    remarks = readiness(use_named(recipe.use), rows=rows, figures=known)
    seen = [
        SourceSeen(number, source.name, source.general, each, told)
        for number, (source, each, told) in enumerate(zip(recipe.sources, found, manifest, strict=True), 1)
    ]
    return Outlook(seen, rows, splits, remarks, exact, blind)


def _worked_out(project: Project, recipe: Recipe, *, near: bool) -> Blend:
    apart = tuple(name for name in recipe.apart if name != "near" or near)
    recipe = replace(recipe, apart=apart)
    pools = [
        pool_of(
            project, selection=source.selection, balance=recipe.balance, prompts=bool(recipe.ratios and apart),
            texts="near" in apart,
        )
        for source in recipe.sources
    ]  # fmt: skip
    return blend(recipe, pools=pools)


def _reckoned(recipe: Recipe, counts: Sequence[int]) -> tuple[int, dict[str, int], list[dict[str, Any]], list[str]]:
    portions = [
        Portion(count, source.cap, source.weight, source.general)
        for count, source in zip(counts, recipe.sources, strict=True)
    ]
    given = sizes(
        portions, size=recipe.size, temperature=recipe.temperature, general_share=recipe.general_share,
        repeat=recipe.repeat,
    )  # fmt: skip
    shares = rates(portions, temperature=recipe.temperature)
    manifest = [
        {"n_available": count, "n_sampled": taken, "rate": float(share), "cap": source.cap}
        for count, taken, share, source in zip(counts, given, shares, recipe.sources, strict=True)
    ]
    rows = sum(given)
    parts = wanted(rows, ratios=recipe.ratios, at_least_one=recipe.at_least_one) if recipe.ratios else []
    splits = {name: part for name, part, ratio in zip(NAMES, parts, recipe.ratios, strict=False) if ratio}
    return rows, splits, manifest, [f"empty_{name}" for name, part in splits.items() if not part] if rows else []


def _labels(project: Project, recipe: Recipe) -> dict[str, Any]:
    """Good and bad rows among what is selected, for KTO; with a balance of labels, what that leaves of them."""
    if recipe.kind != Dataset.Kind.FEEDBACK:
        return {}
    counts: dict[bool, int] = {True: 0, False: 0}
    for source in recipe.sources:
        rows = source.selection.rows(project).order_by().values_list("good").annotate(n=Count("pk"))
        for good, number in rows:
            counts[good] += number
    if recipe.balance == "label" and all(counts.values()):
        most = max(1, floor(recipe.ratio * min(counts.values())))
        counts = {good: min(number, most) for good, number in counts.items()}
    return {"good": counts[True], "bad": counts[False]}


def _rubrics(project: Project, recipe: Recipe) -> dict[str, Any]:
    """How many rubrics the judges of the selected pairs followed; two are known to be more than one."""
    if recipe.kind != Dataset.Kind.PREFERENCE:
        return {}
    found: set[str] = set()
    for source in recipe.sources:
        rows = source.selection.rows(project).order_by().exclude(rubric="")
        found |= set(rows.values_list("rubric", flat=True).distinct()[:_MOST_RUBRICS])
    return {"rubrics": len(found)}


def facets(project: Project, kind: str) -> dict[str, list[tuple[str, str]]]:
    """Values and labels to narrow a source down with."""
    cells = cells_of(project)
    used = [cell for cell in cells if kind != Dataset.Kind.SFT or cell.state == Sample.State.APPROVED]
    runs = Run.objects.in_project(project).filter(preview=False).values_list("id", "recipe")[:200]
    imports = Job.objects.in_project(project).filter(kind="generation.import_rows")[:200]
    people = Person.objects.filter(memberships__project=project).order_by("username").values_list("pk", "username")
    return {
        "task_type": [(value, value) for value in sorted({cell.task_type for cell in used} - {""})[:_MOST_TYPES]],
        "language": [(value, value) for value in sorted({cell.language for cell in cells} - {""})[:_MOST_LANGUAGES]],
        "run": [(str(number), f"#{number} {title_of(recipe)}") for number, recipe in runs],
        "job": [(str(job.pk), f"#{job.pk} {job.params.get('name', '')}".strip()) for job in imports],
        "reviewer": [(str(number), name) for number, name in people],
        "origin": [(value, value) for value in _origins(kind)],
        "aspect": [(name, name) for name in aspects(project)] if "scores" in narrows(kind) else [],
        "ranked": _selections(project) if "ranked" in narrows(kind) else [],
    }


def _selections(project: Project) -> list[tuple[str, str]]:
    rows = RowSelection.objects.filter(project=project).exclude(finished_at=None).order_by("-pk")[:200]
    return [(str(row.pk), str(row)) for row in rows]


def _origins(kind: str) -> Sequence[str]:
    if kind == Dataset.Kind.FEEDBACK:
        return ORIGINS
    return PreferencePair.Source.values if kind == Dataset.Kind.PREFERENCE else Sample.Origin.values


def aspects(project: Project) -> list[str]:
    """The aspects that samples were scored by: by runs of the project, and in files that were read in. Read off the
    counters of both: samples may be many."""
    names = RunTally.objects.filter(run__project=project, name__startswith=_SCORED).values_list("name", flat=True)
    files = Job.objects.in_project(project).filter(kind=SCORES, accepted__gt=0).values_list("params__aspect", flat=True)
    return sorted({name.removeprefix(_SCORED) for name in names} | set(files))


def listed(project: Project) -> Any:
    """The project's datasets with their number of complete versions and the newest of them, latest work first."""
    versions = DatasetVersion.objects.filter(dataset=OuterRef("pk")).complete().order_by("-number")
    newest = {name: Subquery(versions.values(name)[:1]) for name in ("number", "rows", "frozen_at", "splits")}
    found = Dataset.objects.filter(project=project).annotate(
        newest=newest["number"], rows=newest["rows"], frozen_at=newest["frozen_at"], splits=newest["splits"],
        versions_made=Count("versions"),
    )  # fmt: skip
    return found.order_by("-frozen_at", "-pk")
