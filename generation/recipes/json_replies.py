"""JSON in replies: found wherever the model put it, asked for once more where it cannot be read, never evaluated."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from generation.recipes.asking import ask
from generation.recipes.base import Context
from generation.recipes.wording import fence
from generation.types import Message, Prompt, Reply

Value = TypeVar("Value")
REPAIR = ".repair"
"""The stage of a repair is the stage of the prompt with this behind it; the offline rules answer it as that stage."""

_ASK_AGAIN = {
    "en": "That could not be read: {fault}\nSend the whole answer again as valid JSON, and nothing else.",
    "zh": "上面的内容无法读取：{fault}\n请把完整的答案重新以合法的 JSON 发送，不要附加任何其他文字。",
}
_MOST_TRIES = 200
_RECORDS = re.compile(r"\[\s*\{")
_SIGNS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')
_DEEPEST = 100


class NoJSONError(ValueError):
    """A text holds no JSON of the kind that is wanted; the words say what is the matter, for the model to read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question for JSON: the `value`, or the `reason` why there is none.

    `reason` is "" (there is a value), "call_failed", "truncated_reply" or "invalid_json"; `repaired` says that the
    value came with the second answer.
    """

    value: Any
    reply: Reply
    reason: str = ""
    repaired: bool = False


def find_json(text: str) -> Any:
    """The JSON in the text: all of it, else what a fence holds, else the first balanced array or object in it.

    `NoJSONError` where there is none. NaN, Infinity and nesting deeper than 100 are no JSON here.
    """
    for candidate in _candidates(text):
        value = _load(candidate)
        if value is not None:
            return value
    raise NoJSONError("there is no JSON array or object in the reply")


def records(value: Any) -> list[dict[str, Any]]:
    """The list of objects in `value`: itself, the one object as a list, or the only list in an object that wraps it."""
    if isinstance(value, dict):
        lists = [each for each in value.values() if isinstance(each, list)]
        if len(lists) == 1 and lists[0] and all(isinstance(each, dict) for each in lists[0]):
            value = lists[0]
        else:
            value = [value]
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise NoJSONError("a list of objects is wanted")
    return value


def ask_json(
    prompt: Prompt, context: Context, check: Callable[[Any], Value]
) -> Generator[Prompt | list[Prompt], Reply | list[Reply], Asked]:
    """Asks, reads the JSON in the reply and hands it to `check`, whose value is the outcome; asks once more where the
    JSON cannot be read or `check` raises `NoJSONError`. `asked = yield from ask_json(...)`."""
    reply = yield from ask(prompt)
    value, reason, fault = _read(reply, check)
    if reason != "invalid_json":
        return Asked(value, reply, reason)
    words = _ASK_AGAIN["zh" if context.language == "zh" else "en"].format(fault=fault)
    turns = (*prompt.messages, Message("assistant", reply.text or "-"), Message("user", words))
    again = yield from ask(replace(prompt, stage=prompt.stage + REPAIR, messages=turns, sample_index=0))
    value, reason, _fault = _read(again, check)
    return Asked(value, again, reason, repaired=not reason)


def _read(reply: Reply, check: Callable[[Any], Value]) -> tuple[Value | None, str, str]:
    if reply.failed:
        return None, "call_failed", ""
    try:
        return check(find_json(reply.text)), "", ""
    except NoJSONError as error:
        return None, "truncated_reply" if reply.truncated else "invalid_json", fence(str(error)[:300])


def _candidates(text: str) -> Iterator[str]:
    yield text
    fences = text.split("```")
    for inside in fences[1::2]:
        first, _, rest = inside.partition("\n")
        yield rest if first.strip().isalnum() else inside
    over = 0
    starts = (at for at, sign in enumerate(text) if sign in "[{")
    for _try, at in zip(range(_MOST_TRIES), starts, strict=False):
        if at < over:
            continue
        yield text[at:]
        if _RECORDS.match(text, at):  # a list of objects that cannot be read: none of its objects speaks for it
            over = _end(text, at)


def _end(text: str, start: int) -> int:
    """Where the bracket at `start` closes, signs inside texts left out; the end of the text where it never does."""
    depth = 0
    for found in _SIGNS.finditer(text, start):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    return len(text)


def _load(text: str) -> Any:
    """The array or object that the text begins with; None where it begins with none."""
    text = text.strip().removeprefix("\ufeff")
    if not text.startswith(("[", "{")):
        return None
    try:
        value, _end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return value if _depth(value) <= _DEEPEST else None


def _depth(value: Any) -> int:
    level, layer = 0, [value]
    while layer and level <= _DEEPEST:
        level += 1
        layer = [
            inner
            for each in layer
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return level


def _refuse(word: str) -> Any:
    raise ValueError(word)


_DECODER = json.JSONDecoder(parse_constant=_refuse)
