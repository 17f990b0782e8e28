"""What a reply brings: records with their faults, and those of a list that broke off."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generation.recipes.json_replies import NoJSONError, records

KEYS = ("instruction", "input", "output")
_LIST = re.compile(r"\[\s*(?=\{)")
_NEXT = re.compile(r"\s*,\s*(?=\{)")


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a reply: its texts, the `reason` why it cannot be used, and the keys that nobody asked for."""

    instruction: str = ""
    input: str = ""
    output: str = ""
    reason: str = ""
    unknown: tuple[str, ...] = ()


def listed(value: Any) -> list[dict[str, Any]]:
    """The objects that a reply's JSON holds; `NoJSONError` where it is something else.

    An object with instances becomes one record for each of them, as seed tasks have it.
    """
    found = [value] if isinstance(value, dict) and "instruction" in value else records(value)
    return [each for row in found for each in _instances(row)]


def unbroken(text: str) -> list[dict[str, Any]]:
    """The whole objects of a list that was cut off; [] where there is none."""
    start = _LIST.search(text)
    at, found = start.end() if start else len(text), []
    while at < len(text):
        try:
            value, at = json.JSONDecoder().raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
        following = _NEXT.match(text, at)
        at = following.end() if following else len(text)
    try:
        return listed(found)
    except NoJSONError:
        return []


def record(row: Mapping[str, Any]) -> Record:
    """The record that one object gives. Texts stay as they are, every blank and quote of them; numbers become texts.

    Reasons: `missing_key` (no instruction or no output), `not_text` (a value that is a list, an object or a truth).
    """
    unknown = tuple(str(name)[:60] for name in row if name not in KEYS)
    values = {name: row.get(name) for name in KEYS}
    if values["instruction"] is None or values["output"] is None:
        return Record(instruction=_shown(values["instruction"]), reason="missing_key", unknown=unknown)
    if any(isinstance(value, bool | list | dict) for value in values.values()):
        return Record(instruction=_shown(values["instruction"]), reason="not_text", unknown=unknown)
    texts = {name: "" if value is None else str(value) for name, value in values.items()}
    return Record(**texts, unknown=unknown)


def _instances(row: dict[str, Any]) -> list[dict[str, Any]]:
    inner = row.get("instances")
    if not isinstance(inner, list) or not inner or not all(isinstance(each, dict) for each in inner):
        return [row]
    rest = {name: value for name, value in row.items() if name != "instances"}
    return [rest | each for each in inner]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else ""
