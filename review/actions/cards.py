"""What people say of a dataset for its card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from generation.actions.audit import audit
from generation.models import Person
from review.exporting.cards.facts import LICENCES, About
from review.models import Dataset

MOST = {"description": 4000, "title": 200, "creator": 200, "url": 500, "licence_name": 200, "licence_link": 500}
"""Characters."""


class AboutError(ValueError):
    """Something said of a dataset cannot stand on a card; `code` says what, `name` in which field."""

    def __init__(self, code: str, name: str) -> None:
        super().__init__(code)
        self.code, self.name = code, name


def describe(dataset: Dataset, *, said: Mapping[str, str], by: Person | None, now: datetime) -> About:
    """Keeps title, description, licence and languages for every card made from now on. `AboutError`."""
    texts = {name: said.get(name, "").replace("\r\n", "\n").strip() for name in MOST}
    for name, text in texts.items():
        if len(text) > MOST[name]:
            raise AboutError("too_long", name)
        if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
            raise AboutError("nul_character", name)
    licence = said.get("licence", "")
    if licence and licence not in LICENCES:
        raise AboutError("card_licence", "licence")
    if licence == "other" and not (texts["licence_name"] and texts["licence_link"]):
        raise AboutError("licence_other", "licence_name")
    for name in ("url", "licence_link"):
        if texts[name] and not texts[name].startswith(("https://", "http://")):
            raise AboutError("not_an_address", name)
    spoken = tuple(dict.fromkeys(said.get("languages", "").replace(",", " ").split()))
    if any(not (2 <= len(code) <= 12 and code.isascii() and code.replace("-", "").isalnum()) for code in spoken):
        raise AboutError("not_a_language", "languages")
    about = About(**texts, licence=licence, languages=spoken)
    with transaction.atomic():
        dataset.about = {name: value for name, value in asdict(about).items() if value}
        dataset.save(update_fields=["about"])
        audit("dataset.describe", by=by, now=now, project=dataset.project, subject=str(dataset.pk))
    return about
