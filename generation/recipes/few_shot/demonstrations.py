"""Which rows are shown as examples: never the row itself, and every label as often as the others."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import islice

from generation.recipes.few_shot.params import Params
from generation.recipes.few_shot.rows import Row, Table

_TRIES = 8
_SMALL = 64


class Demonstrations:
    """The rows that may be shown, by label. With `reserved_rows` they are set aside and make no samples."""

    def __init__(self, table: Table, params: Params) -> None:
        whole = [row for row in table.rows if not row.fault]
        self._closed = bool(table.labels) and params.task_type != "custom"
        self.reserved: frozenset[int] = frozenset()
        if params.demonstrations == "reserved_rows":
            whole = self._set_aside(whole, params.reserved_rows)
            self.reserved = frozenset(row.seed_id for row in whole)
        alike: dict[tuple[str, bool], list[Row]] = {}
        for row in whole:
            alike.setdefault(_form(row), []).append(row)
        self._pools = {form: self._grouped(rows) for form, rows in alike.items()}

    def pick(self, row: Row, *, count: int, rng: random.Random) -> list[Row]:
        """Up to `count` rows of the same form that share neither the seed nor the text of `row`.

        Each label gives one, then round again.
        """
        chosen: list[Row] = []
        groups = list(self._pools.get(_form(row), {}).values())
        rng.shuffle(groups)
        for at in range(count):
            in_turn = groups[at % len(groups) :] + groups[: at % len(groups)] if groups else []
            drawn = (_draw(group, [row, *chosen], rng) for group in in_turn)
            chosen += islice((each for each in drawn if each is not None), 1)
        rng.shuffle(chosen)
        return chosen

    def _grouped(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(row.answer if self._closed else "", []).append(row)
        return groups

    def _set_aside(self, rows: Sequence[Row], count: int) -> list[Row]:
        """The same rows in every wave of every run: chosen by a chance of their own, label after label."""
        rng = random.Random("few_shot.reserved_rows")
        groups = list(self._grouped(rows).values())
        for group in groups:
            rng.shuffle(group)
        seeds: dict[int, None] = {}
        for at in range(max((len(group) for group in groups), default=0)):
            for group in groups:
                if at < len(group) and len(seeds) < count:
                    seeds[group[at].seed_id] = None
        return [row for row in rows if row.seed_id in seeds]


def _draw(group: Sequence[Row], taken: Sequence[Row], rng: random.Random) -> Row | None:
    """A row of the group that shares neither seed nor text with any of `taken`; a large group is not searched."""

    def fits(candidate: Row) -> bool:
        return all(candidate.seed_id != each.seed_id and candidate.values != each.values for each in taken)

    drawn = next((each for each in (rng.choice(group) for _ in range(_TRIES)) if fits(each)), None)
    if drawn is None and len(group) <= _SMALL:
        fitting = [each for each in group if fits(each)]
        drawn = rng.choice(fitting) if fitting else None
    return drawn


def _form(row: Row) -> tuple[str, bool]:
    """What an example must have in common with its row: the direction of a translation, and having a context."""
    return row.values.get("target_language", ""), "context" in row.values
