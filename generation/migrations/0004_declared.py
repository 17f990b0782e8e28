"""Task types that people define carry the columns that their template shows, and the one that it asks for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0003_engine")]

    operations = [
        migrations.AddField(
            model_name="promptversion", name="declared", field=models.JSONField(blank=True, default=dict)
        ),
    ]
