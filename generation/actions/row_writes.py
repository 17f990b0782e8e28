"""Imported rows of one kind into their tables: what is there already is known by its hash and left alone.

Every writer takes rows that are ready (`row_batches.ready`), is called in the batch's transaction and says how many
were new. Rows come in with their line, so that each can be led back to its file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from generation.actions.bulk_rows import as_text, insert, known_hashes, moment, new_ids
from generation.actions.contradictions import hold_contradictions, moves_of
from generation.actions.row_values import AnswerValues, Said, SampleValues, media_names
from generation.actions.tallies import count_moves
from generation.models import (
    Answer,
    Feedback,
    Job,
    MediaUse,
    Person,
    PreferencePair,
    Project,
    Sample,
    Text,
)

LONGEST_NAME = 500
_SAMPLE = ("id", "source_line", *SampleValues._fields)
_NEW_SAMPLE = {
    "origin": "import", "checks": "[]", "reason": "", "flagged": False, "edited": False, "revision": 1, "version": 1,
    "search": "", "evaluation": False, "scores": "{}",
}  # fmt: skip
_ANSWER = ("id", "sample_id", "text", "model", "rank", "meta", "scores", "content_hash", "created_at")
_PAIR = (
    "project_id", "sample_id", "chosen_id", "rejected_id", "source", "state", "reason", "margin", "content_hash",
    "job_id", "source_line", "meta", "version", "created_at",
)  # fmt: skip
_FEEDBACK = (
    "id", "project_id", "job_id", "source_line", "system", "turns", "prompt", "input", "steps", "completion", "calls",
    "tools", "media", "meta", "good", "language", "tags", "source", "content_hash", "created_at",
)  # fmt: skip
_TEXT = (
    "project_id", "job_id", "source_line", "text", "meta", "language", "tags", "source", "content_hash", "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class Into:
    """Where rows go and what is true of all of them. `approver` approves them on coming in, None leaves that open."""

    project: Project
    job: Job
    said: Said
    source: str
    approver: Person | None
    now: datetime


@dataclass(frozen=True, slots=True)
class PairValues:
    """A pair of answers to one prompt."""

    prompt: SampleValues
    chosen: AnswerValues
    rejected: AnswerValues
    margin: float | None
    meta: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class RankingValues:
    """A prompt with its answers."""

    prompt: SampleValues
    answers: tuple[AnswerValues, ...]


@dataclass(frozen=True, slots=True)
class FeedbackValues:
    """An example and whether it was good."""

    example: SampleValues
    good: bool
    content_hash: str


@dataclass(frozen=True, slots=True)
class TextValues:
    """One row of pretraining text."""

    text: str
    meta: str
    language: str
    content_hash: str


def write_samples(into: Into, *, rows: Mapping[str, tuple[int, SampleValues]]) -> int:
    """Examples with an answer: approved, or waiting for review."""
    fresh = _fresh(Sample, into, rows)
    state = Sample.State.APPROVED if into.approver else Sample.State.NEEDS_REVIEW
    _insert_samples(into, fresh, state=state)
    return len(fresh)


def write_prompts(into: Into, *, rows: Mapping[str, tuple[int, SampleValues]]) -> int:
    """Examples without an answer: they wait for nobody."""
    fresh = _fresh(Sample, into, rows)
    _insert_samples(into, fresh, state=Sample.State.GENERATED)
    return len(fresh)


def write_pairs(into: Into, *, rows: Mapping[str, tuple[int, PairValues]]) -> int:
    """Pairs with their prompts and answers; prompts and answers that are there already are shared. Pairs that
    contradict each other are held back, those that were there before too."""
    fresh = _fresh(PreferencePair, into, rows)
    prompts = _prompts(into, ((line, pair.prompt) for line, pair in fresh))
    wanted = [(prompts[p.prompt.content_hash], each) for _, p in fresh for each in (p.chosen, p.rejected)]
    answers, _ = _answers(into, wanted)
    state = PreferencePair.State.EXPORTABLE if into.approver else PreferencePair.State.READY
    now, values = moment(into.now), []
    for line, pair in fresh:
        prompt = prompts[pair.prompt.content_hash]
        chosen, rejected = (answers[prompt, each.content_hash] for each in (pair.chosen, pair.rejected))
        values.append(
            (into.project.pk, prompt, chosen, rejected, "import", state, "", pair.margin, pair.content_hash,
             into.job.pk, line, pair.meta, 1, now)
        )  # fmt: skip
    insert(PreferencePair, columns=_PAIR, rows=values, same={"rubric": ""})
    held = hold_contradictions(into.project.pk, samples={prompts[pair.prompt.content_hash] for _, pair in fresh})
    moves = Counter({str(state): len(fresh)})
    moves.update(moves_of(held))
    count_moves(into.project.pk, kind="pair", moves=moves, shard=into.job.pk)
    return len(fresh)


def write_rankings(into: Into, *, rows: Sequence[tuple[int, RankingValues]]) -> int:
    """Prompts with any number of answers. A row is new when its prompt or one of its answers is."""
    prompts = _prompts(into, ((line, row.prompt) for line, row in rows))
    wanted = [(prompts[row.prompt.content_hash], each) for _, row in rows for each in row.answers]
    _, added = _answers(into, wanted)
    fresh = 0
    for _, row in rows:
        keys = {(prompts[row.prompt.content_hash], each.content_hash) for each in row.answers}
        fresh += bool(keys & added)
        added -= keys  # the same row once more in one batch is not new again
    return fresh


def write_feedback(into: Into, *, rows: Mapping[str, tuple[int, FeedbackValues]]) -> int:
    """Examples that somebody called good or bad."""
    fresh = _fresh(Feedback, into, rows)
    now, tags, values = moment(into.now), as_text(into.said.tags), []
    ids = new_ids(Feedback, count=len(fresh))
    for pk, (line, row) in zip(ids, fresh, strict=True):
        of = row.example
        values.append(
            (pk, into.project.pk, into.job.pk, line, of.system, of.turns, of.instruction, of.input, of.steps, of.output,
             of.calls, of.tools, of.media, of.meta, row.good, of.language, tags, into.source, row.content_hash, now)
        )  # fmt: skip
    insert(Feedback, columns=_FEEDBACK, rows=values)
    _note_media(
        into, column="feedback_id", rows=((pk, row.example.media) for pk, (_, row) in zip(ids, fresh, strict=True))
    )
    count_moves(into.project.pk, kind="feedback", moves={"active": len(fresh)}, shard=into.job.pk)
    return len(fresh)


def write_texts(into: Into, *, rows: Mapping[str, tuple[int, TextValues]]) -> int:
    """Pretraining texts."""
    fresh = _fresh(Text, into, rows)
    now, tags = moment(into.now), as_text(into.said.tags)
    values = (
        (into.project.pk, into.job.pk, line, row.text, row.meta, row.language, tags, into.source, row.content_hash, now)
        for line, row in fresh
    )
    insert(Text, columns=_TEXT, rows=values)
    count_moves(into.project.pk, kind="text", moves={"active": len(fresh)}, shard=into.job.pk)
    return len(fresh)


def _fresh(model: Any, into: Into, rows: Mapping[str, tuple[int, Any]]) -> list[tuple[int, Any]]:
    """The rows whose hash the project has not; nothing is read of the others but that."""
    known = known_hashes(model, project=into.project.pk, hashes=list(rows))
    return [row for key, row in rows.items() if key not in known] if known else list(rows.values())


def _insert_samples(into: Into, rows: Sequence[tuple[int, SampleValues]], *, state: Sample.State) -> Sequence[int]:
    ids = new_ids(Sample, count=len(rows))
    now, project, job, name = moment(into.now), into.project.pk, into.job.pk, str(state)
    decided = (into.approver.pk, now) if into.approver and state == Sample.State.APPROVED else (None, None)
    same = _NEW_SAMPLE | {
        "project_id": project, "job_id": job, "tags": as_text(into.said.tags), "state": name,
        "decided_by_id": decided[0], "decided_at": decided[1], "created_at": now,
    }  # fmt: skip
    values = ((pk, line, *of) for pk, (line, of) in zip(ids, rows, strict=True))
    insert(Sample, columns=_SAMPLE, rows=values, same=same)
    _note_media(into, column="sample_id", rows=((pk, of.media) for pk, (_, of) in zip(ids, rows, strict=True)))
    count_moves(project, kind="sample", moves={name: len(rows)}, shard=job)
    return ids


def _prompts(into: Into, rows: Iterable[tuple[int, SampleValues]]) -> dict[str, int]:
    """Hash -> id of each prompt; those that are not there yet are written."""
    wanted: dict[str, tuple[int, SampleValues]] = {}
    for line, prompt in rows:
        wanted.setdefault(prompt.content_hash, (line, prompt))
    kept = Sample.objects.filter(project=into.project, content_hash__in=list(wanted)).order_by("-id")
    known: dict[str, int] = dict(kept.values_list("content_hash", "id"))
    missing = [row for key, row in wanted.items() if key not in known]
    ids = _insert_samples(into, missing, state=Sample.State.GENERATED)
    return known | {row.content_hash: pk for pk, (_, row) in zip(ids, missing, strict=True)}


def _answers(
    into: Into, wanted: Iterable[tuple[int, AnswerValues]]
) -> tuple[dict[tuple[int, str], int], set[tuple[int, str]]]:
    """(sample, hash) -> id of each answer, and which of them are new."""
    rows = {(sample, answer.content_hash): answer for sample, answer in wanted}
    kept = Answer.objects.filter(sample_id__in={sample for sample, _ in rows}).values_list(
        "sample_id", "content_hash", "id"
    )
    known = {(sample, key): pk for sample, key, pk in kept}
    missing = {place: answer for place, answer in rows.items() if place not in known}
    ids, now = new_ids(Answer, count=len(missing)), moment(into.now)
    insert(Answer, columns=_ANSWER, rows=[
        (pk, sample, of.text, of.model, of.rank, of.meta, of.scores, of.content_hash, now)
        for pk, ((sample, _), of) in zip(ids, missing.items(), strict=True)
    ])  # fmt: skip
    return known | dict(zip(missing, ids, strict=True)), set(missing)


def _note_media(into: Into, *, column: str, rows: Iterable[tuple[int, str]]) -> None:
    values = [(into.project.pk, name[:LONGEST_NAME], pk) for pk, media in rows for name in media_names(media)]
    if values:
        insert(MediaUse, columns=("project_id", "name", column), rows=values)
