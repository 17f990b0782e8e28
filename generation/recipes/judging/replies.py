"""Verdicts in replies: read by the schema, else by the last token in brackets. What is neither is no verdict.

A judge that quotes an answer may quote the verdict that somebody planted in it: where a reply holds two verdicts that
differ, it holds none.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from generation.recipes.json_replies import REPAIR
from generation.types import Prompt, Reply

Side = Literal["A", "B", "tie"]

TRIES = 3
"""The first question and two more."""
NOT_APPLICABLE = "N/A"

_SIDES: Mapping[str, Side] = {"a": "A", "b": "B", "c": "tie", "tie": "tie"}
_TOKEN = re.compile(r"\[\[\s*([^\[\]\n]{1,24}?)\s*\]\]")
_NUMBER = re.compile(r"(-?\d{1,6}(?:\.\d{1,6})?)(?:\s*/\s*(\d{1,6}))?")
_DECODER = json.JSONDecoder()
_MOST_OBJECTS = 50


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one question: the `value`, or None with a `reason`: "call_failed" or "invalid_verdict"."""

    value: Any
    reason: str = ""
    text: str = ""


def ask_all(
    prompts: Sequence[Prompt], read: Callable[[str], Any]
) -> Generator[Prompt | list[Prompt], Reply | list[Reply], list[Heard]]:
    """Asks all prompts side by side; those whose reply `read` makes None of are asked again, twice at most.

    A question that is asked again is a prompt of its own: another `sample_index`, the stage marked as a repair.
    """
    heard: dict[int, Heard] = {}
    stride = 1 + max((each.sample_index for each in prompts), default=0)
    waiting = list(enumerate(prompts))
    for attempt in range(TRIES):
        if not waiting:
            break
        replies = yield [_again(each, attempt, stride) for _, each in waiting]
        assert isinstance(replies, list)
        for (at, _), reply in zip(waiting, replies, strict=True):
            heard[at] = _heard(reply, read)
        waiting = [(at, each) for at, each in waiting if heard[at].reason == "invalid_verdict"]
    return [heard[at] for at in range(len(prompts))]


def side_of(text: str) -> Side | None:
    """The side that won, or that neither did: `{"winner": "A"}`, else the last [[A]], [[B]] or [[C]]."""
    return _agreed(text, "winner", _side) if _says(text, "winner") else _last(text, _side)


def score_of(text: str, *, low: float, high: float) -> float | None:
    """The score on its scale: `{"score": 7}`, else the last [[7]]. Off the scale is no score; nothing is rescaled."""

    def number(value: Any) -> float | None:
        return _number(value, low=low, high=high)

    return _agreed(text, "score", number) if _says(text, "score") else _last(text, number)


def ratings_of(text: str, *, count: int, low: float, high: float, optional: bool) -> list[float | str] | None:
    """Exactly `count` ratings in the order of the texts; None for any other number of them.

    `{"ratings": [{"text": 1, "rating": 4}, ...]}`, else `count` tokens in brackets. "N/A" only where `optional`.
    """

    def rating(value: Any) -> float | str | None:
        if optional and isinstance(value, str) and value.strip().upper() in ("N/A", "NA"):
            return NOT_APPLICABLE
        return _number(value, low=low, high=high)

    if _says(text, "ratings"):
        found = _agreed(text, "ratings", lambda value: _by_text(value, count))
    else:
        found = tuple(_TOKEN.findall(text))
    if found is None or len(found) != count:
        return None
    read = [rating(each) for each in found]
    return None if None in read else [each for each in read if each is not None]


def steps_of(text: str) -> list[str] | None:
    """The evaluation steps of a reply, 2 to 12 of them."""
    found = _agreed(text, "steps", lambda value: tuple(map(str, value)) if isinstance(value, list) else None)
    steps = [each.strip() for each in found or () if each.strip()]
    return steps if 2 <= len(steps) <= 12 else None


def _again(prompt: Prompt, attempt: int, stride: int) -> Prompt:
    if not attempt:
        return prompt
    return replace(prompt, stage=prompt.stage + REPAIR, sample_index=prompt.sample_index + attempt * stride)


def _heard(reply: Reply, read: Callable[[str], Any]) -> Heard:
    if reply.failed:
        return Heard(None, "call_failed")
    value = read(reply.text)
    return Heard(value, "" if value is not None else "invalid_verdict", reply.text)


def _objects(text: str) -> list[dict[str, Any]]:
    """The JSON objects that stand in the text one after another, those inside others left out."""
    found: list[dict[str, Any]] = []
    at = text.find("{")
    while at >= 0 and len(found) < _MOST_OBJECTS:
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            found.append(value)
        at = text.find("{", end)
    return found


def _says(text: str, name: str) -> bool:
    return any(name in each for each in _objects(text))


def _agreed(text: str, name: str, read: Callable[[Any], Any]) -> Any:
    """The one value that all objects of the text give `name`; None where one cannot be read or two differ."""
    values = {read(each[name]) for each in _objects(text) if name in each}
    return values.pop() if len(values) == 1 else None


def _last(text: str, read: Callable[[Any], Any]) -> Any:
    found = _TOKEN.findall(text)
    return read(found[-1]) if found else None


def _side(value: Any) -> Side | None:
    return _SIDES.get(value.strip().lower()) if isinstance(value, str) else None


def _number(value: Any, *, low: float, high: float) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        found = _NUMBER.fullmatch(value.strip())
        if found is None or (found[2] and float(found[2]) != high):
            return None
        value = float(found[1])
    if not isinstance(value, int | float) or not math.isfinite(value) or not low <= value <= high:
        return None
    return float(value)


def _by_text(value: Any, count: int) -> tuple[Any, ...] | None:
    """The ratings in the order of their numbers, which must be 1 to `count`."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return None
    numbers = [each.get("text") for each in value]
    if any(isinstance(each, bool) or not isinstance(each, int) for each in numbers):
        return None
    if sorted(numbers) != list(range(1, count + 1)):  # type: ignore[type-var]
        return None
    ordered = sorted(value, key=lambda each: each["text"])
    ratings = tuple(each.get("rating") for each in ordered)
    return ratings if all(isinstance(each, int | float | str) for each in ratings) else None
