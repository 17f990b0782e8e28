"""`manage.py texts`: brings the catalogue of words up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from fdc_project import catalogue


class Command(BaseCommand):
    """Extracts, updates, compiles, and names what has no words yet."""

    help = "Update locale/ and static/texts/ from the sources, and list what is not translated."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        """Writes three files and says how complete they are."""
        catalog = catalogue.updated()
        catalogue.write(catalog)
        lacking = catalogue.missing(catalog)
        for text in lacking:
            self.stdout.write(text)
        self.stdout.write(f"{len(catalog)} texts, {len(lacking)} without words.")
