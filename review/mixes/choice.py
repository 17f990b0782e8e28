"""What a person asks for on the page of a new version: a query string or a form <-> a `Recipe`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fdc_project.web.numbers import number_in
from review.mixes.recipe import APART, MOST_SOURCES, Recipe, Source
from review.mixes.splitting import DEFAULT, NAMES, PRESETS
from review.mixes.uses import USES, Use, use_named, usual
from review.selection import Selection, narrows

OWN = "own"
BALANCES = ("", "task_type", "language", "label")
_TEXTS = {"task_type": 60, "language": 10, "tag": 60, "origin": 12, "since": 10, "turns": 10, "aspect": 60}
_NUMBERS = ("run", "job", "reviewer", "ranked")
_SCORES = ("least", "most", "tier")
_TICKS = ("without_model", "ready")
_MOST_ROWS = 10**7


@dataclass(frozen=True, slots=True)
class Choice:
    """A use, a recipe, and how the dataset and its version are to be called. `asked` says that the form was seen: until
    then ticks stand as they usually should. `preset` is the name of the split's ratios."""

    use: Use
    recipe: Recipe
    name: str = ""
    note: str = ""
    preset: str = "80:10:10"
    asked: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Choice:
        """The known names of a query; whatever else it holds has no meaning."""
        use = use_named(query.get("use", "")) or USES[0]
        asked = "asked" in query
        preset = query.get("split", "")
        preset = preset if preset in (*PRESETS, OWN) else "80:10:10"
        ratios = PRESETS.get(preset) or tuple(_whole(query, name, least=0, most=1_000_000) or 0 for name in NAMES)
        share = _decimal(query, "general_share", least=0, most=99)
        count = min(_whole(query, "sources", least=1, most=MOST_SOURCES) or 1, MOST_SOURCES)
        balance = query.get("balance", "")
        recipe = Recipe(
            tuple(_source(query, number, use) for number in range(1, count + 1)),
            size=_whole(query, "size", least=1, most=_MOST_ROWS),
            temperature=_decimal(query, "temperature", least=0.1, most=100) or 1.0,
            general_share=share / 100 if share is not None and count > 1 else None,
            repeat=_tick(query, "repeat"),
            balance=balance if balance in BALANCES else "",
            ratio=_decimal(query, "ratio", least=1, most=1000) or 1.0,
            unique=_tick(query, "unique") or not asked,
            ratios=ratios if any(ratios) and preset != "all" else (),
            at_least_one=_tick(query, "at_least_one"),
            apart=tuple(name for name in APART if _tick(query, f"apart_{name}") or (not asked and name in use.apart)),
            shuffle=_tick(query, "shuffle") or not asked,
            seed=_whole(query, "seed", least=0, most=2**31) if query.get("seed") else 42,  # type: ignore[arg-type]
            use=use.name,
        )
        return cls(use, recipe, _text(query, "name", 120), _text(query, "note", 300), preset, asked)

    @classmethod
    def of(cls, recipe: Recipe, *, name: str) -> Choice:
        """The form as it was filled in for this recipe."""
        preset = next((each for each, ratios in PRESETS.items() if ratios == recipe.ratios), OWN)
        use = use_named(recipe.use) or usual(recipe.kind)
        sources = tuple(
            replace(source, name=source.name or str(number)) for number, source in enumerate(recipe.sources, 1)
        )
        return cls(use, replace(recipe, sources=sources), name, "", preset if recipe.ratios else "all", asked=True)

    def query(self) -> str:
        """The address part that this choice can be read from again."""
        return urlencode(self._values())

    def pairs(self) -> list[tuple[str, Any]]:
        """The same as names and values, without the two that a form asks for last."""
        return [(name, value) for name, value in self._values().items() if name not in ("name", "note")]

    def _values(self) -> dict[str, Any]:
        recipe = self.recipe
        values: dict[str, Any] = {
            "asked": 1, "use": self.use.name, "name": self.name, "note": self.note, "sources": len(recipe.sources),
            "size": recipe.size, "temperature": _short(recipe.temperature, 1.0), "repeat": recipe.repeat,
            "general_share": _short(recipe.general_share and round(recipe.general_share * 100, 6)),
            "balance": recipe.balance, "ratio": _short(recipe.ratio, 1.0), "unique": recipe.unique,
            "split": self.preset, "at_least_one": recipe.at_least_one, "shuffle": recipe.shuffle, "seed": recipe.seed,
        }  # fmt: skip
        values |= {f"apart_{name}": True for name in recipe.apart}
        if self.preset == OWN:
            values |= dict(zip(NAMES, recipe.ratios, strict=False))
        for number, source in enumerate(recipe.sources, 1):
            values |= {f"s{number}_{name}": value for name, value in _told(source).items()}
        return {name: 1 if value is True else value for name, value in values.items() if _says(value)}

    @property
    def general_percent(self) -> str:
        """The general share as people write it."""
        return str(_short(self.recipe.general_share and round(self.recipe.general_share * 100, 6)) or "")


def narrowing(kind: str) -> frozenset[str]:
    """The names of the filters that the form shows for a kind."""
    extra = {"preference": {"ready"}}.get(kind, set())
    return narrows(kind) | ({"without_model"} if "made" in narrows(kind) else set()) | extra


def _source(query: Mapping[str, str], number: int, use: Use) -> Source:
    asked = {name.removeprefix(f"s{number}_"): value for name, value in query.items() if name.startswith(f"s{number}_")}
    told: dict[str, Any] = {name: _text(asked, name, most) for name, most in _TEXTS.items()}
    told |= {name: number_in(asked.get(name, "")) for name in _NUMBERS}
    told |= {name: _decimal(asked, name, least=-1e9, most=1e9) for name in _SCORES}
    told |= {name: _tick(asked, name) for name in _TICKS}
    told["tier"] = None if told["tier"] is None else min(max(told["tier"], 0.01), 100.0)
    weight = _decimal(asked, "weight", least=0, most=1e6)
    return Source(
        _text(asked, "name", 60) or ("" if number == 1 and "s2_name" not in query else f"{number}"),
        Selection(kind=str(use.kind), **told),
        general=_tick(asked, "general"),
        weight=1.0 if weight is None else weight,
        cap=_whole(asked, "cap", least=1, most=_MOST_ROWS),
    )


def _told(source: Source) -> dict[str, Any]:
    selection = source.selection
    told = {name: getattr(selection, name) for name in (*_TEXTS, *_NUMBERS, *_SCORES, *_TICKS)}
    return told | {
        "name": source.name, "general": source.general, "weight": _short(source.weight, 1.0), "cap": source.cap,
    }  # fmt: skip


def _says(value: Any) -> bool:
    return value is not None and value is not False and value != ""


def _short(value: float | None, usual: float | None = None) -> Any:
    """A number as people write it, None where it is the usual one."""
    return None if value is None or value == usual else int(value) if value == int(value) else value


def _text(query: Mapping[str, str], name: str, most: int) -> str:
    return query.get(name, "").replace("\0", "").strip()[:most]


def _tick(query: Mapping[str, str], name: str) -> bool:
    return bool(query.get(name))


def _whole(query: Mapping[str, str], name: str, *, least: int, most: int) -> int | None:
    found = number_in(query.get(name, ""))
    return None if found is None else min(max(found, least), most)


def _decimal(query: Mapping[str, str], name: str, *, least: float, most: float) -> float | None:
    try:
        found = float(query.get(name, "")[:30])
    except ValueError:
        return None
    return min(max(found, least), most) if found == found else None


__all__ = ["BALANCES", "DEFAULT", "OWN", "Choice", "narrowing"]
