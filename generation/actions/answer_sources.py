"""Prompts with several answers as a source: chosen by a filter, pinned with the ids of their answers, read as views.

Who wrote an answer is no part of a view: no judge ever learns a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef

from generation.models import Answer, Feedback, PreferencePair, Project, Sample
from generation.models.samples import SampleQuerySet
from generation.types import AnswerView, SampleView

LEAST = 2
MOST = 50
"""Answers of one prompt that a run takes; the oldest."""
_CHUNK = 2000
_OUT = (Sample.State.FILTERED, Sample.State.REJECTED)


def answered_samples(project: Project, *, answer_filter: Mapping[str, Any] | None) -> SampleQuerySet:
    """The project's prompts with two answers or more that the filter chooses, oldest first.

    The filter may hold "ids", "to" (the last id), "q", "tag", "language", "job" (the import that brought the prompt),
    "run" (that wrote an answer), "pairs" (a state of a pair) and "reason" (why a pair is held back).
    """
    wanted = {name: value for name, value in (answer_filter or {}).items() if value not in (None, "")}
    own = Answer.objects.filter(sample=OuterRef("pk"))
    rows = Sample.objects.in_project(project).filter(evaluation=False).exclude(state__in=_OUT).order_by("id")
    if "ids" in wanted:
        rows = rows.filter(pk__in=wanted["ids"])
    if "to" in wanted:
        rows = rows.filter(pk__lte=wanted["to"])
    if "language" in wanted:
        rows = rows.filter(language=wanted["language"])
    if "job" in wanted:
        rows = rows.filter(job_id=wanted["job"])
    if "run" in wanted:
        rows = rows.filter(Exists(own.filter(run_id=wanted["run"])))
    if pairs := {name: wanted[key] for name, key in (("state", "pairs"), ("reason", "reason")) if key in wanted}:
        rows = rows.filter(Exists(PreferencePair.objects.filter(sample=OuterRef("pk"), **pairs)))
    if "q" in wanted:
        rows = rows.matching(wanted["q"])
    if "tag" in wanted:
        rows = rows.tagged(wanted["tag"])
    return rows.filter(Exists(own.order_by("id")[LEAST - 1 : LEAST]))


def answer_pins(rows: SampleQuerySet, *, without: Any = ()) -> list[list[Any]]:
    """[sample, revision, [ids of its answers]] of each, in their order."""
    kept = [pin for pin in rows.values_list("pk", "revision") if pin[0] not in without]
    answers: dict[int, list[int]] = {}
    for start in range(0, len(kept), _CHUNK):
        some = Answer.objects.filter(sample_id__in=[pk for pk, _ in kept[start : start + _CHUNK]]).order_by("id")
        for sample, answer in some.values_list("sample_id", "id"):
            answers.setdefault(sample, []).append(answer)
    return [[pk, revision, answers[pk][:MOST]] for pk, revision in kept if len(answers.get(pk, ())) >= LEAST]


def with_answers(views: Sequence[SampleView], *, pins: Sequence[Sequence[Any]]) -> list[SampleView]:
    """The views with their pinned answers; one that has fewer than two left is left out.

    A prompt without an output of its own has that of the sample that it was made from: a judge's reference.
    """
    wanted = {pk: ids for pk, _revision, ids in pins}
    found = _views([answer for ids in wanted.values() for answer in ids])
    references = _references([view.id for view in views if not view.output])
    made = []
    for view in views:
        answers = tuple(found[pk] for pk in wanted.get(view.id, ()) if pk in found)
        if len(answers) >= LEAST:
            made.append(replace(view, answers=answers, output=view.output or references.get(view.id, "")))
    return made


def _views(ids: Sequence[int]) -> dict[int, AnswerView]:
    found: dict[int, AnswerView] = {}
    thumbs: dict[int, bool] = {}
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        said = Feedback.objects.filter(answer_id__in=some).order_by("id")
        thumbs |= {pk: good for pk, good in said.values_list("answer_id", "good") if pk is not None}
        rows = Answer.objects.filter(pk__in=some).values_list("pk", "text", "scores", "rank", "meta")
        for pk, text, scores, rank, meta in rows:
            value, low, high = _score(scores)
            good = thumbs.get(pk, meta.get("good") if isinstance(meta.get("good"), bool) else None)
            found[pk] = AnswerView(pk, text, value, low, high, rank, good)
    return found


def _score(scores: Mapping[str, Any]) -> tuple[float | None, float | None, float | None]:
    """The answer's score with its scale: the one that came with it, else a judge's, or the only one that there is."""
    kept = scores.get("score") or scores.get("judge") or (next(iter(scores.values())) if len(scores) == 1 else None)
    if not isinstance(kept, dict) or not isinstance(kept.get("value"), int | float):
        return None, None, None
    low, high = (float(kept[end]) if isinstance(kept.get(end), int | float) else None for end in ("low", "high"))
    return float(kept["value"]), low, high


def _references(samples: Sequence[int]) -> dict[int, str]:
    """By prompt the output of the sample that it was made from."""
    found: dict[int, str] = {}
    for start in range(0, len(samples), _CHUNK):
        rows = Sample.objects.filter(pk__in=samples[start : start + _CHUNK]).exclude(parent=None)
        found |= dict(rows.values_list("pk", "parent__output"))
    return {pk: text for pk, text in found.items() if text}
