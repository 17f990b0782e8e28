"""Projects as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from generation.schemas.base import Input, Language, Name, Text, Word


class ProjectIn(Input):
    """A new project."""

    name: Name
    language: Language = "en"


class ProjectSettingsIn(Input):
    """What an owner may change; fields that are left out stay as they are.

    `confirm_above`: micro-units by currency above which a run is started only by who confirms its cost.
    """

    name: Name | None = None
    language: Language | None = None
    guidelines: Text | None = None
    reject_reasons: list[Word] | None = Field(None, max_length=5)
    confirm_above: dict[Literal["USD", "CNY"], Annotated[int, Field(ge=0, le=10**12)]] | None = None


class ProjectOut(Schema):
    """A project."""

    slug: str
    name: str
    language: str
    guidelines: str
    reject_reasons: list[str]
    confirm_above: dict[str, int]
    is_demo: bool
    created_at: datetime


class ProjectFiguresOut(ProjectOut):
    """A project with the asking person's role and its counts by state."""

    role: str
    seeds: int
    samples: dict[str, int]
