"""Evaluation sets as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import StringConstraints

from generation.schemas.base import Input


class EvaluationSetAboutIn(Input):
    """What is said of a file; without a name the set has its file's."""

    name: Annotated[str, StringConstraints(max_length=120)] = ""


class EvaluationSetOut(Schema):
    """A set as it stands. `size` counts its texts; `format` is what its rows were read as."""

    id: int
    name: str
    source: str
    format: str
    size: int
    created_at: datetime


class EvaluationTextsOut(Schema):
    """Some texts of a set in order."""

    set: EvaluationSetOut
    texts: list[str]
    after: int | None
