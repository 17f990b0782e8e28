"""One template, two answers: the whole page, or the part of it that htmx asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers

_PART = re.compile(r"[a-z][a-z0-9_]*\Z")


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx sent this request."""
    return request.headers.get("HX-Request") == "true"


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page, or its part of the name that stands in HX-Target (part name = DOM id) when htmx asks for one.

    A target that the template has no part for gets the whole page.
    """
    target = request.headers.get("HX-Target", "")
    name = template
    if is_htmx(request) and _PART.match(target) and _has_part(template, target):
        name = f"{template}#{target}"
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that the browser follows as a whole page, also when htmx sent the request."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _has_part(template: str, part: str) -> bool:
    try:
        get_template(f"{template}#{part}")
    except TemplateDoesNotExist:
        return False
    return True
