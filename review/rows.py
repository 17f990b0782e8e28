"""Pinned rows -> canonical rows of every kind: the one bridge from the database to formats."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from generation.formats.quick_rows import plain_example
from generation.formats.turns import call_from_json, turn_from_json
from generation.models import Answer, Revision, Sample
from generation.types import Candidate, Example, Feedback, Pair, Ranking, Row, Text
from review.models import Dataset, DatasetRow, DatasetVersion

BATCH = 4000


class PinnedRow(NamedTuple):
    """One row of a version with the content that it pins. A tuple, because there may be millions of them.

    `subject` is the id of the sample, pair, feedback or text that stands here; `sample` that of the sample whose texts
    it shows (for a pair, its prompt). `origin` is a sample's origin or a pair's source; feedback and texts are imports.
    """

    position: int
    subject: int
    sample: int | None
    revision: int
    content_hash: str
    origin: str
    run: int | None
    draft: int | None
    seed: int | None
    job: int | None
    source_line: int | None
    split: str
    source: str
    row: Row


Found = tuple[Any, ...]
Texts = tuple[str, str, str, str]
"""Instruction, input, output, system."""


def pinned_rows(
    version: DatasetVersion, *, batch: int = BATCH, split: str | None = None, first: int = 1, last: int | None = None
) -> Iterator[list[PinnedRow]]:
    """The rows that a sealed version pins, in order, `batch` at a time. One statement a batch, one more for rankings
    and one where samples were edited since.

    `split` leaves the other splits out; `first` and `last` are positions.
    """
    pins, read = _READERS[version.dataset.kind](version)
    if split is not None:
        pins = pins.filter(split=split)
    end = version.rows if last is None else min(last, version.rows)
    for start in range(first - 1, end, batch):
        # Positions count up from 1 without a gap, and a database plans a range better than a limit.
        found = pins.filter(position__gt=start, position__lte=min(start + batch, end))
        yield read(list(found))


def rows_at(version: DatasetVersion, *, positions: Iterable[int]) -> list[PinnedRow]:
    """The rows at these positions of a sealed version, in order."""
    pins, read = _READERS[version.dataset.kind](version)
    return read(list(pins.filter(position__in=list(positions))))


def example_of(sample: Sample) -> Example:
    """The sample as it reads now."""
    texts = (sample.instruction, sample.input, sample.output, sample.system)
    return _example(texts, sample.turns, sample.steps, sample.calls, sample.media, sample.tools, sample.meta)


def candidate_of(text: str, model: str, meta: Mapping[str, Any], *, score: float | None, rank: int | None) -> Candidate:
    """An answer in canonical form; its tool turns and calls stand in its meta."""
    rest = {name: value for name, value in meta.items() if name not in ("steps", "calls")} if meta else {}
    return Candidate(
        text,
        steps=tuple(turn_from_json(turn) for turn in meta.get("steps", ())),
        calls=tuple(call_from_json(call) for call in meta.get("calls", ())),
        score=score,
        rank=rank,
        model=model,
        meta=rest,
    )


def score_of(scores: Mapping[str, Any]) -> float | None:
    """The one score that speaks for an answer: "score", else "overall", else the only one; None where it is unclear."""
    for name in ("score", "overall"):
        if name in scores:
            return _value(scores[name])
    return _value(next(iter(scores.values()))) if len(scores) == 1 else None


def joined_hash(*parts: str) -> str:
    """One SHA-256 in hex for a row that consists of several hashed parts, in their order."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _value(score: Any) -> float | None:
    value = score.get("value") if isinstance(score, Mapping) else score
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _example(
    texts: Texts, turns: Any, steps: Any, calls: Any, media: Any, tools: str, meta: Mapping[str, Any]
) -> Example:
    return Example(
        *texts,
        turns=tuple(turn_from_json(turn) for turn in turns),
        steps=tuple(turn_from_json(turn) for turn in steps),
        calls=tuple(call_from_json(call) for call in calls),
        weight=meta.get("weight"),
        tools=tools,
        images=tuple(media.get("images", ())),
        videos=tuple(media.get("videos", ())),
        audios=tuple(media.get("audios", ())),
        meta={name: value for name, value in meta.items() if name != "weight"} if meta else {},
    )


