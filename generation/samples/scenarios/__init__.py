"""Scenarios: a field's seeds, template and vocabulary as a folder of data. Two ship; any folder of that make serves.

`scenario.json` names the files of each language: seeds (any layout that seeds are read from), a template of the
recipe's prompt slot, a vocabulary, and the params that suit the field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from generation.formats import seed_tasks
from generation.formats.seed_tasks import SeedRow
from generation.formats.vocabularies import Vocabulary, flattened
from generation.formats.vocabularies import read as read_vocabulary
from generation.types import RowError

SCENARIOS = ("medical", "library")
MANIFEST = "scenario.json"
MOST_BYTES = 16 * 1024 * 1024
_FOLDER = Path(__file__).parent


class ScenarioError(ValueError):
    """A folder that is no scenario, or not a sound one. `code`, and the file or line that it is about."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail


class Files(BaseModel):
    """The files of one language, by their names inside the folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seeds: str
    template: str = ""
    vocabulary: str = ""
    vocabulary_name: str = Field("", max_length=120)


class Manifest(BaseModel):
    """`scenario.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: dict[str, str]
    about: dict[str, str] = {}
    recipe: str = "domain_generation"
    slot: str = "domain_generation.generate"
    languages: dict[Literal["en", "zh"], Files] = Field(min_length=1)
    params: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Repeated:
    """An id that an earlier seed of the file has: its line, the id, and the one that it was given instead."""

    line: int
    id: str
    given: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a scenario holds in one language; every seed has an id that no other has."""

    seeds: tuple[SeedRow, ...]
    repeated: tuple[Repeated, ...]
    template: str
    vocabulary: Vocabulary | None

    @property
    def task_types(self) -> dict[str, int]:
        """How many seeds there are of each task type."""
        found: dict[str, int] = {}
        for seed in self.seeds:
            found[seed.task_type] = found.get(seed.task_type, 0) + 1
        return found

    @property
    def terms(self) -> int:
        """How many terms the vocabulary has."""
        return len(flattened(self.vocabulary.terms)) if self.vocabulary else 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario. `name` is its folder's."""

    name: str
    folder: Path
    manifest: Manifest

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it comes in; the first is its own."""
        return tuple(self.manifest.languages)

    def told(self, what: Mapping[str, str], language: str) -> str:
        """Its title or description in a language, or in the one that there is."""
        return what.get(language) or next(iter(what.values()), "")

    def contents(self, language: str) -> Contents:
        """Everything in one of its languages; `ScenarioError` with file and line for what cannot be read."""
        if language not in self.manifest.languages:
            raise ScenarioError("no_such_language", language)
        files = self.manifest.languages[language]  # type: ignore[index]
        seeds, repeated = _seeds(self._file(files.seeds), files.seeds)
        template = _text(self._file(files.template), files.template) if files.template else ""
        vocabulary = None
        if files.vocabulary:
            with self._file(files.vocabulary).open("rb") as file:
                found = read_vocabulary(file)
            if isinstance(found, RowError):
                raise ScenarioError(found.code, f"{files.vocabulary}:{found.line}")
            vocabulary = found
        return Contents(seeds, repeated, template, vocabulary)

    def _file(self, name: str) -> Path:
        """A file of the folder, and of no other place."""
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            raise ScenarioError("no_such_file", name)
        if path.stat().st_size > MOST_BYTES:
            raise ScenarioError("too_large", name)
        return path


def shipped() -> list[Scenario]:
    """The scenarios that ship."""
    return [scenario_in(_FOLDER / name) for name in SCENARIOS]


def scenario_named(name: str) -> Scenario:
    """The shipped scenario called `name`; `ScenarioError("unknown_scenario")` when there is none."""
    if name not in SCENARIOS:
        raise ScenarioError("unknown_scenario", name)
    return scenario_in(_FOLDER / name)


def scenario_in(folder: Path) -> Scenario:
    """The scenario in a folder; `ScenarioError` where there is none."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        raise ScenarioError("no_manifest", str(folder)) from None
    except ValidationError as error:
        first = error.errors()[0]
        raise ScenarioError("bad_manifest", ".".join(map(str, first["loc"])) + " " + first["msg"]) from None
    except (ValueError, TypeError):
        raise ScenarioError("bad_manifest", str(folder / MANIFEST)) from None
    return Scenario(folder.resolve().name, folder, manifest)


def _seeds(path: Path, name: str) -> tuple[tuple[SeedRow, ...], tuple[Repeated, ...]]:
    """The seeds with ids of their own: one that stood before gets a number behind it, and is reported."""
    found: dict[str, SeedRow] = {}
    repeated = []
    with path.open("rb") as file:
        for line, row in seed_tasks.read(file):
            if isinstance(row, RowError):
                if row.severity == "warning":
                    continue
                raise ScenarioError(row.code, f"{name}:{line}")
            own = row.source_id or f"{path.stem}_{line}"
            given, number = own, 2
            while given in found:
                given, number = f"{own}-{number}", number + 1
            if given != own:
                repeated.append(Repeated(line, own, given))
            found[given] = replace(row, source_id=given)
    if not found:
        raise ScenarioError("no_seeds", name)
    return tuple(found.values()), tuple(repeated)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ScenarioError("bad_encoding", name) from None
