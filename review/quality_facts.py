"""Rows as reports on quality read them: samples as they stand, or whatever a frozen version pins."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from generation.models import Feedback, Grounding, PreferencePair, Project, Sample, Seed, Text, Vocabulary
from generation.quality.report import HeldOut, RowFacts
from generation.types import Candidate, Draft, Example, Pair, Ranking, Span
from generation.types import Feedback as FeedbackRow
from generation.types import Text as TextRow
from review.models import Dataset, DatasetVersion
from review.rows import PinnedRow, pinned_rows, score_of

BATCH = 2000
MOST_HELD_OUT = 20_000
"""Evaluation rows of a project that its other rows are held against."""
MOST_TYPES = 100
MADE_BY = {"model": "model", "rules": "rules", "template": "template", "import": "imported", "person": "human"}
_KNOWN = (
    "pk", "seed_id", "root_id", "origin", "state", "decided_by_id", "scores", "run_id", "task_type", "language", "tags",
)  # fmt: skip
_TEXTS = ("system", "turns", "instruction", "input", "output", "calls")
_OF_PAIRS = {Dataset.Kind.PREFERENCE.value}
_OF_SAMPLES = {Dataset.Kind.SFT.value, Dataset.Kind.RANKING.value}


def facts_of_samples(rows: QuerySet[Sample]) -> Iterator[RowFacts]:
    """The samples in the order of their ids, a batch at a time."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk").values(*_KNOWN, *_TEXTS)[:BATCH]):
        last = found[-1]["pk"]
        spans = _spans([row["pk"] for row in found])
        for row in found:
            texts = {name: row[name] for name in ("system", "instruction", "input", "output")}
            texts["output"] = texts["output"] or _called([(call["name"], call["arguments"]) for call in row["calls"]])
            history = _pairs_of_turns([(turn["role"], turn["content"]) for turn in row["turns"]])
            yield _facts(row["pk"], row, spans, texts=texts, history=history)


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
        languages = _languages(batch, version.dataset.kind)
        margins = _reviewed_pairs(batch) if version.dataset.kind in _OF_PAIRS else {}
        for pinned in batch:
            texts, history = _said(pinned.row)
            row = known.get(pinned.sample or 0, _of_import(pinned, languages.get(pinned.subject, "")))
            reviewed = {"reviewed": margins[pinned.subject]} if pinned.subject in margins else {}
            yield _facts(pinned.subject, row, spans, texts=texts, history=history, **reviewed)


def held_out_of(project: Project) -> tuple[HeldOut, ...]:
    """The project's rows that are kept for evaluation, as one set; none where there are none."""
    rows = Sample.objects.filter(project=project, evaluation=True).order_by("pk")
    texts = ["\n".join(filter(None, parts)) for parts in rows.values_list("instruction", "input")[:MOST_HELD_OUT]]
    return (HeldOut("evaluation", texts),) if texts else ()


def coverage_of(project: Project) -> dict[str, Any]:
    """What the project means to cover: the task types of its seeds, and the categories of its vocabularies with the
    terms that tell them."""
    types = Seed.objects.filter(project=project).exclude(task_type="").order_by("task_type")
    found: dict[str, Any] = {"task_types": list(types.values_list("task_type", flat=True).distinct()[:MOST_TYPES])}
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
    pk: int, row: Mapping[str, Any], spans: Mapping[int, tuple[Span, ...]], *, texts: Mapping[str, str],
    history: tuple[tuple[str, str], ...], reviewed: bool | None = None,
) -> RowFacts:  # fmt: skip
    stands_on = spans.get(row["pk"], ())
    draft = Draft(
        "sample", texts.get("instruction", ""), texts.get("input", ""), texts["output"], texts.get("system", ""),
        history, row["task_type"], row["language"], tuple(row["tags"]), spans=stands_on,
    )  # fmt: skip
    values = {name: score_of({name: score}) for name, score in (row["scores"] or {}).items()}
    return RowFacts(
        pk, draft, seed=row["seed_id"] or 0, family=row["seed_id"] or -(row["root_id"] or row["pk"] or pk),
        made_by=MADE_BY.get(row["origin"], row["origin"]), state=row["state"],
        reviewed=row["decided_by_id"] is not None if reviewed is None else reviewed,
        scores={name: float(value) for name, value in values.items() if value is not None},
        run=row["run_id"] or 0, document=stands_on[0].document if stands_on else 0,
    )  # fmt: skip


def _spans(samples: Collection[int]) -> dict[int, tuple[Span, ...]]:
    found: dict[int, tuple[Span, ...]] = {}
    rows = Grounding.objects.filter(sample__in=samples).order_by("sample", "index")
    for sample, document, start, end in rows.values_list("sample_id", "document_id", "start", "end"):
        found[sample] = (*found.get(sample, ()), Span(document, start, end))
    return found


def _known(batch: list[PinnedRow]) -> dict[int, Mapping[str, Any]]:
    ids = [pinned.sample for pinned in batch if pinned.sample]
    return {row["pk"]: row for row in Sample.objects.filter(pk__in=ids).values(*_KNOWN)} if ids else {}


def _reviewed_pairs(batch: list[PinnedRow]) -> dict[int, bool]:
    """Pair -> whether a person preferred its chosen answer."""
    people = (PreferencePair.Source.HUMAN, PreferencePair.Source.EDIT)
    return {pinned.subject: pinned.origin in people for pinned in batch}


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
        "scores": {}, "run_id": pinned.run, "task_type": "", "language": language, "tags": (),
    }  # fmt: skip


def _said(row: Any) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """The texts of a pinned row of any kind, and its earlier turns."""
    match row:
        case TextRow():
            return {"output": row.text}, ()
        case Pair():
            return _of_example(row.prompt, row.chosen)
        case Ranking():
            best = min(row.answers, key=lambda each: (each.rank or len(row.answers) + 1, -(each.score or 0.0)))
            return _of_example(row.prompt, best)
        case FeedbackRow():
            return _of_example(row.example)
        case _:
            return _of_example(row)


def _of_example(
    example: Example, answer: Candidate | None = None
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    texts = {name: getattr(example, name) for name in ("system", "instruction", "input", "output")}
    calls = example.calls
    if answer is not None:
        texts["output"], calls = answer.text, answer.calls
    texts["output"] = texts["output"] or _called([(call.name, call.arguments) for call in calls])
    return texts, _pairs_of_turns([(turn.role, turn.content) for turn in example.turns])


def _called(calls: list[tuple[str, str]]) -> str:
    """What an answer of nothing but calls of tools says: it is no empty one."""
    return "\n".join(f"{name}({arguments})" for name, arguments in calls)


def _pairs_of_turns(turns: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    said = [content for _, content in turns]
    return tuple(zip(said[::2], said[1::2], strict=False))
