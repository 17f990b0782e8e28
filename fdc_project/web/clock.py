"""Times in the reader's own time zone, which the browser tells in a cookie. Rows and files keep UTC."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "fdc_timezone"
_NAME = re.compile(r"[A-Za-z]\w*(?:[/+-]\w+){0,3}\Z")


class ReaderTimeZoneMiddleware:
    """Shows times in the zone of the cookie; in UTC where there is none, or one that nobody knows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_named(unquote(request.COOKIES.get(COOKIE, "UTC")))):
            return self.get_response(request)


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name, UTC when there is none. `ZoneInfo` keeps those that it has read."""
    try:
        return ZoneInfo(name if _NAME.match(name) else "UTC")
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return ZoneInfo("UTC")
