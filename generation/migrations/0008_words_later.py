"""Rows may come in without their words: the triggers of search leave such rows alone until the words are there."""

from django.db import migrations

from generation.migrations import _search


class Migration(migrations.Migration):
    dependencies = [("generation", "0007_imports")]

    operations = [migrations.RunPython(_search.renew, migrations.RunPython.noop)]
