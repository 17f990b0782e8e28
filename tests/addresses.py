"""Every address that FDC answers at, found by walking Django's URL patterns and ninja's operations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
TOKENS = {"welcome": "link", "join": "link", "seeds_preview": "upload", "import_preview": "upload"}
"""What the parameter `token` stands for, by the address's name."""


@dataclass(frozen=True)
class Address:
    """One URL pattern. `methods` are those that an operation of the API has; pages tell by 405."""

    route: str
    name: str
    methods: tuple[str, ...] = ()

    @property
    def is_api(self) -> bool:
        """Whether programs ask here."""
        return self.route.startswith("api/v1/") and bool(self.methods)

    @property
    def parameters(self) -> list[str]:
        """The names of its parameters, as the world calls them."""
        return [TOKENS.get(self.name, name) if name == "token" else name for name in PARAMETER.findall(self.route)]

    @property
    def shown(self) -> str:
        """As people write it: /p/<slug>/seeds."""
        return "/" + PARAMETER.sub(r"<\1>", self.route)

    def url(self, arguments: dict[str, Any]) -> str:
        """The address with its parameters filled in."""
        given = iter(self.parameters)
        return "/" + PARAMETER.sub(lambda _: str(arguments[next(given)]), self.route)


def addresses() -> list[Address]:
    """All but the admin site's, once each; the API's catch-all and ninja's own root are no addresses of theirs."""
    found = (each for each in _walk(get_resolver().url_patterns) if not each.route.startswith(("admin/", "^api")))
    return list({each.route: each for each in found if each.name != "api-root"}.values())


def admin_addresses() -> list[Address]:
    """Those of the admin site."""
    return [each for each in _walk(get_resolver().url_patterns) if each.route.startswith("admin/")]


def _walk(patterns: list[Any], before: str = "") -> Iterator[Address]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            view = getattr(each.callback, "__self__", None) or _path_view(each.callback)
            methods = [method for operation in getattr(view, "operations", []) for method in operation.methods]
            yield Address(route, each.name or "", tuple(methods))


def _path_view(callback: Any) -> Any:
    """Ninja keeps the operations of an address in the closure of its view."""
    cells = [cell.cell_contents for cell in getattr(callback, "__closure__", None) or ()]
    return next((each for each in cells if hasattr(each, "operations")), None)
