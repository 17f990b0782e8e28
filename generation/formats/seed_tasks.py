"""Seeds out of files: Self-Instruct seed tasks, Alpaca rows, bare instructions, or any columns of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from generation.files.strict_json import Fault
from generation.files.tabular import read_rows
from generation.files.text import record_excerpt
from generation.types import Instance, RowError

_OWN = {
    "id",
    "name",
    "instruction",
    "instances",
    "input",
    "output",
    "is_classification",
    "task_type",
    "language",
    "tags",
}
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no", "")


@dataclass(frozen=True, slots=True)
class SeedRow:
    """One seed as a file gives it. A row without an instruction is a row of a table: its columns are in `fields`."""

    instruction: str = ""
    instances: tuple[Instance, ...] = ()
    is_classification: bool = False
    task_type: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    source_id: str = ""
    name: str = ""


def read(file: BinaryIO) -> Iterator[tuple[int, SeedRow | RowError]]:
    """Each seed with its line; what is wrong with a row comes as a `RowError` in its place.

    A source id that was seen before is reported as a warning in front of the seed, which is still given.
    """
    seen: set[str] = set()
    for line, row in read_rows(file):
        if isinstance(row, RowError):
            yield line, row
            continue
        try:
            seed = seed_row(row)
        except Fault as fault:
            yield line, RowError(line, fault.code, fault.path, fault.message, record_excerpt(row))
            continue
        if seed.source_id and seed.source_id in seen:
            yield line, RowError(line, "duplicate_id", "id", excerpt=seed.source_id, severity="warning")
        seen.add(seed.source_id)
        yield line, seed


def seed_row(row: Mapping[str, Any]) -> SeedRow:
    """The seed that one parsed row describes; `Fault` with the path of what is wrong."""
    if "instruction" not in row:
        if "instances" in row:
            raise Fault("missing_field", path="instruction")
        fields = _fields(row, except_for=set())
        if not any(value.strip() for value in fields.values()):
            raise Fault("empty_row")
        return SeedRow(fields=fields, language=fields.get("language", ""))
    instruction = _text(row, "instruction")
    if not instruction.strip():
        raise Fault("empty_instruction", path="instruction")
    return SeedRow(
        instruction=instruction,
        instances=_instances(row),
        is_classification=_truth(row.get("is_classification", False)),
        task_type=_text(row, "task_type"),
        language=_text(row, "language"),
        tags=_tags(row.get("tags")),
        fields=_fields(row, except_for=_OWN),
        source_id=_scalar(row.get("id"), "id"),
        name=_text(row, "name"),
    )


def _instances(row: Mapping[str, Any]) -> tuple[Instance, ...]:
    if "instances" not in row:
        output = _text(row, "output")
        return (Instance(_text(row, "input"), output),) if output.strip() else ()
    given = row["instances"]
    if not isinstance(given, list):
        raise Fault("not_a_list", path="instances")
    if not given:
        raise Fault("no_instances", path="instances")
    found = []
    for at, each in enumerate(given):
        path = f"instances.{at}"
        if not isinstance(each, dict):
            raise Fault("not_an_object", path=path)
        if "output" not in each:
            raise Fault("missing_field", path=f"{path}.output")
        instance = Instance(_text(each, "input", path=f"{path}.input"), _text(each, "output", path=f"{path}.output"))
        if not instance.output.strip():
            raise Fault("empty_output", path=f"{path}.output")
        found.append(instance)
    return tuple(found)


def _text(row: Mapping[str, Any], name: str, *, path: str = "") -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Fault("not_a_string", path=path or name)
    return value


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _TRUE + _FALSE:
        return value.strip().lower() in _TRUE
    raise Fault("not_a_boolean", path="is_classification")


def _tags(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    parts = value.replace(";", ",").split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise Fault("not_a_list", path="tags")
    return tuple(part.strip() for part in parts if part.strip())


def _fields(row: Mapping[str, Any], *, except_for: set[str]) -> dict[str, str]:
    """The other columns as text: a table of JSON numbers and its CSV twin give the same."""
    names = [name for name in row if name not in except_for and row[name] is not None]
    return {name: _scalar(row[name], name) for name in names}


def _scalar(value: Any, path: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise Fault("not_a_scalar", path=path)
