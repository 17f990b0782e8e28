"""0009 rebuilds the tables of seeds and samples on SQLite, which loses the triggers of search: they are made again."""

from django.db import migrations

from generation.migrations import _search


class Migration(migrations.Migration):
    dependencies = [("generation", "0009_recipes")]

    operations = [migrations.RunPython(_search.renew, migrations.RunPython.noop)]
