"""Nectar: {prompt, answers: [{answer, model, rank}]}, seven ranked answers to each prompt.

Source: berkeley-nest/Nectar. Prompts are transcripts that end where the assistant is to speak.
"""

from __future__ import annotations

from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.parts import list_of, text_of
from generation.formats.public.reading import number_of, read_only, rest_of
from generation.formats.public.transcripts import turns_in
from generation.formats.turns import prompt_from
from generation.types import N_, Candidate, Example, Ranking


def likeness(record: Record) -> int:
    """A prompt and answers that have a text, a model and a rank."""
    answers = record.get("answers")
    if not isinstance(record.get("prompt"), str) or not isinstance(answers, list) or not answers:
        return 0
    first = answers[0]
    if not isinstance(first, dict) or not {"answer", "rank"} <= first.keys():
        return 0
    return 95 if "model" in first else 65


def decode(record: Record) -> Ranking:
    """The prompt's turns and its answers, rank 1 the best; `Fault` "too_few_answers" for fewer than two."""
    told = list_of(record, "answers")
    answers = tuple(_answer(each, f"answers.{at}") for at, each in enumerate(told))
    if len(answers) < 2:
        raise Fault("too_few_answers", path="answers", message=str(len(answers)))
    return Ranking(_prompt(text_of(record, "prompt")), answers, meta=rest_of(record, "prompt", "answers"))


def _prompt(text: str) -> Example:
    if not text.startswith("\n\nHuman:"):
        return Example(text)
    asked = text.rstrip()
    if not asked.endswith("\n\nAssistant:"):
        return prompt_from(turns_in(text, path="prompt"))
    return prompt_from(turns_in(asked.removesuffix("\n\nAssistant:"), path="prompt"))


def _answer(told: Any, path: str) -> Candidate:
    if not isinstance(told, dict):
        raise Fault("not_an_object", path=path)
    rank = number_of(told, "rank")
    if rank < 1 or not rank.is_integer():
        raise Fault("not_numeric", path=f"{path}.rank", message=repr(rank))
    model = told.get("model")
    return Candidate(
        text_of(told, "answer", within=path), rank=int(rank), model=model if isinstance(model, str) else ""
    )


FORMAT = read_only("nectar", title=N_("Nectar"), kind="ranking", is_like=likeness, to_row=decode)
