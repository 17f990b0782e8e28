"""How a version's rows came about, counted for its card."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from generation.models import Draft, Job, PromptVersion, Run, Sample
from review.exporting.cards.facts import Lineage, Method
from review.models import Dataset, DatasetVersion, Decision

Kind = Dataset.Kind
_PREFIX = {Kind.SFT: "sample__", Kind.RANKING: "sample__", Kind.PREFERENCE: "pair__sample__"}
_MOST = 200


def lineage(version: DatasetVersion) -> Lineage:
    """Methods, languages, drops, decisions and reviewers of a sealed version; a handful of statements, whatever its
    size. Rejections and drops are those of the runs that the version's rows come from."""
    kind = Kind(version.dataset.kind)
    prefix = _PREFIX.get(kind, f"{kind.value}__")
    of_samples = kind in _PREFIX
    pins = version.pins.order_by()
    runs = _counts(pins, f"{prefix}run_id") if of_samples else {}
    jobs = _counts(pins, "pair__job_id" if kind == Kind.PREFERENCE else f"{prefix}job_id")
    origins = _counts(pins, _ORIGIN[kind]) if kind in _ORIGIN else {"import": version.rows}
    run_ids = [run for run in runs if run is not None]
    methods = [*_of_runs(runs), *_of_imports(jobs)]
    rest = version.rows - sum(each.rows for each in methods)
    if rest > 0:
        methods.append(Method("person or other", rest))
    return Lineage(
        kind=kind.value,
        methods=tuple(methods),
        origins={str(origin): rows for origin, rows in sorted(origins.items())},
        languages={code: rows for code, rows in sorted(_counts(pins, f"{prefix}language").items()) if code},
        dropped=_reasons(Draft.objects.filter(run_id__in=run_ids, state=Draft.State.DROPPED)),
        rejected=_reasons(Sample.objects.filter(run_id__in=run_ids, state=Sample.State.REJECTED)),
        decisions=_decisions(version, prefix) if of_samples else {},
        reviewers=_reviewers(version, prefix) if of_samples else (),
    )


_ORIGIN = {Kind.SFT: "sample__origin", Kind.RANKING: "sample__origin", Kind.PREFERENCE: "pair__source"}


def _counts(rows: Any, name: str) -> dict[Any, int]:
    return dict(rows.values_list(name).annotate(n=Count("pk")).values_list(name, "n"))


def _reasons(rows: Any) -> dict[str, int]:
    found = rows.exclude(reason="").order_by().values_list("reason").annotate(n=Count("pk"))
    return dict(sorted(found.values_list("reason", "n")))


def _of_runs(counts: dict[Any, int]) -> list[Method]:
    runs = Run.objects.select_related("endpoint").filter(pk__in=[pk for pk in counts if pk is not None]).order_by("pk")
    told = []
    for run in runs[:_MOST]:
        numbers = PromptVersion.objects.in_bulk([pk for pk in run.template_versions.values() if pk])
        prompts = {
            slot: f"v{numbers[pk].number}" if pk in numbers else "as shipped"
            for slot, pk in sorted(run.template_versions.items())
        }
        told.append(
            Method(
                f"run {run.pk}, {run.recipe}",
                counts[run.pk],
                model=run.model,
                provider=run.endpoint.kind if run.endpoint else "",
                prompts=prompts,
                random_seed=run.random_seed,
            )
        )
    return told


def _of_imports(counts: dict[Any, int]) -> list[Method]:
    jobs = Job.objects.filter(pk__in=[pk for pk in counts if pk is not None]).order_by("pk")[:_MOST]
    return [Method(f"import {job.pk}", counts[job.pk], file=str(job.params.get("name", ""))[:200]) for job in jobs]


def _of_version(version: DatasetVersion, prefix: str) -> Any:
    samples = version.pins.order_by().values(f"{prefix}id")
    return Decision.objects.filter(sample_id__in=samples, created_at__lte=version.frozen_at).order_by()


def _decisions(version: DatasetVersion, prefix: str) -> dict[str, int]:
    return dict(sorted(_counts(_of_version(version, prefix), "action").items()))


def _reviewers(version: DatasetVersion, prefix: str) -> tuple[str, ...]:
    found = _of_version(version, prefix).filter(action__in=["approve", "edit"])
    return tuple(found.values_list("person__username", flat=True).distinct().order_by("person__username")[:_MOST])
