"""What a run draws from: chosen by a wish, pinned when the run starts, and read back as the views that recipes know."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Sum

from generation.actions.answer_sources import answer_pins, answered_samples, with_answers
from generation.actions.prompt_searches import approvals
from generation.models import Document, Grounding, Project, Revision, Run, Sample, Seed, Vocabulary
from generation.models.samples import SampleQuerySet
from generation.models.seeds import SeedQuerySet
from generation.recipes.base import Recipe, Source, reads
from generation.types import DocumentView, PromptView, SampleView, Sources, Span, Stock

_CHUNK = 2000
_EXACT = ("task_type", "language", "source")
_SAMPLE_EXACT = {"task_type": "task_type", "language": "language", "run": "run_id", "job": "job_id", "origin": "origin"}


PASSED = "passed"


class NothingChosenError(Exception):
    """A group of sources that the recipe needs is empty. `source` is the group's first."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.source = source


@dataclass(frozen=True, slots=True)
class Choice:
    """Which sources a run takes, and which rows of each. `take` empty: of each group the first that holds something.

    `seeds` may hold "ids", "to" (the last id), "q", "task_type", "tag", "language" and "source"; `samples` "ids", "to",
    "q", "state" (approved unless said otherwise, "any" for all), "tag", "task_type", "language", "run", "job" and
    "origin"; empty means all. `answers` is a filter of `answer_sources.answered_samples`.
    `documents` are ids, None for every document; `vocabulary` is an id, None for the newest. `without` maps a source to
    ids that are left out ("seeds", "samples"), and a `fresh` choice leaves out what runs like it had already
    (`actions.fresh`). The state "passed" stands for all that people did not reject.
    """

    take: tuple[Source, ...] = ()
    seeds: Mapping[str, Any] | None = None
    samples: Mapping[str, Any] | None = None
    documents: tuple[int, ...] | None = None
    vocabulary: int | None = None
    without: Mapping[str, Collection[int]] = field(default_factory=dict)
    fresh: bool = False
    answers: Mapping[str, Any] | None = None

    def asked(self) -> dict[str, Any]:
        """What a run keeps of it, as plain JSON."""
        documents = None if self.documents is None else list(self.documents)
        return {
            "take": list(self.take), "samples": dict(self.samples or {}), "documents": documents,
            "vocabulary": self.vocabulary, "fresh": self.fresh,
            **({"answers": dict(self.answers)} if self.answers else {}),
        }  # fmt: skip


EVERYTHING = Choice()


def chosen_seeds(project: Project, *, seed_filter: Mapping[str, Any] | None) -> SeedQuerySet:
    """The project's seeds that the filter chooses, oldest first."""
    wanted = {name: value for name, value in (seed_filter or {}).items() if value}
    rows = Seed.objects.in_project(project).order_by("id")
    if "ids" in (seed_filter or {}):
        rows = rows.filter(pk__in=(seed_filter or {})["ids"])
    if "to" in wanted:
        rows = rows.filter(pk__lte=wanted["to"])
    if "q" in wanted:
        rows = rows.matching(wanted["q"])
    if "tag" in wanted:
        rows = rows.tagged(wanted["tag"])
    return rows.filter(**{name: wanted[name] for name in _EXACT if name in wanted})


def chosen_samples(project: Project, *, sample_filter: Mapping[str, Any] | None) -> SampleQuerySet:
    """The project's samples that the filter chooses, oldest first; the approved ones unless a state is named."""
    wanted = {name: value for name, value in (sample_filter or {}).items() if value not in (None, "")}
    state = wanted.get("state", Sample.State.APPROVED)
    rows = Sample.objects.in_project(project).filter(evaluation=False).order_by("id")
    if state == PASSED:
        rows = rows.filter(state__in=[Sample.State.NEEDS_REVIEW, Sample.State.APPROVED])
    elif state != "any":
        rows = rows.filter(state=state)
    if "ids" in wanted:
        rows = rows.filter(pk__in=wanted["ids"])
    if "to" in wanted:
        rows = rows.filter(pk__lte=wanted["to"])
    if "q" in wanted:
        rows = rows.matching(wanted["q"])
    if "tag" in wanted:
        rows = rows.tagged(wanted["tag"])
    return rows.filter(**{field: wanted[name] for name, field in _SAMPLE_EXACT.items() if name in wanted})


