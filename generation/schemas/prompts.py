"""Prompts as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import StringConstraints

from generation.schemas.base import Input, Text


class PromptSlotOut(Schema):
    """A slot of a recipe: which variables its text may use, and which version is in use (0 is the shipped text)."""

    recipe: str
    slot: str
    language: str
    offers: list[str]
    requires: list[str]
    version: int


class PromptVersionOut(Schema):
    """One immutable text of a slot."""

    id: int
    number: int
    text: str
    text_hash: str
    note: str
    created_at: datetime


class PromptOut(PromptSlotOut):
    """A slot with the text in use and the project's own versions, newest first."""

    text: str
    versions: list[PromptVersionOut]


class PromptIn(Input):
    """The next text of a slot."""

    text: Text
    note: Annotated[str, StringConstraints(max_length=200)] = ""
