"""Search over seeds and samples: FTS5 with triggers on SQLite, an expression index on PostgreSQL."""

from django.db import migrations

from generation.migrations import _search


class Migration(migrations.Migration):
    dependencies = [("generation", "0001_initial")]

    operations = [migrations.RunPython(_search.install, _search.uninstall)]