def pinned(project: Project, *, recipe: Recipe, choice: Choice) -> dict[str, Any]:
    """The fields in which a run keeps what it draws from; `NothingChosenError` for a group that holds nothing."""
    taken = _taken(project, recipe, choice)
    seeds = chosen_seeds(project, seed_filter=choice.seeds) if "seeds" in taken else Seed.objects.none()
    samples = chosen_samples(project, sample_filter=choice.samples) if "samples" in taken else Sample.objects.none()
    documents = _documents(project, choice) if "documents" in taken else Document.objects.none()
    vocabulary = _vocabulary(project, choice) if "vocabulary" in taken else None
    pins, without = samples.values_list("pk", "revision"), choice.without
    kept: dict[str, Any] = {
        "seed_filter": dict(choice.seeds or {}),
        "seed_ids": [pk for pk in seeds.values_list("pk", flat=True) if pk not in without.get("seeds", ())],
        "sources": choice.asked() | {"take": list(taken), "vocabulary": vocabulary.pk if vocabulary else None},
        "pinned": {
            "samples": [list(pin) for pin in pins if pin[0] not in without.get("samples", ())],
            "documents": list(documents.values_list("pk", flat=True)),
            "vocabulary": vocabulary.terms if vocabulary else {},
        },
    }
    if "answers" in taken:
        chosen = answered_samples(project, answer_filter=choice.answers)
        kept["pinned"]["answers"] = answer_pins(chosen, without=without.get("answers", ()))
    if getattr(recipe, "weighs_prompts", False):
        kept["pinned"]["prompts"] = approvals(project)
    held = {**kept["pinned"], "seeds": kept["seed_ids"]}
    for group in recipe.reads:
        if not any(held.get(source) for source in group):
            raise NothingChosenError(group[0])
    return kept


def stock_of(fields: Mapping[str, Any]) -> Stock:
    """How much there is, by a run's fields as `pinned` gives them."""
    kept = fields["pinned"]
    length = Document.objects.filter(pk__in=kept["documents"]).aggregate(sum=Sum("characters"))["sum"]
    terms = {term for terms in kept["vocabulary"].values() for term in terms}
    seeds = fields["seed_ids"]
    bare = sum(
        Seed.objects.filter(pk__in=seeds[start : start + _CHUNK], instruction="").count()
        for start in range(0, len(seeds), _CHUNK)
    )
    answered = tuple(len(ids) for _sample, _revision, ids in kept.get("answers", ()))
    return Stock(
        len(seeds), len(kept["samples"]), len(kept["documents"]), length or 0, len(terms), len(seeds) - bare,
        answered,
    )  # fmt: skip


def sources_of(run: Run) -> Sources:
    """Everything that the run pinned, in its order; rows that are gone since are left out."""
    return sources_in(run.project, fields={"seed_ids": run.seed_ids, "pinned": run.pinned})


def sources_in(project: Project, *, fields: Mapping[str, Any]) -> Sources:
    """The same by the fields that `pinned` gives."""
    kept = fields["pinned"]
    return Sources(
        _seeds(project, fields["seed_ids"]),
        [*_samples(project, kept.get("samples", [])), *_answered(project, kept.get("answers", []))],
        _document_views(project, kept["documents"]),
        kept.get("vocabulary", {}),
        tuple(PromptView(**each) for each in kept.get("prompts", ())),
    ) if kept else Sources(_seeds(project, fields["seed_ids"]))  # fmt: skip


def few(fields: Mapping[str, Any], *, most: int) -> dict[str, Any]:
    """The same fields with a spread of at most `most` of each source, for previews."""
    kept = fields["pinned"]
    return {
        **fields,
        "seed_ids": _spread(fields["seed_ids"], most),
        "pinned": {
            **kept, "samples": _spread(kept["samples"], most), "documents": _spread(kept["documents"], 3),
            **({"answers": _spread(kept["answers"], most)} if "answers" in kept else {}),
        },
    }  # fmt: skip


