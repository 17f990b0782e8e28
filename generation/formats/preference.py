"""The preference triplet: {prompt, chosen, rejected}, with score_chosen and score_rejected where there are scores.

The prompt is one text, or a list of chat messages where it has a system text or earlier turns. Scores count from 0 to
10 unless the record says otherwise in `score_scale` ([least, most]).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.answer_parts import TextAnswer
from generation.formats.base import TABLE_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.pairs import pair_faults
from generation.formats.parts import fitting, optional_text, refused, text_faults, text_of
from generation.formats.prompt_parts import WITH_TOOLS, MessagesPrompt, TextPrompt
from generation.types import N_, Candidate, Example, Pair, RowError

SCORES = ("score_chosen", "score_rejected")
_KNOWN = frozenset({"prompt", "chosen", "rejected", *SCORES})
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,17})?")
_TEXT, _CHAT, _ANSWER = TextPrompt(), MessagesPrompt("prompt", dialect=WITH_TOOLS), TextAnswer()


def likeness(record: Record) -> int:
    """Three texts; scores, and nothing else, make it surer."""
    if not (_TEXT.fits(record) or _CHAT.fits(record)):
        return 0
    if not _ANSWER.fits(record.get("chosen")) or not _ANSWER.fits(record.get("rejected")):
        return 0
    return 95 if record.keys() <= _KNOWN else 75


def decode(record: Record) -> Pair:
    """The pair in a record; `Fault` for a missing field, a wrong type or a score that stands alone."""
    scores = [score_of(record, name) for name in SCORES]
    for name, score in zip(SCORES, scores, strict=True):
        if score is None and any(each is not None for each in scores):
            raise Fault("score_alone", path=name)
    return Pair(
        prompt_of(record),
        Candidate(text_of(record, "chosen"), score=scores[0]),
        Candidate(text_of(record, "rejected"), score=scores[1]),
        meta={name: value for name, value in record.items() if name not in _KNOWN | prompt_keys(record)},
    )


def encode(row: Pair, options: Options) -> Record:
    """Three keys, or five where both answers have a score and the options want scores."""
    pair = wanted(row, Pair)
    record = prompt_told(pair.prompt, options) | {
        "chosen": _ANSWER.write(pair.chosen, options, path="chosen", prompt=pair.prompt),
        "rejected": _ANSWER.write(pair.rejected, options, path="rejected", prompt=pair.prompt),
    }
    if options.with_scores and pair.chosen.score is not None and pair.rejected.score is not None:
        record |= {"score_chosen": pair.chosen.score, "score_rejected": pair.rejected.score}
    return record


def faults(record: Record) -> Iterator[RowError]:
    """What a trainer would stumble over, and scores that contradict the choice."""
    try:
        pair = decode(record)
    except Fault as fault:
        yield refused(fault, record)
        return
    yield from pair_faults(pair, names={"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"})
    yield from text_faults(record)
    yield from _score_faults(record, pair)


def prompt_of(record: Record) -> Example:
    """The prompt in `prompt`: a text or a list of chat messages."""
    if isinstance(record.get("prompt"), list):
        return _CHAT.read(record)
    return replace(_TEXT.read(record), system=optional_text(record, "system") if "system" in record else "")


def prompt_keys(record: Record) -> frozenset[str]:
    """The fields from which `prompt_of` reads: a system text stands beside a text, but inside a conversation."""
    return frozenset({"prompt", "system"} if isinstance(record.get("prompt"), str) else {"prompt"})


def prompt_told(prompt: Example, options: Options) -> Record:
    """The prompt as one text; as messages where a system text or earlier turns belong to it."""
    prompt = fitting(prompt, options, holds={"system", "turns", "steps"})
    if prompt.system or options.default_system or prompt.turns or prompt.steps:
        return _CHAT.write(prompt, options)
    return _TEXT.write(prompt, options)


def score_of(record: Record, name: str) -> float | None:
    """The finite number in a field, None when it is absent, null or an empty cell.

    A table knows no numbers, so a plain decimal text is read as one.
    """
    value = record.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Fault("not_a_score", path=name, message=repr(value)[:40])
    if abs(value) > 2**53 or not math.isfinite(value):
        raise Fault("not_a_score", path=name, message=str(value)[:40])
    return value


def margin_of(scale: tuple[float, float]) -> float:
    """The least difference of scores that means something: 0.5 from 1 to 5, else a tenth of the scale."""
    return 0.5 if scale == (1, 5) else (scale[1] - scale[0]) / 10


def _score_faults(record: Record, pair: Pair) -> Iterator[RowError]:
    for name in SCORES:
        if isinstance(record.get(name), str) and record[name]:
            yield RowError(0, "number_is_text", name)
    if pair.chosen.score is None or pair.rejected.score is None:
        return
    if pair.chosen.score <= pair.rejected.score:
        yield RowError(0, "score_order", "score_chosen")
        return
    scale = _scale(record.get("score_scale"))
    if scale is None:
        yield RowError(0, "bad_scale", "score_scale")
        return
    for name, answer in zip(SCORES, (pair.chosen, pair.rejected), strict=True):
        if not scale[0] <= (answer.score or 0) <= scale[1]:
            severity: Any = "error" if "score_scale" in record else "warning"
            yield RowError(0, "score_off_scale", name, f"{scale[0]}-{scale[1]}", severity=severity)
    difference = Decimal(repr(pair.chosen.score)) - Decimal(repr(pair.rejected.score))
    if difference < Decimal(repr(margin_of(scale))):
        yield RowError(0, "small_margin", "score_chosen", f"{difference} < {margin_of(scale)}", severity="warning")


def _scale(value: Any) -> tuple[float, float] | None:
    """The declared scale, 0 to 10 when none is, None when it makes no sense."""
    if value is None:
        return 0, 10
    numbers = isinstance(value, list) and len(value) == 2 and all(type(each) in (int, float) for each in value)
    return (value[0], value[1]) if numbers and value[0] < value[1] else None


FORMAT = RecordFormat(
    name="preference",
    title=N_("Preference pairs"),
    kind="preference",
    layouts=TABLE_LAYOUTS,
    is_like=likeness,
    to_row=decode,
    to_record=encode,
    faults=faults,
)
