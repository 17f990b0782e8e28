"""Seeds as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas.base import Input, Paging, Text, Word


class InstanceIO(Input):
    """An input with its output."""

    input: Text = ""
    output: Text = ""


class SeedIn(Input):
    """One seed: an instruction with instances, or a free row of columns in `fields`."""

    instruction: Text = ""
    instances: list[InstanceIO] = Field(default_factory=list, max_length=50)
    fields: dict[str, Text] = Field(default_factory=dict, max_length=200)
    is_classification: bool = False
    task_type: Word = ""
    language: Annotated[str, StringConstraints(max_length=10)] = ""
    tags: list[Word] = Field(default_factory=list, max_length=50)


class SeedOut(Schema):
    """A seed as it stands."""

    id: int
    instruction: str
    instances: list[dict[str, str]]
    fields: dict[str, str]
    is_classification: bool
    task_type: str
    language: str
    tags: list[str]
    source: str
    source_line: int | None
    created_at: datetime
    updated_at: datetime


class SeedFilters(Paging):
    """What of the seeds is asked for."""

    q: Annotated[str, StringConstraints(max_length=200)] = ""
    task_type: Word = ""
    tag: Word = ""
    language: Annotated[str, StringConstraints(max_length=10)] = ""
    source: Annotated[str, StringConstraints(max_length=200)] = ""


class SeedImportIn(Input):
    """What is said of a whole file of seeds."""

    task_type: Word = ""
    language: Annotated[str, StringConstraints(max_length=10)] = ""
    tags: list[Word] = Field(default_factory=list, max_length=20)
    source: Annotated[str, StringConstraints(max_length=200)] = ""
