"""UltraFeedback, as it was published and as it was binarized.

Sources: openbmb/UltraFeedback; HuggingFaceH4/ultrafeedback_binarized. Answers are scored by the mean of their aspects:
`overall_score` was wrong in dumps before 2023-12-29, so it only stays in the meta.
"""

from __future__ import annotations

from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.chat import heard
from generation.formats.parts import list_of, text_of
from generation.formats.public.reading import number_of, read_only, rest_of
from generation.formats.turns import prompt_from
from generation.types import N_, Candidate, Example, Pair, Ranking


def likeness(record: Record) -> int:
    """An instruction with completions that have annotations."""
    completions = record.get("completions")
    if not isinstance(record.get("instruction"), str) or not isinstance(completions, list):
        return 0
    return 95 if all(isinstance(each, dict) and "annotations" in each for each in completions) else 30


def decode(record: Record) -> Ranking:
    """The instruction with its answers, each scored by the mean of its ratings; "N/A" does not count.

    `Fault` "too_few_answers" for fewer than two, which published dumps do hold.
    """
    completions = list_of(record, "completions")
    answers = tuple(_answer(each, f"completions.{at}") for at, each in enumerate(completions))
    if len(answers) < 2:
        raise Fault("too_few_answers", path="completions", message=str(len(answers)))
    meta = rest_of(record, "instruction", "completions")
    return Ranking(Example(text_of(record, "instruction")), answers, meta=meta)


def _answer(completion: Any, path: str) -> Candidate:
    if not isinstance(completion, dict):
        raise Fault("not_an_object", path=path)
    ratings = _ratings(completion.get("annotations"), f"{path}.annotations")
    known = [rating for rating in ratings.values() if rating is not None]
    score = round(sum(known) / len(known), 6) if known else None
    model = completion.get("model")
    meta = rest_of(completion, "response", "model", "annotations") | {"ratings": ratings}
    text = text_of(completion, "response", within=path)
    return Candidate(text, score=score, model=model if isinstance(model, str) else "", meta=meta)


def _ratings(annotations: Any, path: str) -> dict[str, float | None]:
    if annotations is None:
        return {}
    if not isinstance(annotations, dict):
        raise Fault("not_an_object", path=path)
    return {aspect: _rating(told, f"{path}.{aspect}") for aspect, told in annotations.items() if told is not None}


def _rating(told: Any, path: str) -> float | None:
    value = told.get("Rating") if isinstance(told, dict) else None
    if value is None or value == "N/A":
        return None
    try:
        rating = float(value)
    except (TypeError, ValueError):
        raise Fault("not_numeric", path=f"{path}.Rating"[:200], message=repr(value)[:40]) from None
    if not 1 <= rating <= 5:
        raise Fault("not_numeric", path=f"{path}.Rating"[:200], message=repr(value)[:40])
    return rating


def binarized_likeness(record: Record) -> int:
    """Two conversations with a score each and the prompt's id."""
    lists = isinstance(record.get("chosen"), list) and isinstance(record.get("rejected"), list)
    return 95 if lists and {"prompt_id", "score_chosen", "score_rejected"} <= record.keys() else 0


def decode_binarized(record: Record) -> Pair:
    """The pair: all but the last message of `chosen` is the prompt, which `rejected` shares."""
    sides = {name: heard(list_of(record, name), path=name).turns for name in ("chosen", "rejected")}
    for name, turns in sides.items():
        if not turns or turns[-1].role != "assistant":
            raise Fault("no_answer", path=name)
    if sides["chosen"][:-1] != sides["rejected"][:-1]:
        raise Fault("different_prompts", path="rejected")
    answers = [Candidate(turns[-1].content, score=number_of(record, f"score_{name}")) for name, turns in sides.items()]
    if answers[0].text == answers[1].text:
        raise Fault("same_answers", path="rejected")
    known = ("prompt", "messages", "chosen", "rejected", "score_chosen", "score_rejected")
    return Pair(prompt_from(sides["chosen"][:-1]), answers[0], answers[1], meta=rest_of(record, *known))


FORMAT = read_only("ultrafeedback", title=N_("UltraFeedback"), kind="ranking", is_like=likeness, to_row=decode)
BINARIZED = read_only(
    "ultrafeedback_binarized",
    title=N_("UltraFeedback, binarized"),
    kind="preference",
    is_like=binarized_likeness,
    to_row=decode_binarized,
)
