"""JSON as the standard means it: what `json` lets through quietly (NaN, repeated keys, NUL) is a fault here."""

from __future__ import annotations

import json
from typing import Any

from generation.files.json_comments import relaxed, uncommented
from generation.files.text import check_file_text

MAX_DEPTH = 64
MAX_KEYS = 200
MAX_DIGITS = 4300
MAX_LINE = 8 * 1024 * 1024


class Fault(ValueError):  # noqa: N818 - the name says what is the matter
    """Why a row is refused: a code, where inside the row, and the row itself as far as it is at hand."""

    def __init__(self, code: str, *, path: str = "", message: str = "", raw: bytes | str = b"") -> None:
        super().__init__(code)
        self.code = code
        self.path = path
        self.message = message
        self.raw = raw


def loads(raw: bytes, *, lenient: bool = False, controls: bool = False) -> Any:
    """The value in `raw` (UTF-8); `Fault` for anything that is not strict JSON within our limits.

    With `lenient`, comments and trailing commas are read over; with `controls`, texts may hold NUL, other control
    characters and lone surrogates, for a cleaner to take out. Nothing else is forgiven.
    """
    try:
        return strictly(raw, controls=controls)
    except Fault as fault:
        if fault.code != "bad_json":
            raise
        plainer = relaxed(raw)
        if plainer == raw:
            raise
        if not plainer.strip():
            raise Fault("json_comment") from None
        value = strictly(plainer, controls=controls)
        if lenient:
            return value
        raise Fault("trailing_comma" if uncommented(raw) == raw else "json_comment", message=fault.message) from None


def strictly(raw: bytes, *, controls: bool = False) -> Any:
    """The value in `raw`, by the slow and careful way alone. `controls` as in `loads`."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Fault("bad_encoding", message=f"byte {error.start}") from None
    try:
        value = (_FORGIVING if controls else _DECODER).decode(text)
    except Fault:
        raise
    except json.JSONDecodeError as error:
        # A row may run over several lines; the reader knows on which one it begins, only this knows where it breaks.
        line = f"line {error.lineno} of the row, " if error.lineno > 1 else ""
        raise Fault("bad_json", message=f"{error.msg}, {line}column {error.colno}") from None
    except RecursionError:
        raise Fault("too_deep") from None
    if not _plain(text):
        _check(value, "", 1, controls)
    return value


def _plain(text: str) -> bool:
    """Whether nothing in valid JSON needs a closer look: no escape that could hide a control, no deep nesting."""
    hiding = any(each in text for each in ("\\u", "\\b", "\\f", "\x7f"))
    return not hiding and text.count("[") + text.count("{") <= MAX_DEPTH


def _refuse_constant(name: str) -> Any:
    raise Fault("not_a_number", message=name)


def _whole_number(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise Fault("number_too_long")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Fault("not_a_number", message=digits[:20])
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS:
        raise Fault("too_many_keys")
    row = dict(pairs)
    if len(row) != len(pairs):
        names = [key for key, _ in pairs]
        raise Fault("duplicate_key", path=next(key for at, key in enumerate(names) if key in names[:at]))
    return row


def _check(value: Any, path: str, depth: int, controls: bool) -> None:
    """Raises the first fault of a text or of the nesting, with its dotted path."""
    if isinstance(value, str):
        code = None if controls else check_file_text(value)
        if code:
            raise Fault(code, path=path)
        return
    if not isinstance(value, dict | list):
        return
    if depth > MAX_DEPTH:
        raise Fault("too_deep", path=path[:80])
    if isinstance(value, dict):
        for key in value:
            code = check_file_text(key)
            if code:
                raise Fault(code, path=path)
    for name, part in value.items() if isinstance(value, dict) else enumerate(value):
        _check(part, f"{path}.{name}" if path else str(name), depth + 1, controls)


_HOOKS: dict[str, Any] = {
    "object_pairs_hook": _object,
    "parse_constant": _refuse_constant,
    "parse_int": _whole_number,
    "parse_float": _number,
}
_DECODER = json.JSONDecoder(**_HOOKS)
_FORGIVING = json.JSONDecoder(strict=False, **_HOOKS)
