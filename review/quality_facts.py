"""Rows as reports on quality read them: samples as they stand, or whatever a frozen version pins."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from generation.actions.held_out import sets_with_rows
from generation.models import Answer, Feedback, Grounding, PreferencePair, Project, Sample, Seed, Text, Vocabulary
from generation.models.samples import SampleQuerySet
from generation.quality.diversity.positions import PLACE
from generation.quality.report import HeldOut, RowFacts
from generation.quality.rows import SAMPLE_FIELDS, draft_of, draft_of_sample
from generation.types import Draft, Span
from review.mixes.splitting import HELD_OUT
from review.models import Comparison, Dataset, DatasetVersion
from review.rows import PinnedRow, pinned_rows, score_of

BATCH = 2000
ALIVE = (Sample.State.APPROVED, Sample.State.NEEDS_REVIEW)
"""States of samples that count for what a project says and covers: what was rejected says nothing any more."""
MOST_HELD_OUT = 20_000
"""Evaluation rows of a project that its other rows are held against."""
MOST_TYPES = 100
MOST_LANGUAGES = 10
MADE_BY = {"model": "model", "rules": "rules", "template": "template", "import": "imported", "person": "human"}
_KNOWN = (
    "pk", "seed_id", "root_id", "origin", "state", "decided_by_id", "decided_at", "created_at", "scores", "run_id",
    "task_type", "language", "tags", "hides",
)  # fmt: skip
_HIDES = Exists(Answer.objects.filter(sample=OuterRef("pk"))) | Exists(Comparison.objects.filter(sample=OuterRef("pk")))
"""Whether people may be asked about a sample, so that its scores are not for everybody (`review/reports/sights.py`)."""
_OF_PAIRS = {Dataset.Kind.PREFERENCE.value}
_OF_SAMPLES = {Dataset.Kind.SFT.value, Dataset.Kind.RANKING.value}


def alive_in(project: Project) -> SampleQuerySet:
    """The project's samples that are approved or wait, and may be trained on."""
    return Sample.objects.in_project(project).filter(state__in=ALIVE, evaluation=False)


def facts_of_samples(rows: QuerySet[Sample]) -> Iterator[RowFacts]:
    """The samples in the order of their ids, a batch at a time."""
    last, rows = 0, rows.annotate(hides=_HIDES)
    while found := list(rows.filter(pk__gt=last).order_by("pk").values(*{*_KNOWN, *SAMPLE_FIELDS})[:BATCH]):
        last = found[-1]["pk"]
        spans = _spans([row["pk"] for row in found])
        places = _places(spans)
        for row in found:
            yield _facts(row["pk"], draft_of_sample(row), row, spans, places=places)


def facts_of_version(version: DatasetVersion) -> Iterator[RowFacts]:
    """What a sealed version pins, texts as they are pinned, each row once even where a mix repeats it.

    A pair's output is its chosen answer, a ranking's its best one; a text is all output. The ids are those of the
    samples, pairs, feedback or texts.
    """
    repeats = any(each.get("with_replacement") for each in version.figures.get("sources", ()))
    seen: set[int] = set()
    for batch in pinned_rows(version, batch=BATCH):
        if repeats:
            batch = [pinned for pinned in batch if not (pinned.subject in seen or seen.add(pinned.subject))]  # type: ignore[func-returns-value]
        known, spans = _known(batch), _spans([pinned.sample for pinned in batch if pinned.sample])
        languages, places = _languages(batch, version.dataset.kind), _places(spans)
        judged = _reviewed_pairs(batch) if version.dataset.kind in _OF_PAIRS else {}
        for pinned in batch:
            row = known.get(pinned.sample or 0, _of_import(pinned, languages.get(pinned.subject, "")))
            draft = draft_of(pinned.row, task_type=row["task_type"], language=row["language"])
            yield _facts(
                pinned.subject, draft, row, spans, places=places, reviewed=judged.get(pinned.subject),
                held_out=pinned.split in HELD_OUT,
            )  # fmt: skip


def held_out_of(project: Project, *, of_pool: bool = True) -> tuple[HeldOut, ...]:
    """The project's evaluation sets, and its rows that are kept for evaluation as one more. `of_pool` says that the
    samples as they stand are measured, among which those are that a held-out split was made of; where a version is
    measured they are no exception: a row that was test in one version must not train in another."""
    sets = tuple(HeldOut(name, texts, rows if of_pool else ()) for name, texts, rows in sets_with_rows(project.pk))
    rows = Sample.objects.filter(project=project, evaluation=True).order_by("pk")
    texts = ["\n".join(filter(None, parts)) for parts in rows.values_list("instruction", "input")[:MOST_HELD_OUT]]
    return (*sets, HeldOut("evaluation", texts)) if texts else sets


