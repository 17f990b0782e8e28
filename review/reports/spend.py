"""What a project spent, by run, recipe, model, prompt version, stage and day, and what an approved sample of it cost.

Sums are read from runs and from the tallies that move with their calls, never from the calls. Currencies are never
added up: a line is of one currency. Offline runs cost nothing and are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.db.models import Count, Q, Sum

from generation.models import Project, PromptVersion, Run, Sample, Spend

By = Literal["run", "recipe", "model", "prompt", "stage", "day"]
KINDS: tuple[By, ...] = ("run", "recipe", "model", "prompt", "stage", "day")
UNKNOWN = ""
"""The currency of runs whose model had no price: their calls are counted and their cost is not known."""
_CHUNK = 500
_DAYS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One sum. `key` names what it is of; `approved` is None where samples cannot be counted by it."""

    key: str
    currency: str
    cost_micro: int = 0
    maybe_billed_micro: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    reused: int = 0
    saved_micro: int = 0
    approved: int | None = None
    runs: int = 0
    run: Run | None = field(default=None, compare=False, repr=False)

    @property
    def per_approved_micro(self) -> int | None:
        """What one approved sample cost, all that was spent on the others included; None without any."""
        if not self.approved or self.currency == UNKNOWN:
            return None
        return -(-(self.cost_micro + self.maybe_billed_micro) // self.approved)

    def __add__(self, other: Line) -> Line:
        approved = None if self.approved is None and other.approved is None else 0
        if approved is not None:
            approved = (self.approved or 0) + (other.approved or 0)
        return replace(
            self, cost_micro=self.cost_micro + other.cost_micro,
            maybe_billed_micro=self.maybe_billed_micro + other.maybe_billed_micro, calls=self.calls + other.calls,
            tokens_in=self.tokens_in + other.tokens_in, tokens_out=self.tokens_out + other.tokens_out,
            reused=self.reused + other.reused, saved_micro=self.saved_micro + other.saved_micro, approved=approved,
            runs=self.runs + other.runs, run=None,
        )  # fmt: skip


def totals(project: Project) -> list[Line]:
    """The whole project, a line for each currency."""
    return _merged(replace(line, key="") for line in _by_run(project))


def spend_by(project: Project, *, by: By) -> list[Line]:
    """The project's lines of one kind, the dearest first; days in their order, the latest sixty."""
    lines = {
        "run": _by_run, "recipe": _by_recipe, "model": _by_model, "prompt": _by_prompt, "stage": _by_stage,
        "day": _by_day,
    }[by](project)  # fmt: skip
    if by == "day":
        return sorted(lines, key=lambda line: (line.key, line.currency))
    return sorted(lines, key=lambda line: (-line.cost_micro - line.maybe_billed_micro, -line.calls, line.key))


def by_project(projects: Sequence[Project]) -> dict[int, list[Line]]:
    """Project id -> a line for each currency, in two queries for all of them; without approved samples."""
    found: dict[int, dict[str, Line]] = defaultdict(dict)
    runs = Run.objects.filter(project__in=projects, offline=False).exclude(endpoint=None).order_by()
    priced = runs.exclude(input_price=None).values("project_id", "currency")
    for spent in priced.annotate(cost=Sum("spent_micro"), maybe=Sum("maybe_billed_micro"), runs=Count("id")):
        line = Line("", spent["currency"], spent["cost"], spent["maybe"], runs=spent["runs"])
        found[spent["project_id"]][spent["currency"]] = line
    sums = Spend.objects.filter(run__in=runs.exclude(input_price=None)).order_by()
    for each in sums.values("run__project_id", "run__currency").annotate(**_SUMS):
        row: Mapping[str, Any] = each
        line = found[row["run__project_id"]][row["run__currency"]]
        moved = replace(_of_sums("", line.currency, row), cost_micro=0)
        found[row["run__project_id"]][row["run__currency"]] = line + moved
    return {project: list(lines.values()) for project, lines in found.items()}


_SUMS = {
    "n_calls": Sum("calls"), "n_in": Sum("tokens_in"), "n_out": Sum("tokens_out"), "n_cost": Sum("cost_micro"),
    "n_reused": Sum("reused"), "n_saved": Sum("saved_micro"),
}  # fmt: skip


def _of_sums(key: str, currency: str, row: Mapping[str, Any]) -> Line:
    return Line(
        key, currency, row["n_cost"], calls=row["n_calls"], tokens_in=row["n_in"], tokens_out=row["n_out"],
        reused=row["n_reused"], saved_micro=row["n_saved"],
    )  # fmt: skip


def _runs(project: Project) -> Any:
    """The runs that asked a model, newest first."""
    runs = Run.objects.filter(project=project, offline=False).exclude(endpoint=None).order_by("-id")
    return runs.defer("seed_ids", "pinned", "template_texts", "params")


def lines_of_runs(runs: Sequence[Run]) -> list[Line]:
    """Each run's own sums, in their order; its calls and tokens are left out."""
    approved = _approved([run.pk for run in runs])
    return [
        Line(
            str(run.pk), _currency(run), run.spent_micro, run.maybe_billed_micro, approved=approved.get(run.pk, 0),
            runs=1, run=run,
        )
        for run in runs
    ]  # fmt: skip


def _by_run(project: Project) -> list[Line]:
    sums = {row["run"]: row for row in _spends(project).values("run").annotate(**_SUMS)}
    lines = []
    for line in lines_of_runs(list(_runs(project))):
        if line.run and line.run.pk in sums:
            moved = replace(_of_sums("", line.currency, sums[line.run.pk]), cost_micro=0)
            line = replace(line + moved, run=line.run)
        lines.append(line)
    return lines


def _by_recipe(project: Project) -> list[Line]:
    return _merged(replace(line, key=line.run.recipe) for line in _by_run(project) if line.run)


def _by_model(project: Project) -> list[Line]:
    return _merged(replace(line, key=line.run.model) for line in _by_run(project) if line.run)


def _by_prompt(project: Project) -> list[Line]:
    """By each slot's version. A run counts for every slot that it used, so these lines are not to be added up."""
    lines = [line for line in _by_run(project) if line.run]
    wanted = {version for line in lines if line.run for version in line.run.template_versions.values() if version}
    numbers = dict(PromptVersion.objects.filter(pk__in=wanted).values_list("pk", "number"))
    return _merged(
        replace(line, key=f"{slot} {line.run.language} {version_name(numbers.get(version))}")
        for line in lines if line.run
        for slot, version in line.run.template_versions.items()
    )  # fmt: skip


def version_name(number: int | None) -> str:
    """A version as a machine word: "v2", or "shipped"."""
    return f"v{number}" if number else "shipped"


def _by_stage(project: Project) -> list[Line]:
    return [*_grouped(project, "stage"), *_earlier(project)]


def _by_day(project: Project) -> list[Line]:
    newest = _spends(project).order_by("-day").values_list("day", flat=True).distinct()[:_DAYS]
    days = list(newest)
    return _grouped(project, "day", _spends(project).filter(day__gte=days[-1]) if days else None)


def _spends(project: Project) -> Any:
    return Spend.objects.filter(run__project=project, run__offline=False).order_by()


def _grouped(project: Project, name: str, rows: Any = None) -> list[Line]:
    known = (rows if rows is not None else _spends(project)).annotate(unpriced=Q(run__input_price=None))
    return _merged(
        _of_sums(str(row[name]), UNKNOWN if row["unpriced"] else row["run__currency"], row)
        for row in known.values(name, "run__currency", "unpriced").annotate(**_SUMS)
    )


def _earlier(project: Project) -> Iterator[Line]:
    """What was spent before stages were counted: a line without a name."""
    for total in totals(project):
        counted = sum(line.cost_micro for line in _grouped(project, "stage") if line.currency == total.currency)
        if total.cost_micro > counted:
            yield Line("", total.currency, total.cost_micro - counted)


def _currency(run: Run) -> str:
    return UNKNOWN if run.input_price is None else run.currency


def _approved(runs: Sequence[int]) -> dict[int, int]:
    """Run id -> its approved samples, by an index on run and state."""
    found: dict[int, int] = {}
    for start in range(0, len(runs), _CHUNK):
        rows = Sample.objects.filter(run__in=runs[start : start + _CHUNK], state=Sample.State.APPROVED).order_by()
        found |= dict(rows.values_list("run").annotate(Count("id")))
    return found


def _merged(lines: Iterable[Line]) -> list[Line]:
    """Lines of the same key and currency as one."""
    found: dict[tuple[str, str], Line] = {}
    for line in lines:
        at = (line.key, line.currency)
        found[at] = found[at] + line if at in found else replace(line, run=None)
    return list(found.values())
