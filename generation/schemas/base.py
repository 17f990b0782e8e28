"""What all schemas share: what comes in is closed, lists go on by key, refusals have one shape."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

Row = TypeVar("Row")
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Word = Annotated[str, StringConstraints(max_length=60)]
Language = Literal["en", "zh"]
Id = Annotated[int, Field(ge=1, lt=2**63)]
Number = Annotated[int, Field(ge=1, lt=2**31)]
Limit = Annotated[int, Field(ge=1, le=100_000_000)]
Text = Annotated[str, StringConstraints(max_length=1_000_000)]


class Input(Schema):
    """Base of everything that comes in: a field that is not listed is refused, never ignored."""

    model_config = ConfigDict(extra="forbid")


class Fault(Schema):
    """A refusal: a code for programs, words for people, and the place in what was sent."""

    code: str
    message: str
    path: str = ""


class Listed(Schema, Generic[Row]):
    """Some rows of a list; ask again with `after` for the next ones until it is null."""

    items: list[Row]
    after: int | None


class Paging(Input):
    """Where in a list to go on, and how many rows to give."""

    after: int | None = Field(None, ge=0, lt=2**63)
    size: int = Field(50, ge=1, le=500)
