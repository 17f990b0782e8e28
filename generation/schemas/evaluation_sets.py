"""Evaluation sets as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import StringConstraints

from generation.models import EvaluationSet
from generation.schemas.base import Input


class EvaluationSetAboutIn(Input):
    """What is said of a file; without a name the set has its file's."""

    name: Annotated[str, StringConstraints(max_length=120)] = ""


class FoundInSet(Schema):
    """What the newest report found of a set: by which rule, how many of its items are repeated, by how many rows."""

    report: int
    at: datetime
    preset: str
    items: int
    rows: int


class EvaluationSetOut(Schema):
    """A set as it stands. `size` counts its texts so far, `unreadable` the rows that could not be read; `format` is
    what its rows were read as; `state` is "whole", "reading" or "broken", and then `fault` says why. Rows are held
    against whole sets only. `found` is null until a report did so."""

    id: int
    name: str
    source: str
    format: str
    size: int
    unreadable: int
    state: str
    fault: str
    found: FoundInSet | None
    created_at: datetime


def evaluation_set_out(made: EvaluationSet) -> dict[str, Any]:
    """A set in the shape of `EvaluationSetOut`; its `job` is read with it."""
    job = made.job
    return {
        "id": made.pk, "name": made.name, "source": made.source, "format": made.format, "size": made.size,
        "unreadable": job.rejected if job else 0, "state": made.state,
        "fault": job.message if job and made.state == "broken" else "", "found": made.found or None,
        "created_at": made.created_at,
    }  # fmt: skip


class EvaluationTextsOut(Schema):
    """Some texts of a set in order."""

    set: EvaluationSetOut
    texts: list[str]
    after: int | None
