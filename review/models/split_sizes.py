"""The column of a version's splits."""

from __future__ import annotations

from typing import Any

from django.db import models

SPLITS = ("train", "validation", "test")


class SplitSizes(models.JSONField):  # type: ignore[type-arg]
    """Rows by the name of their split, read in the order of `SPLITS`: `jsonb` has an order of its own."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The splits as they were written."""
        found = super().from_db_value(value, expression, connection)
        return {name: found[name] for name in SPLITS if name in found} if isinstance(found, dict) else found

    def deconstruct(self) -> Any:
        """To the database it is JSON like any other."""
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.JSONField", arguments, options
