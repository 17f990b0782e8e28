"""Plain dicts as rows and rows as plain dicts, one at a time: what `dataset_utils` is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generation.conversions.convert import convert
from generation.files.strict_json import Fault
from generation.formats import format_named, likely
from generation.formats.base import Options
from generation.types import Example, Kind, Row, RowError

_QUESTIONS = ("system", "instruction", "input", "prompt", "question", "context", "conversations", "messages", "text")
_ANSWERS = ("output", "response", "completion", "chosen", "answer")
_IN_A_TURN = ("content", "value", "text")


class DatasetError(ValueError):
    """Rows that cannot be used. `errors` says line (or number, from 1), code and path of each."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        first = errors[0]
        where = f"{first.path}: " if first.path else ""
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"row at line {first.line}: {where}{first.code} {first.message}".rstrip() + more)
        self.errors = tuple(errors)


def row_of(record: Mapping[str, Any], format_name: str) -> Row:
    """The row in a record of that format; `DatasetError` when there is none."""
    found = [row for _, row in format_named(format_name).read([(1, dict(record))])]
    errors = [row for row in found if isinstance(row, RowError)]
    if errors or len(found) != 1:
        raise DatasetError(errors or [RowError(1, "wrong_kind", message=f"{len(found)} rows")])
    row = found[0]
    assert not isinstance(row, RowError)
    return row


def as_format(row: Row, format_name: str, options: Options = Options()) -> dict[str, Any]:  # noqa: B008 - frozen
    """The record of a row; `DatasetError` where the format cannot hold it."""
    try:
        return format_named(format_name).encode(row, options)
    except Fault as fault:
        raise DatasetError([RowError(1, fault.code, fault.path, fault.message)]) from None


def of_kind(row: Row, kind: Kind) -> list[Row]:
    """The rows of another kind that a row gives; `DatasetError` when it gives none."""
    made = [each for _, each in convert([(1, row)], to=kind)]
    errors = [each for each in made if isinstance(each, RowError)]
    if errors:
        raise DatasetError(errors)
    return [each for each in made if not isinstance(each, RowError)]


def conversation_of(talk: Any) -> Example:
    """The example in a conversation: {conversations: ...}, {messages: ...} or a bare list of turns of either."""
    if isinstance(talk, list):
        dialect = "sharegpt" if talk and isinstance(talk[0], dict) and "from" in talk[0] else "openai_messages"
        talk = {"conversations" if dialect == "sharegpt" else "messages": talk}
    name = "openai_messages" if "messages" in talk else "sharegpt"
    row = row_of(talk, name)
    assert isinstance(row, Example)
    return row


def example_of(talk: Any) -> Example:
    """The example in a conversation, or in a row of any other format of supervised training; `DatasetError`."""
    if isinstance(talk, Mapping) and not {"messages", "conversations"} & talk.keys():
        found = next((each.name for each, _ in likely(dict(talk)) if each.kind == "sft"), "")
        row = row_of(talk, found or "alpaca")
        assert isinstance(row, Example)
        return row
    return conversation_of(talk)


def composed(row: Mapping[str, Any]) -> tuple[str, str]:
    """All texts of a row in reading order, rejected answers left out, and its answer alone ("" where none is told)."""
    asked = [text for name in _QUESTIONS for text in _texts(row.get(name))]
    answers = [text for name in _ANSWERS for text in _texts(row.get(name))]
    talk = row.get("conversations") or row.get("messages")
    last = list(_texts(talk[-1])) if isinstance(talk, list) and talk else []
    return "\n".join([*asked, *answers]), "\n".join(answers or last)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for name in _IN_A_TURN:
            yield from _texts(value.get(name))
