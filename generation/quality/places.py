"""Where in a draft something was found: its texts by field, and findings that name their place. Pure."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from itertools import islice
from typing import Any, TypeVar, cast

from generation.quality.text import comparison_key
from generation.types import MOST_SPANS, Draft, Finding

FIELDS = ("instruction", "input", "output", "system")
Spans = Sequence[tuple[int, int]]
_DATA = re.compile(r"\s*(?:[{\[]\s*[\"'{\[\d\]}]|[A-Za-z_][\w.:/-]{0,63} ?\{|</?(?:tool_call|function_?call)s?>)")
_COMPOSES = re.compile("[\u1160-\u11ff\uff9e\uff9f]")
"""Signs that melt into the one before them though they are no combining marks: vowels of hangul, marks of kana."""


Said = TypeVar("Said")


def _remembered(reading: Callable[[Draft], Iterator[Said]]) -> Callable[[Draft], tuple[Said, ...]]:
    """What is read of a draft, kept until another one is read: the checks of a row ask one after the other."""
    last = threading.local()

    @wraps(reading)
    def read(draft: Draft) -> tuple[Said, ...]:
        if getattr(last, "draft", None) is not draft:
            last.said = tuple(reading(draft))
            last.draft = draft
        return cast("tuple[Said, ...]", last.said)

    return read


@_remembered
def texts_of(draft: Draft) -> Iterator[tuple[str, str]]:
    """Every text that is not empty with the field it is called by: the draft's own, then its earlier turns."""
    if draft.instruction:
        yield "instruction", draft.instruction
    if draft.input:
        yield "input", draft.input
    if draft.output:
        yield "output", draft.output
    if draft.system:
        yield "system", draft.system
    if draft.history:
        yield from ((field, text) for field, _role, text in turns_of(draft) if text)


@_remembered
def answers_of(draft: Draft) -> Iterator[tuple[str, str]]:
    """What the assistant says: the output, then the answers among the earlier turns."""
    yield "output", draft.output
    if draft.history:
        yield from ((field, text) for field, role, text in turns_of(draft) if text and role == "assistant")


@_remembered
def exchanges_of(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Each answer in words as (field, question, answer): the output, then those of the earlier turns.

    Calls of tools and other data are nothing that is said.
    """
    if draft.output and not is_data(draft.output):
        yield "output", draft.instruction, draft.output
    asked = ""
    for field, role, text in turns_of(draft) if draft.history else ():
        if role == "user":
            asked = text
        elif role == "assistant" and text and not is_data(text):
            yield field, asked, text


def is_data(text: str) -> bool:
    """Whether a whole text is JSON, or calls of tools as drafts hold them: "name {...}"."""
    return text.rstrip()[-1:] in ("}", "]", ">") and _DATA.match(text) is not None


@_remembered
def questions_of(draft: Draft) -> Iterator[tuple[str, str]]:
    """What the user asks: the instruction, then the questions among the earlier turns."""
    yield "instruction", draft.instruction
    if draft.history:
        yield from ((field, text) for field, role, text in turns_of(draft) if text and role == "user")


@_remembered
def turns_of(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """The earlier turns as (field, role, text), the first one "turn 1".

    Roles alternate, unless `data["turn_roles"]` says what they are.
    """
    roles = draft.data.get("turn_roles", ())
    for at, text in enumerate(text for exchange in draft.history for text in exchange):
        role = roles[at] if at < len(roles) else ("user", "assistant")[at % 2]
        yield f"turn {at + 1}", str(role), text


def text_in(draft: Draft, field: str) -> str:
    """The text of a field as findings name it, "" when there is none."""
    if field in FIELDS:
        return str(getattr(draft, field))
    return next((text for name, _role, text in turns_of(draft) if name == field), "") if field else ""


def placed(
    check: str, code: str, *, field: str, spans: Iterable[tuple[int, int]], drop: bool = False, **detail: Any
) -> Finding:
    """A finding with its place: the first `MOST_SPANS` of the spans, and how many there are in all."""
    rest = iter(spans)
    first = [[start, end] for start, end in islice(rest, MOST_SPANS)]
    where = {"field": field, "spans": first, "count": len(first) + sum(1 for _ in rest)}
    return Finding(check, code, drop=drop, detail={**detail, **where})


def plain(found: Finding) -> dict[str, Any]:
    """The finding as plain JSON, as it is stored."""
    return {"check": found.check, "code": found.code, "drop": found.drop, "detail": dict(found.detail)}


def key_spans(text: str, *patterns: re.Pattern[str]) -> tuple[str, list[tuple[int, int]]]:
    """The first match in the comparison key of the text, and where in the text itself all matches of the first pattern
    that has any are; no places where the key cannot be led back to the text."""
    key = text.lower() if text.isascii() else comparison_key(text)
    for pattern in patterns:
        found = pattern.search(key)
        if found:
            spans = [match.span() for match in pattern.finditer(key)]
            return found[0], spans if text.isascii() else _led_back(text, key, spans)
    return "", []


def _led_back(text: str, key: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    origins = origins_of_key(text, length=len(key))
    return [] if origins is None else [(origins[start][0], origins[end - 1][1]) for start, end in spans]


def origins_of_key(text: str, *, length: int) -> list[tuple[int, int]] | None:
    """For each character of the text's comparison key the stretch [start, end) of the text that it came from; None
    where the stretches do not make up a key of that length."""
    if text.isascii():
        return [(at, at + 1) for at in range(len(text))]
    origins: list[tuple[int, int]] = []
    begin = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _joins(text[end]):
            origins += [(begin, end)] * len(unicodedata.normalize("NFKC", text[begin:end]).lower())
            begin = end
    return origins if len(origins) == length else None


def _joins(character: str) -> bool:
    return bool(unicodedata.combining(character) or _COMPOSES.match(character))


def whole(text: str) -> list[tuple[int, int]]:
    """The one span that is the whole text, without the blanks around it; none of an empty one."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return [(start, end)] if start < end else []
