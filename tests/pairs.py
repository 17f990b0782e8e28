"""Rows of the other kinds, for tests: pairs, feedback, texts, rankings."""

from __future__ import annotations

from collections.abc import Sequence

from generation.content import content_hash
from generation.models import Answer, Feedback, PreferencePair, Project, Sample, Text
from tests.cast import NOW, make_samples


def make_answer(sample: Sample, text: str, *, score: float | None = None, rank: int | None = None) -> Answer:
    """One answer to a sample's prompt."""
    scores = {} if score is None else {"score": {"value": score, "low": 0, "high": 10}}
    return Answer.objects.create(
        sample=sample, text=text, scores=scores, rank=rank, content_hash=content_hash(instruction=text), created_at=NOW
    )


def make_pair(
    project: Project, prompt: str, chosen: str, rejected: str, *, scores: Sequence[float] = (), **fields: object
) -> PreferencePair:
    """A pair that may be exported, with its prompt and its two answers."""
    [sample] = make_samples(project, [(prompt, "")], state=Sample.State.GENERATED)
    given = dict(zip((chosen, rejected), scores, strict=False))
    better, worse = (make_answer(sample, text, score=given.get(text)) for text in (chosen, rejected))
    values: dict[str, object] = {"source": "human", "state": "exportable", "created_at": NOW} | fields
    return PreferencePair.objects.create(project=project, sample=sample, chosen=better, rejected=worse, **values)


def make_feedback(project: Project, rows: Sequence[tuple[str, str, bool]], **fields: object) -> list[Feedback]:
    """Prompts with a completion that was good or not."""
    values: dict[str, object] = {"language": "en", "created_at": NOW} | fields
    return Feedback.objects.bulk_create(
        Feedback(
            project=project, prompt=prompt, completion=said, good=good,
            content_hash=content_hash(instruction=prompt, output=f"{said} {good}"), **values,
        )
        for prompt, said, good in rows
    )  # fmt: skip


def make_texts(project: Project, texts: Sequence[str]) -> list[Text]:
    """Pretraining text."""
    return Text.objects.bulk_create(
        Text(project=project, text=text, language="en", content_hash=content_hash(instruction=text), created_at=NOW)
        for text in texts
    )


def make_ranking(project: Project, prompt: str, answers: Sequence[str]) -> Sample:
    """A prompt with answers, the best first."""
    [sample] = make_samples(project, [(prompt, "")], state=Sample.State.GENERATED)
    for rank, text in enumerate(answers, 1):
        make_answer(sample, text, rank=rank)
    return sample
