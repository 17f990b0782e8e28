"""Ranked answers to one prompt, in three spellings: a list of objects, lists side by side, or a choice of two.

`ranked`: {prompt, answers: [{answer, rank, score, model}]}, rank 1 is the best. `ranked_columns`: {prompt, answers,
ranks, scores, models}. `choice`: {prompt, answer_a, answer_b, choice}, where choice is a, b or tie.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.answer_parts import TextAnswer
from generation.formats.base import Options, wanted
from generation.formats.pairs import prompt_faults
from generation.formats.parts import list_of, text_of
from generation.formats.preference import prompt_keys, prompt_of, prompt_told
from generation.types import Candidate, Ranking, RowError

TEXTS = ("answer", "text", "response", "completion", "content", "output")
CHOICES: Mapping[str, str] = {
    "a": "a", "answer_a": "a", "response_a": "a", "model_a": "a",
    "b": "b", "answer_b": "b", "response_b": "b", "model_b": "b",
    "tie": "tie", "both": "tie", "tie (bothbad)": "tie", "neither": "tie",
}  # fmt: skip
"""How a choice is spelled in the wild, by what it means. Whatever is not here is a fault."""

_COLUMNS = ("ranks", "scores", "models")
SIDES = (("answer_a", "answer_b"), ("response_a", "response_b"))
CHOICE = ("choice", "winner", "preference")


def decode(record: Record) -> Ranking:
    """The ranking in a list of objects; `Fault` for an answer without text or a rank that is none."""
    answers = []
    for at, told in enumerate(list_of(record, "answers")):
        path = f"answers.{at}"
        if not isinstance(told, dict):
            raise Fault("not_an_object", path=path)
        name = next((name for name in TEXTS if told.get(name) is not None), "answer")
        used = {name, "rank", "score", "model"}
        answers.append(
            Candidate(
                text_of(told, name, within=path),
                rank=rank_of(told.get("rank"), path=f"{path}.rank"),
                score=_score(told.get("score"), path=f"{path}.score"),
                model=_model(told.get("model"), path=f"{path}.model"),
                meta={key: value for key, value in told.items() if key not in used},
            )
        )
    return Ranking(prompt_of(record), tuple(answers), meta=_rest(record, "answers"))


def encode(row: Ranking, options: Options) -> Record:
    """Each answer with the rank, the score and the model that it has."""
    ranking = wanted(row, Ranking)
    answers = []
    for at, answer in enumerate(ranking.answers):
        told = {"answer": TextAnswer().write(answer, options, path=f"answers.{at}", prompt=ranking.prompt)}
        beside = {"rank": answer.rank, "score": answer.score, "model": answer.model or None}
        answers.append(told | {name: value for name, value in beside.items() if value is not None})
    return prompt_told(ranking.prompt, options) | {"answers": answers}


def decode_columns(record: Record) -> Ranking:
    """The ranking in lists of the same length."""
    texts = list_of(record, "answers")
    columns = {}
    for name in _COLUMNS:
        values = list_of(record, name) if record.get(name) is not None else [None] * len(texts)
        if len(values) != len(texts):
            raise Fault("uneven_lists", path=name, message=f"{len(texts)} / {len(values)}")
        columns[name] = values
    answers = []
    for at, text in enumerate(texts):
        if not isinstance(text, str):
            raise Fault("not_a_string", path=f"answers.{at}")
        rank = rank_of(columns["ranks"][at], path=f"ranks.{at}")
        score = _score(columns["scores"][at], path=f"scores.{at}")
        answers.append(
            Candidate(text, rank=rank, score=score, model=_model(columns["models"][at], path=f"models.{at}"))
        )
    return Ranking(prompt_of(record), tuple(answers), meta=_rest(record, "answers", *_COLUMNS))


def encode_columns(row: Ranking, options: Options) -> Record:
    """The texts, then a list of ranks, of scores and of models where there are any."""
    ranking = wanted(row, Ranking)
    texts = [
        TextAnswer().write(answer, options, path=f"answers.{at}", prompt=ranking.prompt)
        for at, answer in enumerate(ranking.answers)
    ]
    record = prompt_told(ranking.prompt, options) | {"answers": texts}
    values = [
        [answer.rank for answer in ranking.answers],
        [answer.score for answer in ranking.answers],
        [answer.model or None for answer in ranking.answers],
    ]
    return record | {
        name: each for name, each in zip(_COLUMNS, values, strict=True) if any(v is not None for v in each)
    }


def decode_choice(record: Record) -> Ranking:
    """Two answers, ranked by the choice between them; a tie gives both the same rank. `Fault` "unknown_choice"."""
    first, second = next((names for names in SIDES if names[0] in record), SIDES[0])
    name = next((name for name in CHOICE if record.get(name) is not None), "choice")
    word = text_of(record, name)
    choice = CHOICES.get(word.strip().lower())
    if choice is None:
        raise Fault("unknown_choice", path=name, message=word[:40])
    ranks = {"a": (1, 2), "b": (2, 1), "tie": (1, 1)}[choice]
    answers = tuple(
        Candidate(text_of(record, side), rank=rank) for side, rank in zip((first, second), ranks, strict=True)
    )
    return Ranking(prompt_of(record), answers, meta=_rest(record, first, second, name))


def encode_choice(row: Ranking, options: Options) -> Record:
    """Exactly two answers, and which of them is better."""
    ranking = wanted(row, Ranking)
    ranks = [answer.rank for answer in ranking.answers]
    if len(ranks) != 2 or None in ranks:
        raise Fault("not_representable", path="answers")
    record = prompt_told(ranking.prompt, options)
    for name, answer in zip(SIDES[0], ranking.answers, strict=True):
        record[name] = TextAnswer().write(answer, options, path=name, prompt=ranking.prompt)
    first, second = (rank or 0 for rank in ranks)
    return record | {"choice": "tie" if first == second else "a" if first < second else "b"}


def rank_of(value: Any, *, path: str) -> int | None:
    """A whole number from 1; `Fault` otherwise. None where there is none."""
    if value is None:
        return None
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole or not 1 <= value <= 10**6:
        raise Fault("not_a_rank", path=path, message=repr(value)[:40])
    return int(value)


def _score(value: Any, *, path: str) -> float | None:
    if value is None:
        return None
    finite = isinstance(value, int | float) and abs(value) <= 2**53 and math.isfinite(value)
    if isinstance(value, bool) or not finite:
        raise Fault("not_a_score", path=path, message=repr(value)[:40])
    return value


def _model(value: Any, *, path: str) -> str:
    if value is not None and not isinstance(value, str):
        raise Fault("not_a_string", path=path)
    return value or ""


def _rest(record: Record, *used: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in used and name not in prompt_keys(record)}


def ranking_faults(ranking: Ranking) -> Iterator[RowError]:
    """A blank prompt or answer, too few answers, an order that is none; the same answer twice is a warning."""
    yield from prompt_faults(ranking.prompt, path="prompt")
    if len(ranking.answers) < 2:
        yield RowError(0, "too_few_answers", "answers")
    for at, answer in enumerate(ranking.answers):
        if not answer.text.strip():
            yield RowError(0, "blank", f"answers.{at}")
    ranked = [answer.rank is not None for answer in ranking.answers]
    scored = [answer.score is not None for answer in ranking.answers]
    if not all(ranked) and not all(scored):
        yield RowError(0, "no_order", "answers")
    elif len({(answer.rank if all(ranked) else answer.score) for answer in ranking.answers}) == 1:
        yield RowError(0, "all_tie", "answers", severity="warning")
    if max(Counter(answer.text for answer in ranking.answers).values(), default=0) > 1:
        yield RowError(0, "same_answers", "answers", severity="warning")
