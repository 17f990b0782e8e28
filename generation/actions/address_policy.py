"""The installation's rules about where endpoints may lead, from its settings."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from generation.providers.addresses import Policy, check, completed

_POSTGRESQL, _REDIS = 5432, 6379


def address_policy() -> Policy:
    """This machine may be called in the embedded mode, except where FDC itself, its database or its broker listens."""
    database = settings.DATABASES["default"]
    own = {settings.ENVIRONMENT.port}
    if database["ENGINE"] != "django.db.backends.sqlite3":
        own.add(int(database.get("PORT") or _POSTGRESQL))
    if settings.REDIS_URL:
        own.add(urlsplit(settings.REDIS_URL).port or _REDIS)
    return Policy(loopback=settings.EMBEDDED, own_ports=frozenset(own), allow=settings.ENVIRONMENT.provider_allow)


def check_address(base_url: str) -> str:
    """The address as it is to be stored; `AddressRefusedError` when FDC may not call it."""
    return check(completed(base_url), address_policy()).url