def _quick_example(parts: Found) -> Example:
    """From (instruction, input, output, system, turns, steps, calls, media, tools, meta), JSON as text."""
    turns, steps, calls, media, tools, meta = parts[4:]
    # Most rows have nothing but texts, and parsing a million empty lists is not free.
    if turns == steps == calls == "[]" and media == meta == "{}" and not tools:
        return plain_example(*parts[:4])
    load = json.loads
    texts = (parts[0], parts[1], parts[2], parts[3])
    return _example(texts, load(turns), load(steps), load(calls), load(media), tools, load(meta))


_PLACE = ("position", "split", "source")
_JSON = ("turns", "steps", "calls", "media", "meta")
_WORDS = ("content_hash", "instruction", "input", "output", "system", "turns")
"""What a revision says. In a row that was read they stand behind the sample, the pinned revision and the shown one."""
_ORIGIN = ("origin", "run_id", "draft_id", "seed_id", "job_id", "source_line")


def _columns(sample: str) -> tuple[str, ...]:
    """Sample, its pinned and its shown revision, the words, and what no edit touches; `sample` is the path to it."""
    path = sample + "__"
    words = [path + name for name in _WORDS[:-1]]
    return (f"{sample}_id", "revision", path + "revision", *words, *_JSON[:4], path + "tools", "meta")


_SAMPLE = (*_columns("sample"), *(f"sample__{name}" for name in _ORIGIN))


def _pins(version: DatasetVersion, sample: str) -> QuerySet[DatasetRow]:
    as_text: dict[str, Any] = {name: Cast(f"{sample}__{name}", TextField()) for name in _JSON}
    return DatasetRow.objects.filter(version=version).annotate(**as_text).order_by("position")


def _as_pinned(found: list[Found]) -> list[Found]:
    """The rows with the words of the pinned revision, where the sample shows another one by now."""
    old = {row[3]: row[4] for row in found if row[4] != row[5]}
    if not old:
        return found
    rows = Revision.objects.filter(sample_id__in=old).annotate(as_text=Cast("turns", TextField()))
    words = (*_WORDS[:-1], "as_text")
    known = {tuple(row[:2]): row[2:] for row in rows.values_list("sample_id", "number", *words)}
    return [row if row[4] == row[5] else (*row[:6], *known[row[3], row[4]], *row[12:]) for row in found]


def _sft(version: DatasetVersion) -> tuple[Any, Callable[[list[Found]], list[PinnedRow]]]:
    return _pins(version, "sample").values_list(*_PLACE, *_SAMPLE), _pinned_samples


def _pinned_samples(found: list[Found]) -> list[PinnedRow]:
    return [_pinned_sample(row) for row in _as_pinned(found)]


def _pinned_sample(row: Found) -> PinnedRow:
    position, split, source, sample, revision, _, content_hash = row[:7]
    example = _quick_example(row[7:17])
    return PinnedRow._make((position, sample, sample, revision, content_hash, *row[17:23], split, source, example))


def _ranking(version: DatasetVersion) -> tuple[Any, Callable[[list[Found]], list[PinnedRow]]]:
    return _pins(version, "sample").values_list(*_PLACE, *_SAMPLE, "answers"), _pinned_rankings


def _pinned_rankings(found: list[Found]) -> list[PinnedRow]:
    wanted = {pin[0] for row in found for pin in row[-1] or ()}
    known = Answer.objects.in_bulk(wanted)
    rows = []
    for row in _as_pinned(found):
        pins = [(known[pk], rank, score) for pk, rank, score in row[-1] or ()]
        answers = [candidate_of(a.text, a.model, a.meta, score=score, rank=rank) for a, rank, score in pins]
        pinned = _pinned_sample(row[:-1])
        hashes = [f"{answer.content_hash} {rank} {score}" for answer, rank, score in pins]
        rows.append(
            pinned._replace(
                content_hash=joined_hash(pinned.content_hash, *hashes),
                row=Ranking(_asked(pinned.row), tuple(answers)),
            )
        )
    return rows


def _asked(row: Any) -> Example:
    """The prompt alone: a sample that was answered since is still only asked in a pair or a ranking."""
    if not row.output and not row.calls:
        return row  # type: ignore[no-any-return]
    values = {name: getattr(row, name) for name in Example.__slots__}
    return Example(**(values | {"output": "", "calls": (), "steps": (), "weight": None}))