def coverage_of(project: Project) -> dict[str, Any]:
    """What the project means to cover: the task types of its seeds, its own language and those of its seeds, and the
    categories of its vocabularies with the terms that tell them."""
    types = Seed.objects.filter(project=project).exclude(task_type="").order_by("task_type")
    found: dict[str, Any] = {"task_types": list(types.values_list("task_type", flat=True).distinct()[:MOST_TYPES])}
    spoken = Seed.objects.filter(project=project).exclude(language="").order_by("language")
    found["languages"] = list(
        dict.fromkeys([project.language[:2], *spoken.values_list("language", flat=True).distinct()[:MOST_LANGUAGES]])
    )
    categories: dict[str, list[str]] = {}
    for terms in Vocabulary.objects.filter(project=project).order_by("pk").values_list("terms", flat=True)[:20]:
        for category, words in terms.items():
            categories.setdefault(category, []).extend(words)
    if categories:
        found["categories"] = dict(list(categories.items())[:MOST_TYPES])
    return {name: value for name, value in found.items() if value}


def samples_of(kind: str) -> bool:
    """Whether the ids of rows of this kind are those of samples, which remedies can move."""
    return kind in _OF_SAMPLES


def _facts(
    pk: int, draft: Draft, row: Mapping[str, Any], spans: Mapping[int, tuple[Span, ...]], *,
    places: Mapping[int, str], reviewed: bool | None = None, held_out: bool = False,
) -> RowFacts:  # fmt: skip
    stands_on = spans.get(row["pk"], ())
    if stands_on or row["tags"]:
        place = {PLACE: places[row["pk"]]} if row["pk"] in places else {}
        draft = replace(draft, tags=tuple(row["tags"]), spans=stands_on, counted=place)
    values = {name: score_of({name: score}) for name, score in (row["scores"] or {}).items() if _on_a_scale(score)}
    return RowFacts(
        pk, draft, seed=row["seed_id"] or 0, family=row["seed_id"] or -(row["root_id"] or row["pk"] or pk),
        made_by=MADE_BY.get(row["origin"], row["origin"]), state=row["state"],
        reviewed=_seen(row) if reviewed is None else reviewed,
        scores={name: float(value) for name, value in values.items() if value is not None},
        run=row["run_id"] or 0, document=stands_on[0].document if stands_on else 0, held_out=held_out,
        hides=bool(row["hides"]),
    )  # fmt: skip


def _on_a_scale(score: Any) -> bool:
    """Whether a score can be held against others; a perplexity, which has no highest value, says nothing of worth."""
    return not isinstance(score, Mapping) or score.get("high", 0) is not None


def _spans(samples: Collection[int]) -> dict[int, tuple[Span, ...]]:
    found: dict[int, tuple[Span, ...]] = {}
    rows = Grounding.objects.filter(sample__in=samples).order_by("sample", "index")
    for sample, document, start, end in rows.values_list("sample_id", "document_id", "start", "end"):
        found[sample] = (*found.get(sample, ()), Span(document, start, end))
    return found


def _places(samples: Collection[int]) -> dict[int, str]:
    """Sample -> where among its passages its evidence stands ("3/9"), of those whose recipe placed it."""
    told = KeyTextTransform(PLACE, KeyTransform("counted", "draft__content"))
    rows = Sample.objects.filter(pk__in=samples).annotate(place=told)
    return dict(rows.filter(place__isnull=False).values_list("pk", "place")) if samples else {}


def _known(batch: list[PinnedRow]) -> dict[int, Mapping[str, Any]]:
    ids = [pinned.sample for pinned in batch if pinned.sample]
    rows = Sample.objects.filter(pk__in=ids).annotate(hides=_HIDES)
    return {row["pk"]: row for row in rows.values(*_KNOWN)} if ids else {}


def _seen(row: Mapping[str, Any]) -> bool:
    """Whether a person decided about the row by itself (`SampleQuerySet.seen`)."""
    came_approved = row["origin"] == Sample.Origin.IMPORT and row["decided_at"] == row["created_at"]
    return row["decided_by_id"] is not None and not came_approved


def _reviewed_pairs(batch: list[PinnedRow]) -> dict[int, bool]:
    """Pair -> whether a person preferred its chosen answer."""
    return {pinned.subject: pinned.origin in PreferencePair.BY_PEOPLE for pinned in batch}


def _languages(batch: list[PinnedRow], kind: str) -> dict[int, str]:
    """Subject -> language, of rows that hang on no sample."""
    ids = [each.subject for each in batch]
    if kind == Dataset.Kind.FEEDBACK:
        return dict(Feedback.objects.filter(pk__in=ids).values_list("pk", "language"))
    return dict(Text.objects.filter(pk__in=ids).values_list("pk", "language")) if kind == Dataset.Kind.TEXT else {}


def _of_import(pinned: PinnedRow, language: str) -> Mapping[str, Any]:
    """What is known of a row that hangs on no sample."""
    return {
        "pk": 0, "seed_id": None, "root_id": None, "origin": pinned.origin, "state": "", "decided_by_id": None,
        "decided_at": None, "created_at": None, "scores": {}, "run_id": pinned.run, "task_type": "",
        "language": language, "tags": (), "hides": False,
    }  # fmt: skip
