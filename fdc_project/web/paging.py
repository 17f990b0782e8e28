"""Lists by key, never by offset, and counts that stop at a cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
CAP = 10_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list; `after` is the key to ask for the next ones with, None on the last page."""

    rows: Sequence[Row]
    after: int | None
    first: bool


@dataclass(frozen=True, slots=True)
class Count:
    """A count; `more` says that it stopped at the cap."""

    number: int
    more: bool


def page_of(queryset: QuerySet[Row], *, after: Any = None, size: int = 50, newest_first: bool = False) -> Page[Row]:
    """The rows that follow the key `after` in order of id. A key that is no number means the start. One query."""
    try:
        key = int(after)
    except (TypeError, ValueError):
        key = None
    rows = queryset.order_by("-id" if newest_first else "id")
    if key is not None:
        rows = rows.filter(id__lt=key) if newest_first else rows.filter(id__gt=key)
    found = list(rows[: size + 1])
    return Page(found[:size], found[size - 1].pk if len(found) > size else None, key is None)


def capped_count(queryset: QuerySet[Any], *, cap: int = CAP) -> Count:
    """How many rows there are, counting no further than `cap`."""
    number = queryset.order_by().values("pk")[: cap + 1].count()
    return Count(min(number, cap), number > cap)
