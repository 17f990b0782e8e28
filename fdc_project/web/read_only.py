"""Rows that the administration site shows and never changes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

HIDDEN = frozenset({"password", "token_hash", "key_box", "secret_box", "search"})
"""Fields that no page shows: secrets, even sealed ones, and columns made for the machine."""


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list and a page for each row, without a button that changes anything."""

    show_full_result_count = False
    list_per_page = 50

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The first short columns."""
        wide = (models.TextField, models.JSONField, models.BinaryField)
        columns = [field.name for field in self.model._meta.fields if not isinstance(field, wide)]
        return [name for name in columns if name not in HIDDEN][:8]

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        """What the columns name, read along with the rows."""
        shown = self.get_list_display(request)
        return [field.name for field in self.model._meta.fields if field.is_relation and field.name in shown]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Every column that may be shown."""
        shown = [field.name for field in self.model._meta.fields if not isinstance(field, models.BinaryField)]
        return [name for name in shown if name not in HIDDEN]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
