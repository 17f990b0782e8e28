"""What a text may not hold: the one normaliser at every entrance. It reports; it never repairs."""

from __future__ import annotations

import json
import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ANY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def check_text(text: str) -> str | None:
    """`nul_character` or `lone_surrogate` when PostgreSQL could not hold the text, else None."""
    found = _UNSTORABLE.search(text)
    if found is None:
        return None
    return "nul_character" if found[0] == "\0" else "lone_surrogate"


def check_file_text(text: str) -> str | None:
    """What `check_text` says, and `control_character` for the controls that no training text needs.

    Tab, line feed and carriage return are text.
    """
    if _ANY.search(text) is None:
        return None
    return check_text(text) or "control_character"


def excerpt(raw: bytes | str, *, size: int = 200) -> str:
    """The first `size` bytes of a faulty row, readable and safe to store and to show."""
    data = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
    text = data[:size].decode("utf-8", "replace")
    return _CONTROL.sub("\ufffd", text.replace("\0", "\ufffd")).rstrip("\r\n")


def record_excerpt(record: object, *, size: int = 200) -> str:
    """The beginning of a faulty record as the JSON that a person finds in the file."""
    return excerpt(json.dumps(record, ensure_ascii=False, default=str, skipkeys=True), size=size)
