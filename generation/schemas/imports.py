"""Imports of training data as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas.base import Input, Word


class RowImportIn(Input):
    """What is said of a whole file. An empty `format` is found out; `fields` is JSON, {"column": "field"}."""

    format: Word = ""
    fields: Annotated[str, StringConstraints(max_length=20_000)] = ""
    approved: bool = False
    as_answers: bool = False
    lenient: bool = False
    spreadsheet_safe: bool = False
    task_type: Word = ""
    language: Annotated[str, StringConstraints(max_length=10)] = ""
    tags: list[Word] = Field(default_factory=list, max_length=20)
    source: Annotated[str, StringConstraints(max_length=200)] = ""


class JobFaultOut(Schema):
    """One fault of a row in an imported file."""

    id: int
    line: int
    severity: str
    code: str
    path: str
    message: str
    excerpt: str
