"""What the API reads: JSON as everybody means it, with texts that every database can hold."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from generation.files.text import check_text


class TextRefusedError(Exception):
    """A text that the database could not hold, and where it stands."""

    def __init__(self, code: str, path: str) -> None:
        super().__init__(code)
        self.code, self.path = code, path


class StrictParser(Parser):
    """JSON as everybody means it: no NaN, no name twice, and no text that could not be stored."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body; ninja answers 400 for what is no JSON."""
        body = json.loads(request.body, parse_constant=_no_constant, object_pairs_hook=_once)
        check_texts(body, path="body")
        return body

    def parse_querydict(self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest) -> Any:
        """The query or form."""
        found = super().parse_querydict(data, list_fields, request)
        check_texts(found, path="query")
        return found


def check_texts(value: Any, *, path: str) -> None:
    """`TextRefusedError` for the first text (a name included) that the database could not hold."""
    if isinstance(value, str) and (code := check_text(value)):
        raise TextRefusedError(code, path)
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        if isinstance(name, str):
            check_texts(name, path=path)
        check_texts(inner, path=f"{path}.{name}")


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("one name stands twice")
    return found
