"""A batch of imported rows: made ready outside the transaction, so that others wait for the writing alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from generation.actions.reading import Line
from generation.actions.row_values import (
    AnswerValues,
    SampleValues,
    UnstorableError,
    answer_values,
    as_ranking,
    hash_of,
    language_of,
    refuse_unstorable,
    sample_values,
    storable_json,
)
from generation.actions.row_writes import (
    FeedbackValues,
    Into,
    PairValues,
    RankingValues,
    Said,
    TextValues,
    write_feedback,
    write_pairs,
    write_prompts,
    write_rankings,
    write_samples,
    write_texts,
)
from generation.types import Candidate, Example, Feedback, Pair, Ranking, RowError, Text


@dataclass
class Ready:
    """Rows by kind; within a kind the first of each content. `lines` are those read, a fault for what is refused."""

    lines: list[Line] = field(default_factory=list)
    samples: dict[str, tuple[int, SampleValues]] = field(default_factory=dict)
    prompts: dict[str, tuple[int, SampleValues]] = field(default_factory=dict)
    pairs: dict[str, tuple[int, PairValues]] = field(default_factory=dict)
    feedback: dict[str, tuple[int, FeedbackValues]] = field(default_factory=dict)
    texts: dict[str, tuple[int, TextValues]] = field(default_factory=dict)
    rankings: list[tuple[int, RankingValues]] = field(default_factory=list)

    def keep(self, line: int, row: Any, *, said: Said) -> None:
        """Sorts a row in; `UnstorableError` when it cannot be kept."""
        match row:
            case Example():
                values = sample_values(row, said=said)
                into = self.samples if row.output or row.calls else self.prompts
                into.setdefault(values.content_hash, (line, values))
            case Pair():
                pair = _pair(row, said)
                self.pairs.setdefault(pair.content_hash, (line, pair))
            case Ranking():
                prompt = sample_values(row.prompt, said=said, more=row.meta)
                self.rankings.append((line, RankingValues(prompt, tuple(map(answer_values, row.answers)))))
            case Feedback():
                feedback = _feedback(row, said)
                self.feedback.setdefault(feedback.content_hash, (line, feedback))
            case Text():
                text = _text(row, said)
                self.texts.setdefault(text.content_hash, (line, text))
            case _:
                raise UnstorableError(RowError(0, "kind_not_kept", message=type(row).__name__))


def ready(lines: Iterable[Line], *, said: Said, as_answers: bool = False) -> Ready:
    """The lines as rows to write. With `as_answers`, a whole example becomes one answer to its prompt."""
    found = Ready()
    for line, row in lines:
        if isinstance(row, RowError):
            found.lines.append((line, row))
            continue
        if as_answers and isinstance(row, Example) and (row.output or row.calls):
            row = as_ranking(row)
        try:
            found.keep(line, row, said=said)
        except UnstorableError as refused:
            row = replace(refused.error, line=line)
        found.lines.append((line, row))
    return found


def write(into: Into, *, rows: Ready) -> int:
    """Writes what is not there yet and returns how many rows were new; call it in a transaction."""
    written = 0
    if rows.samples:
        written += write_samples(into, rows=rows.samples)
    if rows.prompts:
        written += write_prompts(into, rows=rows.prompts)
    if rows.pairs:
        written += write_pairs(into, rows=rows.pairs)
    if rows.rankings:
        written += write_rankings(into, rows=rows.rankings)
    if rows.feedback:
        written += write_feedback(into, rows=rows.feedback)
    if rows.texts:
        written += write_texts(into, rows=rows.texts)
    return written


def _pair(row: Pair, said: Said) -> PairValues:
    prompt = sample_values(row.prompt, said=said)
    chosen, rejected = answer_values(row.chosen), answer_values(row.rejected)
    key = _pair_key(prompt, chosen, rejected)
    meta = storable_json(row.meta, path="meta")
    return PairValues(prompt, chosen, rejected, _margin(row.chosen, row.rejected), meta, key)


def turned_key(pair: PairValues) -> str:
    """The content hash of the pair that says the opposite."""
    return _pair_key(pair.prompt, pair.rejected, pair.chosen)


def _pair_key(prompt: SampleValues, chosen: AnswerValues, rejected: AnswerValues) -> str:
    return hash_of("pair", prompt.content_hash, chosen.content_hash, rejected.content_hash)


def _margin(chosen: Candidate, rejected: Candidate) -> float | None:
    if chosen.score is None or rejected.score is None:
        return None
    return float(chosen.score) - float(rejected.score)


def _feedback(row: Feedback, said: Said) -> FeedbackValues:
    example = sample_values(row.example, said=said, more=row.meta)
    return FeedbackValues(example, row.good, hash_of("feedback", example.content_hash, "good" if row.good else "bad"))


def _text(row: Text, said: Said) -> TextValues:
    refuse_unstorable(row.text)
    language = said.language or language_of(row.text)
    return TextValues(row.text, storable_json(row.meta, path="meta"), language, hash_of("text", row.text))
