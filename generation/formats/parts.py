"""What the formats of preferences and feedback share: reading fields strictly, and leaving tools out on request."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.files.text import check_file_text, excerpt, record_excerpt
from generation.formats.base import Options
from generation.types import Candidate, Example, RowError, Turn

MEDIA = {"images": "<image>", "videos": "<video>", "audios": "<audio>"}
"""The fields of media and the marks that stand for them in a text."""

_PARTS = ("system", "turns", "steps", "tools", *MEDIA)


def field_of(record: Mapping[str, Any], name: str, *, within: str = "") -> Any:
    """The field's value; `Fault` "missing_field" when it is absent or null."""
    if record.get(name) is None:
        raise Fault("missing_field", path=f"{within}.{name}" if within else name)
    return record[name]


def text_of(record: Mapping[str, Any], name: str, *, within: str = "") -> str:
    """The text in a field that must be there."""
    value = field_of(record, name, within=within)
    if not isinstance(value, str):
        raise Fault("not_a_string", path=f"{within}.{name}" if within else name)
    return value


def optional_text(record: Mapping[str, Any], name: str) -> str:
    """The text in a field, empty when it is absent or null."""
    return "" if record.get(name) is None else text_of(record, name)


def list_of(record: Mapping[str, Any], name: str, *, within: str = "") -> list[Any]:
    """The list in a field that must be there."""
    value = field_of(record, name, within=within)
    if not isinstance(value, list):
        raise Fault("not_a_list", path=f"{within}.{name}" if within else name)
    return value


def object_of(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object in a field that must be there."""
    value = field_of(record, name)
    if not isinstance(value, dict):
        raise Fault("not_an_object", path=name)
    return value


def bool_of(record: Mapping[str, Any], name: str) -> bool:
    """The truth value in a field that must be there. A text that says true is a `Fault` of its own."""
    value = field_of(record, name)
    if isinstance(value, bool):
        return value
    raise Fault("label_is_text" if isinstance(value, str) else "not_a_boolean", path=name, message=repr(value)[:40])


def media_of(record: Mapping[str, Any], *names: str) -> dict[str, tuple[str, ...]]:
    """The paths in the fields of media, each a list of texts; an absent field holds none."""
    found = {}
    for name in names:
        paths = record.get(name)
        if paths is not None and not (isinstance(paths, list) and all(isinstance(path, str) for path in paths)):
            raise Fault("not_a_list", path=name)
        found[name] = tuple(paths or ())
    return found


def fitting(example: Example, options: Options, *, holds: Collection[str]) -> Example:
    """The example as far as a target that holds only these parts may have it.

    `Fault` "not_representable" for any other part; tools are left out instead where the options say so.
    """
    if options.drop_tools and "tools" not in holds:
        example = without_tools(example)
    for name in _PARTS:
        if name not in holds and getattr(example, name):
            raise Fault("not_representable", path=name)
    return example


def fitting_answer(answer: Candidate, options: Options, *, path: str) -> Candidate:
    """The answer as one plain text; `Fault` "not_representable" for tool turns unless they are to be left out."""
    if (answer.steps or answer.calls) and not options.drop_tools:
        raise Fault("not_representable", path=path)
    return replace(answer, steps=(), calls=())


def without_tools(example: Example) -> Example:
    """The example without its tools, the calls of them and their results."""
    return replace(example, turns=plain_turns(example.turns), steps=(), calls=(), tools="")


def plain_turns(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns without calls and results of tools; an answer that was only a call goes, too."""
    kept = (
        replace(turn, calls=()) if turn.content or not turn.calls else None for turn in turns if turn.role != "tool"
    )
    return tuple(turn for turn in kept if turn is not None)


def text_faults(record: Record) -> Iterator[RowError]:
    """The texts in a record, at any depth, that hold what no training text may."""
    waiting: list[tuple[str, Any]] = [("", record)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            if code := check_file_text(value):
                yield RowError(0, code, path[:200], excerpt=excerpt(value))
        elif isinstance(value, dict | list):
            parts = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += [(f"{path}.{name}" if path else str(name), part) for name, part in parts]


def media_faults(example: Example, *answers: str) -> Iterator[RowError]:
    """Where the texts name another number of media than the row holds."""
    texts = [example.instruction, example.input, *(turn.content for turn in (*example.turns, *example.steps))]
    whole = "\n".join([*texts, *answers[:1]])
    for name, mark in MEDIA.items():
        if whole.count(mark) != len(getattr(example, name)):
            yield RowError(0, "media_count", name)


def refused(fault: Fault, record: Record) -> RowError:
    """A `Fault` of decoding as a finding of a check."""
    return RowError(0, fault.code, fault.path, fault.message, record_excerpt(record))
