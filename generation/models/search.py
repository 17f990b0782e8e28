"""Search over the `search` columns: FTS5 on SQLite, a GIN index on PostgreSQL, the same rows from both.

A `search` column holds the tokens of `generation.quality.text.search_tokens` with blanks between them. Migration
`0002_search` made the indexes and the triggers that keep them.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from django.db import connections
from django.db.models import BooleanField, F, Func, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast

from generation.quality.text import query_tokens

LONGEST_TOKEN = 64
"""PostgreSQL indexes this many characters of a token (`fdc_words` in the migration); a query is cut alike."""

Rows = TypeVar("Rows", bound=Model)


class _HasWords(Func):
    """Whether a row's indexed tokens include all of `words`. `index` is the FTS5 table of the row's model."""

    output_field = BooleanField()

    def __init__(self, *, index: str, words: list[str]) -> None:
        super().__init__(F("id"), F("search"))
        self.index = index
        self.words = words

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = compiler.compile(self.source_expressions[0])
        table = connection.ops.quote_name(self.index)
        phrase = " ".join(f'"{word}"' for word in self.words)
        return f"{column} IN (SELECT rowid FROM {table} WHERE {table} MATCH %s)", (*params, phrase)

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = compiler.compile(self.source_expressions[1])
        words, more = compiler.compile(Value([word[:LONGEST_TOKEN] for word in self.words]))
        return f"fdc_words({column}) @> {words}::text[]", (*params, *more)


def matching(rows: QuerySet[Rows], query: str) -> QuerySet[Rows]:
    """The rows that hold every word of `query`; all rows for a blank query, none for one of signs only."""
    words = query_tokens(query)[:20]
    if not words:
        return rows.none() if query.strip() else rows
    return rows.filter(_HasWords(index=f"{rows.model._meta.db_table}_words", words=words))


def tagged(rows: QuerySet[Rows], tag: str) -> QuerySet[Rows]:
    """The rows whose `tags` hold the tag."""
    if connections[rows.db].features.supports_json_field_contains:
        return rows.filter(tags__contains=[tag])
    as_text = rows.annotate(tags_text=Cast("tags", TextField()))
    return as_text.filter(tags_text__contains=json.dumps(tag))  # type: ignore[return-value]
