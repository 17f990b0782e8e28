"""What a card tells of a version. Everything is counted or was said by a person; nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LICENCES = (
    "apache-2.0", "mit", "cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-sa-3.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0",
    "odc-by", "odbl", "other", "unknown",
)  # fmt: skip
"""Identifiers that the Hub knows; "other" needs a name and a link, "unknown" says that nobody has said."""


@dataclass(frozen=True, slots=True)
class About:
    """What people say of a dataset: asked for once, kept in `Dataset.about`."""

    title: str = ""
    description: str = ""
    licence: str = ""
    licence_name: str = ""
    licence_link: str = ""
    creator: str = ""
    url: str = ""
    languages: tuple[str, ...] = ()

    @classmethod
    def from_config(cls, told: Mapping[str, object]) -> About:
        """What a person said; what is missing or of another type counts as not said."""
        texts = {
            name: value for name in cls.__slots__ if name != "languages" and isinstance(value := told.get(name), str)
        }
        said = told.get("languages")
        spoken = tuple(str(each) for each in said if each) if isinstance(said, list | tuple) else ()
        return cls(**texts, languages=spoken)


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of a bundle."""

    name: str
    size: int
    sha256: str
    rows: int
    split: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Method:
    """One way in which rows came about: a recipe with its model and prompts, an import with its file, a person."""

    name: str
    rows: int
    model: str = ""
    provider: str = ""
    prompts: Mapping[str, str] = field(default_factory=dict)
    random_seed: int | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """How a version's rows came about, as the database tells it."""

    kind: str
    methods: tuple[Method, ...]
    origins: Mapping[str, int]
    languages: Mapping[str, int]
    dropped: Mapping[str, int]
    rejected: Mapping[str, int]
    decisions: Mapping[str, int]
    reviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that card and Croissant are made of. `frozen_on` is a date in ISO form."""

    name: str
    version: int
    frozen_on: str
    content_hash: str
    about: About
    lineage: Lineage
    format_name: str
    files: tuple[DataFile, ...]
    fields: Mapping[str, str]
    left_out: Mapping[str, int]
    rows_without_model: int = 0
    tiers: tuple[str, ...] = ()
    shuffled_with: int | None = None
    names: bool = False
    warnings: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All rows of all files."""
        return sum(each.rows for each in self.files)

    @property
    def title(self) -> str:
        """What people call it."""
        return self.about.title or self.name

    @property
    def languages(self) -> list[str]:
        """ISO codes: those a person named, else those that were found in the rows."""
        return list(self.about.languages) or sorted(code for code in self.lineage.languages if code)

    @property
    def licence(self) -> str:
        """The identifier, "unknown" where nobody has said."""
        return self.about.licence or "unknown"
