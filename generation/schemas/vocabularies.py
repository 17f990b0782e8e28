"""Vocabularies, scenarios and coverage as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas.base import Input, Name


class VocabularyIn(Input):
    """A vocabulary. `terms` is a list, an object of lists, or an object of such objects to any depth: the keys on the
    way to a term become its category."""

    name: Name
    terms: dict[str, Any] | list[Any]
    language: Annotated[str, StringConstraints(max_length=10)] = ""


class VocabularyAboutIn(Input):
    """What is said of a file of terms; without a name it has its file's."""

    name: Annotated[str, StringConstraints(max_length=120)] = ""
    language: Annotated[str, StringConstraints(max_length=10)] = ""


class VocabularyOut(Schema):
    """A vocabulary as it stands. `count` is of different terms."""

    id: int
    name: str
    language: str
    terms: dict[str, list[str]]
    count: int
    created_at: datetime


class VocabularyListedOut(Schema):
    """A vocabulary in a list."""

    id: int
    name: str
    language: str
    categories: int
    count: int
    created_at: datetime


class ScenarioIn(Input):
    """Which scenario to bring in; without a language in the project's, or else its own."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    language: Annotated[str, Field(pattern="^(en|zh)?$")] = ""


class ScenarioOut(Schema):
    """A scenario that ships."""

    name: str
    title: dict[str, str]
    about: dict[str, str]
    languages: list[str]
    recipe: str
    params: dict[str, Any]


class RepeatedOut(Schema):
    """An id that stood before, and the one that its seed was given."""

    line: int
    id: str
    given: str


class LoadedOut(Schema):
    """What came of bringing a scenario in."""

    language: str
    seeds: int
    there: int
    seed_ids: list[int]
    repeated: list[RepeatedOut]
    vocabulary: int | None
    version: int | None


class TypeCoverageOut(Schema):
    """One task type of a run."""

    name: str
    calls: int
    kept: int
    filtered: int


class CoverageOut(Schema):
    """How evenly a run used its seeds and entities: calls of each, and what was never used."""

    calls: int
    wanted: int
    lacking: int
    gini: float
    entities: dict[str, int]
    unused: list[str]
    categories: dict[str, int]
    seeds: dict[int, int]
    unused_seeds: list[int]
    task_types: list[TypeCoverageOut]
