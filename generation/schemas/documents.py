"""Documents as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas.base import Input, Language, Paging, Text


class DocumentFilters(Paging):
    """What of the documents is asked for."""

    q: Annotated[str, StringConstraints(max_length=200)] = ""
    language: Language | Literal[""] = ""


class DocumentTextIn(Input):
    """A text to ground on."""

    name: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] = ""
    text: Text = Field(min_length=1)


class DocumentOut(Schema):
    """A document without its text. `pages` is 0 where its file has none."""

    id: int
    name: str
    media_type: str
    size: int
    characters: int
    pages: int
    language: str
    content_hash: str
    created_at: datetime


class DocumentAddedOut(Schema):
    """What became of an upload: a `document` that is `new` or was there, or a `job` that reads it."""

    document: DocumentOut | None = None
    new: bool = False
    job: int | None = None


class DocumentWholeOut(DocumentOut):
    """A document with its text; offsets in `headings` and `meta` are code points of `text`."""

    text: str
    headings: list[list[Any]]
    meta: dict[str, Any]


class GroundOut(Schema):
    """A stretch of a document that a sample was made from; `index` 0 is what it quotes."""

    id: int
    sample: int
    index: int
    start: int
    end: int
    page: int
    text: str
