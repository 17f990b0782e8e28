"""Counted attempts: after too many within a while, the door stays shut for the rest of it."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

COOL_OFF = 15 * 60
PER_NAME_AND_ADDRESS = 10
PER_ADDRESS = 50


def shut(name: str, address: str) -> bool:
    """Whether this name from this address, or this address with any name, has failed too often of late."""
    tried = cache.get_many(_keys(name, address))
    limits = zip(_keys(name, address), (PER_NAME_AND_ADDRESS, PER_ADDRESS), strict=True)
    return any(tried.get(key, 0) >= limit for key, limit in limits)


def count_failure(name: str, address: str) -> None:
    """Counts one more failure; the count is forgotten a quarter of an hour after its first."""
    for key in _keys(name, address):
        if not cache.add(key, 1, COOL_OFF):
            try:
                cache.incr(key)
            except ValueError:  # it ran out between the two statements
                cache.set(key, 1, COOL_OFF)


def forget(name: str, address: str) -> None:
    """Forgets this name from this address after it got in."""
    cache.delete(_keys(name, address)[0])


def _keys(name: str, address: str) -> tuple[str, str]:
    pair = hashlib.sha256(f"{name.casefold()}\n{address}".encode()).hexdigest()[:32]
    return f"attempts:pair:{pair}", f"attempts:address:{address}"


def address_of(request: HttpRequest) -> str:
    """The client's address. Behind our own HTTPS proxy it is the last hop that the proxy wrote down."""
    hops = request.headers.get("X-Forwarded-For", "")
    if settings.ENVIRONMENT.https and hops:
        return hops.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")
