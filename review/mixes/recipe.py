"""How a version is made: its sources with their selections, the mix, the split. Kept as the version's `config`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from review.selection import Selection

APART = ("prompt", "near", "family")
"""What may be kept on one side of a split: equal prompts, prompts much alike, rows from one seed."""
MOST_SOURCES = 8


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a mix: a selection under a name, and how much of it goes in. `general` is the general corpus."""

    name: str
    selection: Selection
    general: bool = False
    weight: float = 1.0
    cap: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether any of the filters is set that are seldom used."""
        chosen = self.selection
        seldom = (
            chosen.origin, chosen.reviewer, chosen.tag, chosen.since, chosen.turns, chosen.aspect, chosen.least,
            chosen.most, chosen.ranked,
        )  # fmt: skip
        return any(value not in ("", None) for value in seldom)

    def as_config(self) -> dict[str, Any]:
        """Plain JSON, the selection as `Selection.as_config` writes it."""
        told = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "selection"}
        return told | {"selection": self.selection.as_config()}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Source:
        """What `as_config` wrote."""
        told = {each.name: config[each.name] for each in fields(cls) if each.name in config}
        return cls(**(told | {"selection": Selection.from_config(config["selection"])}))


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides which rows a version holds, in which order, and on which side of its split.

    `general_share` is 0 to 1, None where nobody set one; `size` None is as large as the mix can be. `balance` names
    what groups are cut down by, to `ratio` times the smallest. `unique` leaves rows out whose content was there before.
    `ratios` are parts for `splitting.NAMES`, empty for no split; `apart` says what never stands on two sides of it.
    `use` is what is trained, for readiness and the target formats.
    """

    sources: tuple[Source, ...]
    size: int | None = None
    temperature: float = 1.0
    general_share: float | None = None
    repeat: bool = False
    balance: str = ""
    ratio: float = 1.0
    unique: bool = False
    ratios: tuple[int, ...] = ()
    at_least_one: bool = False
    apart: tuple[str, ...] = ()
    shuffle: bool = False
    seed: int = 42
    use: str = ""

    @property
    def kind(self) -> str:
        """The kind of dataset that it makes; all sources are of one kind."""
        return self.sources[0].selection.kind

    @property
    def plain(self) -> bool:
        """Whether it is one selection and nothing else: every row, in order, without a split."""
        return self == Recipe.of(self.sources[0].selection)

    def neutral(self) -> Recipe:
        """The same without the filters that tell what people may not know before they vote."""
        bare = tuple(replace(source, selection=source.selection.neutral()) for source in self.sources)
        return replace(self, sources=bare)

    @classmethod
    def of(cls, selection: Selection) -> Recipe:
        """Every row of one selection, in the order of ids."""
        return cls((Source("", selection),))

    def as_config(self) -> dict[str, Any]:
        """Plain JSON for a version's `config`: the selection alone where there is nothing else."""
        if self.plain:
            return self.sources[0].selection.as_config()
        told = {name: value for name, value in asdict(self).items() if name != "sources"}
        return told | {"kind": self.kind, "sources": [source.as_config() for source in self.sources]}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Recipe:
        """What `as_config` wrote, or a selection alone."""
        if "sources" not in config:
            return cls.of(Selection.from_config(config))
        told = {each.name: config[each.name] for each in fields(cls) if each.name in config}
        told |= {name: tuple(told.get(name, ())) for name in ("ratios", "apart")}
        return cls(**(told | {"sources": tuple(Source.from_config(each) for each in config["sources"])}))


def tiers_told(recipe: Recipe) -> tuple[str, ...]:
    """For each source that is a tier of a selection what it is, as a card says it."""
    chosen = [each.selection for each in recipe.sources if each.selection.ranked is not None]
    return tuple(
        f"the top {each.tier or 100:g} % of selection {each.ranked}, in its order, of the rows that still read as they "
        "did when it was made"
        for each in chosen
    )
