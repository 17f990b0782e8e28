"""Plain data as JSON text, byte for byte what it holds: a value that JSON cannot carry is a fault, never a null."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson

from generation.files.strict_json import Fault


def dumps(value: Any) -> bytes:
    """The value as UTF-8 JSON in the order of its keys. `Fault`: "not_a_number", "lone_surrogate", "not_plain"."""
    try:
        text = orjson.dumps(value)
    except TypeError:
        return _careful(value)
    # orjson writes NaN and Infinity as null.
    if b"null" in text and _has_nan(value):
        raise Fault("not_a_number")
    return text


def _careful(value: Any) -> bytes:
    """What orjson refuses: whole numbers of more than 64 bits are fine, the rest is a fault."""
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Fault("lone_surrogate") from None
    except ValueError as error:
        raise Fault("not_a_number", message=str(error)[:80]) from None
    except (TypeError, RecursionError) as error:
        raise Fault("not_plain", message=str(error)[:80]) from None


def _has_nan(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, dict):
        return any(_has_nan(each) for each in value.values())
    return isinstance(value, list | tuple) and any(_has_nan(each) for each in value)
