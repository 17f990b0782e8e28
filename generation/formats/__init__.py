"""File layouts of finished examples. One format is one file; `FORMATS` is the list that everything else walks.

Seeds are read by `formats.seed_tasks`, any file of rows by `formats.tabular`.
"""

from __future__ import annotations

from generation.formats import alpaca_json, alpaca_jsonl
from generation.formats.base import Format

FORMATS: tuple[Format, ...] = (alpaca_json.FORMAT, alpaca_jsonl.FORMAT)

_BY_NAME = {each.name: each for each in FORMATS}


class UnknownFormat(LookupError):  # noqa: N818 - the name says what is the matter
    """No format has that name."""


def format_named(name: str) -> Format:
    """The format called `name`; `UnknownFormat` when there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownFormat(name) from None
