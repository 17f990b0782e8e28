"""API tokens in use: whom one stands for, and when it last opened the door."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from generation.models import ApiToken
from generation.models.people import token_hash

SELDOM = timedelta(minutes=1)
"""How exact `last_used_at` is: a token in steady use costs one write a minute, not one a request."""


def person_of_token(text: str, *, now: datetime) -> ApiToken | None:
    """The usable token of that text with its person, None when it opens nothing. Notes that it was used."""
    found = ApiToken.objects.usable(now).select_related("person", "project").filter(token_hash=token_hash(text)).first()
    if found is not None and (found.last_used_at is None or now - found.last_used_at >= SELDOM):
        due = Q(last_used_at=None) | Q(last_used_at__lte=now - SELDOM)
        ApiToken.objects.filter(due, pk=found.pk).update(last_used_at=now)
    return found