_ANSWER = ("content_hash", "text", "model", "meta")
_PAIR = (
    "pair_id", "pair__source", "pair__run_id", "pair__job_id", "pair__source_line", "pair__meta", "answers",
    *(f"pair__chosen__{name}" for name in _ANSWER), *(f"pair__rejected__{name}" for name in _ANSWER),
)  # fmt: skip


def _preference(version: DatasetVersion) -> tuple[Any, Callable[[list[Found]], list[PinnedRow]]]:
    columns = (*_columns("pair__sample"), "pair__sample__draft_id", "pair__sample__seed_id", *_PAIR)
    return _pins(version, "pair__sample").values_list(*_PLACE, *columns), _pinned_pairs


def _pinned_pairs(found: list[Found]) -> list[PinnedRow]:
    return [_pinned_pair(row) for row in _as_pinned(found)]


def _pinned_pair(row: Found) -> PinnedRow:
    position, split, source, sample, revision, _, prompt_hash = row[:7]
    draft, seed, pair, origin, run, job, line, meta, pins = row[17:26]
    chosen, rejected = row[26:30], row[30:34]
    scores = [pin[2] for pin in pins] if pins else [None, None]
    better, worse = (
        candidate_of(text, model, more or {}, score=score, rank=None)
        for (_, text, model, more), score in zip((chosen, rejected), scores, strict=True)
    )
    content = joined_hash(prompt_hash, chosen[0], rejected[0])
    row_ = Pair(_asked(_quick_example(row[7:17])), better, worse, meta=meta or {})
    return PinnedRow(
        position, pair, sample, revision, content, origin, run, draft, seed, job, line, split, source, row_
    )


_FEEDBACK = (
    "feedback_id", "feedback__content_hash", "feedback__job_id", "feedback__source_line", "feedback__prompt",
    "feedback__input", "feedback__completion", "feedback__system", "feedback__turns", "feedback__steps",
    "feedback__calls", "feedback__media", "feedback__tools", "feedback__meta", "feedback__good", "feedback__sample_id",
    *(f"feedback__sample__{name}" for name in ("origin", "run_id", "draft_id", "seed_id")),
)  # fmt: skip


def _feedback(version: DatasetVersion) -> tuple[Any, Callable[[list[Found]], list[PinnedRow]]]:
    pins = DatasetRow.objects.filter(version=version).order_by("position")
    return pins.values_list(*_PLACE, *_FEEDBACK), lambda found: [_pinned_feedback(row) for row in found]


def _pinned_feedback(row: Found) -> PinnedRow:
    position, split, source, pk, content, job, line = row[:7]
    turns, steps, calls, media, tools, meta, good, sample, origin, run, draft, seed = row[11:]
    # What a file said beside the example belongs to the row as a whole; only a weight is the example's own.
    weight = {"weight": meta["weight"]} if "weight" in meta else {}
    rest = {name: value for name, value in meta.items() if name != "weight"}
    example = _example((row[7], row[8], row[9], row[10]), turns, steps, calls, media, tools, weight)
    found = _imported(position, pk, content, job, line, split, source, Feedback(example, good, meta=rest))
    return found._replace(sample=sample, origin=origin, run=run, draft=draft, seed=seed) if sample else found


def _text(version: DatasetVersion) -> tuple[Any, Callable[[list[Found]], list[PinnedRow]]]:
    pins = DatasetRow.objects.filter(version=version).order_by("position")
    columns = ("text_id", "text__content_hash", "text__job_id", "text__source_line", "text__text", "text__meta")
    return pins.values_list(*_PLACE, *columns), lambda found: [_pinned_text(row) for row in found]


def _pinned_text(row: Found) -> PinnedRow:
    position, split, source, pk, content, job, line, text, meta = row
    return _imported(position, pk, content, job, line, split, source, Text(text, meta=meta or {}))


def _imported(
    position: int, pk: int, content: str, job: int | None, line: int | None, split: str, source: str, row: Row
) -> PinnedRow:
    return PinnedRow(position, pk, None, 1, content, "import", None, None, None, job, line, split, source, row)


_READERS: dict[str, Callable[[DatasetVersion], tuple[Any, Callable[[list[Found]], list[PinnedRow]]]]] = {
    Dataset.Kind.SFT: _sft,
    Dataset.Kind.PREFERENCE: _preference,
    Dataset.Kind.FEEDBACK: _feedback,
    Dataset.Kind.TEXT: _text,
    Dataset.Kind.RANKING: _ranking,
}
