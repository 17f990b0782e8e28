"""Pairs in conversations that exist: ShareGPT whose last turn somebody edited, or that names two last turns. Only read.

An edited turn carries the better text beside its `value` ("edited", "corrected", "rewritten"), or the worse one
("original"). `alternatives` are two answers after the conversation, told apart by `chosen`, `rank` or `score`. All
turns before are the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats import sharegpt
from generation.formats.base import Options, RecordFormat
from generation.formats.pairs import pair_faults
from generation.formats.parts import refused, text_faults
from generation.types import N_, Candidate, Example, Pair, RowError

BETTER = ("edited", "corrected", "rewritten")
WORSE = "original"
ALTERNATIVES = "alternatives"
_NAMES = {"prompt": "conversations", "chosen": "chosen", "rejected": "rejected"}
_Sides = tuple[str, Any, str, Any]
"""Path and message of the better answer, then of the worse one."""


def decode(record: Record) -> Pair:
    """The pair in a record; `Fault` "no_order" for alternatives that nobody preferred, "no_answer" without two."""
    key, before = _conversation(record)
    better_path, better, worse_path, worse = _sides(record, key, before)
    beside = {name: value for name, value in record.items() if name not in (key, ALTERNATIVES)}
    turns = before if ALTERNATIVES in record else before[:-1]
    chosen = _whole(turns, better, beside, key=key, path=better_path)
    rejected = _whole(turns, worse, beside, key=key, path=worse_path)
    prompt = replace(chosen, output="", calls=(), steps=(), weight=None, meta={})
    return Pair(
        prompt, Candidate(chosen.output, chosen.steps, chosen.calls, score=_score(better)),
        Candidate(rejected.output, rejected.steps, rejected.calls, score=_score(worse)), meta=chosen.meta,
    )  # fmt: skip


def likeness(record: Record) -> int:
    """A conversation whose last turn has an edit beside it, or that names two alternatives."""
    key = next((name for name in sharegpt.LIST_KEYS if isinstance(record.get(name), list) and record[name]), None)
    if key is None or not isinstance(record[key][-1], dict):
        return 0
    if any(isinstance(record[key][-1].get(name), str) for name in (*BETTER, WORSE)):
        return 96
    return 94 if isinstance(record.get(ALTERNATIVES), list) and len(record[ALTERNATIVES]) == 2 else 0


def _conversation(record: Record) -> tuple[str, list[Any]]:
    key = next((name for name in sharegpt.LIST_KEYS if name in record), None)
    if key is None or not isinstance(record[key], list) or not record[key]:
        raise Fault("missing_messages_list", path=key or "conversations")
    return key, record[key]


def _sides(record: Record, key: str, before: list[Any]) -> _Sides:
    if ALTERNATIVES in record:
        return _preferred(record[ALTERNATIVES])
    last, path = before[-1], f"{key}.{len(before) - 1}"
    if not isinstance(last, Mapping):
        raise Fault("data_type", path=path)
    named = [name for name in (*BETTER, WORSE) if last.get(name) is not None]
    if len(named) != 1:
        raise Fault("two_fields" if named else "no_answer", path=path, message=", ".join(named))
    name = named[0]
    if not isinstance(last[name], str):
        raise Fault("not_a_string", path=f"{path}.{name}")
    said = {field: value for field, value in last.items() if field != name}
    field = "value" if "value" in said else "content"
    other = said | {field: last[name]}
    return (f"{path}.{name}", other, path, said) if name in BETTER else (path, said, f"{path}.{name}", other)


def _preferred(alternatives: Any) -> _Sides:
    """The two alternatives, the better one first: the one that is `chosen`, has the better `rank` or higher `score`."""
    if not isinstance(alternatives, list) or len(alternatives) != 2:
        raise Fault("no_answer", path=ALTERNATIVES)
    if not all(isinstance(each, Mapping) for each in alternatives):
        known = all(isinstance(each, str) for each in alternatives)
        raise Fault("no_order" if known else "data_type", path=ALTERNATIVES)
    for name, sign in (("chosen", 1), ("rank", -1), ("score", 1)):
        one, other = (_number(each.get(name, False if name == "chosen" else None)) for each in alternatives)
        if one is None or other is None or one == other:
            continue
        best = 0 if sign * (one - other) > 0 else 1
        worst = 1 - best
        return f"{ALTERNATIVES}.{best}", alternatives[best], f"{ALTERNATIVES}.{worst}", alternatives[worst]
    raise Fault("no_order", path=ALTERNATIVES)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _whole(turns: list[Any], answer: Any, beside: Record, *, key: str, path: str) -> Example:
    """The conversation with this answer; what is wrong with the answer is told of its own place."""
    own = {name: value for name, value in answer.items() if name not in ("chosen", "rank", "score")}
    if "from" not in own and "role" not in own:
        own = {"from": "gpt", **own} if "value" in own else {"role": "assistant", **own}
    try:
        return sharegpt.decode({**beside, key: [*turns, own]})
    except Fault as fault:
        last = f"{key}.{len(turns)}"
        where = fault.path.replace(last, path, 1) if fault.path.startswith(last) else fault.path
        raise Fault(fault.code, path=where, message=fault.message) from None


def _score(answer: Any) -> float | None:
    score = answer.get("score")
    return score if isinstance(score, int | float) and not isinstance(score, bool) else None


def _faults(record: Record) -> Iterator[RowError]:
    try:
        pair = decode(record)
    except Fault as fault:
        yield refused(fault, record)
        return
    yield from pair_faults(pair, names=_NAMES)
    yield from text_faults(record)


def _not_written(_row: object, _options: Options) -> Record:
    raise Fault("only_read")


FORMAT = RecordFormat(
    name="sharegpt_pairs",
    title=N_("ShareGPT with an edited or a second last turn"),
    kind="preference",
    layouts=(),
    is_like=likeness,
    to_row=decode,
    to_record=_not_written,
    faults=_faults,
)
