"""The list of formats of ranked answers; what their records mean is in `formats.ranked`.

Axolotl's zephyr.nectar takes the answer with the highest rank as the chosen one and the next as the rejected one. So
its ranks are written upside down: what is trained is what the ranking says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats import ranked
from generation.formats.answer_parts import TextAnswer
from generation.formats.base import NESTED_LAYOUTS, TABLE_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.parts import refused, text_faults
from generation.formats.prompt_parts import TextPrompt
from generation.types import N_, Ranking, RowError


def decode_upside_down(record: Record) -> Ranking:
    """The ranking in a record of Axolotl's nectar strategy, where a higher rank is better."""
    ranking = ranked.decode(record)
    ranks = [answer.rank for answer in ranking.answers if answer.rank is not None]
    if len(ranks) != len(ranking.answers):
        raise Fault("no_order", path="answers")
    places = {rank: at for at, rank in enumerate(sorted(set(ranks), reverse=True), start=1)}
    answers = tuple(replace(answer, rank=places[answer.rank or 0]) for answer in ranking.answers)
    return replace(ranking, answers=answers)


def encode_upside_down(row: Ranking, options: Options) -> Record:
    """The best answer gets the highest rank. `Fault` where an answer has no rank, or the prompt is more than a text."""
    ranking = wanted(row, Ranking)
    ranks = [answer.rank for answer in ranking.answers if answer.rank is not None]
    if len(ranks) != len(ranking.answers):
        raise Fault("not_representable", path="answers")
    places = {rank: at for at, rank in enumerate(sorted(set(ranks), reverse=True), start=1)}
    answers = [
        {
            "answer": TextAnswer().write(answer, options, path=f"answers.{at}", prompt=ranking.prompt),
            "rank": places[answer.rank or 0],
        }
        for at, answer in enumerate(ranking.answers)
    ]
    return TextPrompt().write(ranking.prompt, options) | {"answers": answers}


def _faults(record: Record, *, decode: Callable[[Record], Ranking]) -> Iterator[RowError]:
    try:
        ranking = decode(record)
    except Fault as fault:
        yield refused(fault, record)
        return
    yield from ranked.ranking_faults(ranking)
    yield from text_faults(record)


def _objects(record: Record, *, sureness: int) -> int:
    answers = record.get("answers")
    objects = isinstance(answers, list) and answers and all(isinstance(each, dict) for each in answers)
    ordered = objects and all("rank" in each or "score" in each for each in answers or ())
    return sureness if ordered and "prompt" in record else 0


def _columns(record: Record) -> int:
    texts = record.get("answers")
    plain = isinstance(texts, list) and texts and all(isinstance(each, str) for each in texts)
    ordered = isinstance(record.get("ranks"), list) or isinstance(record.get("scores"), list)
    return 95 if plain and ordered and "prompt" in record else 0


def _choice(record: Record) -> int:
    sides = any(all(isinstance(record.get(side), str) for side in sides) for sides in ranked.SIDES)
    return 95 if sides and any(name in record for name in ranked.CHOICE) and "prompt" in record else 0


def _format(
    name: str,
    title: str,
    layouts: tuple[str, ...],
    is_like: Callable[[Record], int],
    to_row: Callable[[Record], Ranking],
    to_record: Callable[[Ranking, Options], Record],
) -> RecordFormat:
    return RecordFormat(
        name=name,
        title=title,
        kind="ranking",
        layouts=layouts,
        is_like=is_like,
        to_row=to_row,
        to_record=to_record,
        faults=partial(_faults, decode=to_row),
    )


FORMATS = (
    _format(
        "ranked",
        N_("Ranked answers"),
        NESTED_LAYOUTS,
        partial(_objects, sureness=90),
        ranked.decode,
        ranked.encode,
    ),
    _format(
        "ranked_columns",
        N_("Ranked answers, lists side by side"),
        NESTED_LAYOUTS,
        _columns,
        ranked.decode_columns,
        ranked.encode_columns,
    ),
    _format(
        "choice",
        N_("Choice of two answers"),
        TABLE_LAYOUTS,
        _choice,
        ranked.decode_choice,
        ranked.encode_choice,
    ),
    _format(
        "axolotl_dpo_nectar",
        N_("Axolotl DPO: zephyr.nectar"),
        NESTED_LAYOUTS,
        partial(_objects, sureness=20),
        decode_upside_down,
        encode_upside_down,
    ),
)
