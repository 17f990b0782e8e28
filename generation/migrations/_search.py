"""The statements behind search. A later migration that rebuilds one of the tables on SQLite must call `install` again,
because a rebuilt table loses its triggers there."""

TABLES = ("generation_seed", "generation_sample")

_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS {table}_words USING fts5"
    "(search, content='{table}', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
    # A row without words is none to the index: an import writes rows first and their words later.
    "CREATE TRIGGER IF NOT EXISTS {table}_words_add AFTER INSERT ON {table} WHEN new.search <> '' BEGIN "
    "INSERT INTO {table}_words(rowid, search) VALUES (new.id, new.search); END",
    "CREATE TRIGGER IF NOT EXISTS {table}_words_remove AFTER DELETE ON {table} WHEN old.search <> '' BEGIN "
    "INSERT INTO {table}_words({table}_words, rowid, search) VALUES ('delete', old.id, old.search); END",
    "CREATE TRIGGER IF NOT EXISTS {table}_words_change AFTER UPDATE OF search ON {table} "
    "WHEN old.search IS NOT new.search BEGIN "
    "INSERT INTO {table}_words({table}_words, rowid, search) "
    "SELECT 'delete', old.id, old.search WHERE old.search <> ''; "
    "INSERT INTO {table}_words(rowid, search) SELECT new.id, new.search WHERE new.search <> ''; END",
    "INSERT INTO {table}_words({table}_words) VALUES ('rebuild')",
)
_POSTGRESQL_FUNCTION = (
    # Long tokens are cut: a GIN key has a limit, and a row must never fail because of what somebody typed.
    "CREATE OR REPLACE FUNCTION fdc_words(search text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS "
    "$$ SELECT coalesce(array_agg(DISTINCT left(word, 64)), '{}') "
    "FROM unnest(string_to_array(search, ' ')) AS word WHERE word <> '' $$"
)
_POSTGRESQL = "CREATE INDEX IF NOT EXISTS {table}_words ON {table} USING gin (fdc_words(search))"


def install(apps, schema_editor):
    """Makes the indexes and triggers for this database, and fills them from the rows that are there."""
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(_POSTGRESQL_FUNCTION, params=None)
    for table in TABLES:
        for statement in _SQLITE if vendor == "sqlite" else (_POSTGRESQL,):
            schema_editor.execute(statement.format(table=table), params=None)


def renew(apps, schema_editor):
    """Puts today's triggers in the place of older ones."""
    if schema_editor.connection.vendor == "sqlite":
        _drop_triggers(schema_editor)
        install(apps, schema_editor)


def uninstall(apps, schema_editor):
    """Takes all of it away again."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    if sqlite:
        _drop_triggers(schema_editor)
    for table in TABLES:
        if sqlite:
            schema_editor.execute(f"DROP TABLE IF EXISTS {table}_words", params=None)
        else:
            schema_editor.execute(f"DROP INDEX IF EXISTS {table}_words", params=None)
    if not sqlite:
        schema_editor.execute("DROP FUNCTION IF EXISTS fdc_words(text)", params=None)


def _drop_triggers(schema_editor):
    for table in TABLES:
        for name in ("add", "remove", "change"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_words_{name}", params=None)