def _spread(rows: Sequence[Any], most: int) -> list[Any]:
    return list(rows[:: max(1, len(rows) // most)][:most])


def _taken(project: Project, recipe: Recipe, choice: Choice) -> tuple[Source, ...]:
    """The sources that the run takes: those named, else of each group the first that holds something."""
    if choice.take:
        return tuple(source for source in reads(recipe) if source in choice.take)
    holders = {
        "seeds": Seed.objects.in_project(project), "samples": chosen_samples(project, sample_filter=choice.samples),
        "documents": Document.objects.in_project(project), "vocabulary": Vocabulary.objects.filter(project=project),
        "answers": answered_samples(project, answer_filter=choice.answers),
    }  # fmt: skip
    return tuple(
        next((source for source in group if holders[source].exists()), group[0]) for group in recipe.reads
    )  # fmt: skip


def _documents(project: Project, choice: Choice) -> Any:
    rows = Document.objects.in_project(project).order_by("id")
    return rows if choice.documents is None else rows.filter(pk__in=choice.documents)


def _vocabulary(project: Project, choice: Choice) -> Vocabulary | None:
    rows = Vocabulary.objects.filter(project=project).order_by("-id")
    return (rows if choice.vocabulary is None else rows.filter(pk=choice.vocabulary)).first()


def _in_order(rows: Any, ids: Sequence[int]) -> list[Any]:
    """The rows with these ids, in the order of the ids; read in pieces, so that no statement grows too long."""
    found: dict[int, Any] = {}
    for start in range(0, len(ids), _CHUNK):
        found |= rows.in_bulk(ids[start : start + _CHUNK])
    return [found[pk] for pk in ids if pk in found]


def _seeds(project: Project, ids: Sequence[int]) -> list[Any]:
    return [seed.view() for seed in _in_order(Seed.objects.filter(project=project), ids)]


def _samples(project: Project, pins: Sequence[Sequence[int]]) -> list[SampleView]:
    """Samples as the pinned revisions have them; those with tools, media or odd turns have no view and are left out."""
    rows = {row.pk: row for row in _in_order(Sample.objects.filter(project=project), [pk for pk, _ in pins])}
    stale = [(pk, number) for pk, number in pins if pk in rows and rows[pk].revision != number]
    before: dict[tuple[int, int], Revision] = {}
    for start in range(0, len(stale), _CHUNK):
        some = Revision.objects.filter(sample_id__in=[pk for pk, _ in stale[start : start + _CHUNK]])
        before |= {(each.sample_id, each.number): each for each in some}
    grounds = spans_of([pk for pk, _ in pins])
    return [
        replace(rows[pk].view(before.get((pk, number))), spans=grounds.get(pk, ()))
        for pk, number in pins
        if pk in rows and rows[pk].plain
    ]


def _answered(project: Project, pins: Sequence[Sequence[Any]]) -> list[SampleView]:
    views = _samples(project, [(pk, revision) for pk, revision, _ids in pins])
    return with_answers(views, pins=pins)


def spans_of(samples: Sequence[int]) -> dict[int, tuple[Span, ...]]:
    """The places in documents that samples were made from, in their order."""
    found: dict[int, list[Span]] = {}
    for start in range(0, len(samples), _CHUNK):
        rows = Grounding.objects.filter(sample__in=samples[start : start + _CHUNK]).order_by("sample", "index")
        for sample, document, first, end in rows.values_list("sample_id", "document_id", "start", "end"):
            found.setdefault(sample, []).append(Span(document, first, end))
    return {sample: tuple(spans) for sample, spans in found.items()}


def _document_views(project: Project, ids: Sequence[int]) -> tuple[DocumentView, ...]:
    """Without the files themselves, which may be large."""
    rows = Document.objects.filter(project=project).defer("content")
    return tuple(document.view() for document in _in_order(rows, ids))
