"""What a person sees when something could not be done."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from generation.access import Seat, seat_in


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that came without its token: nothing was saved."""
    return _page(request, status=403, code="csrf")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that leads nowhere, or nowhere for this person."""
    return _page(request, status=404, code="not_found")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for something that this person's role does not allow."""
    return _page(request, status=403, code="forbidden")


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours. It is made without the request, so that it asks the database for nothing."""
    page = render_to_string("error.html", {"status": 500, "code": "server_error"})
    return HttpResponse(page, status=500)


def _page(request: HttpRequest, *, status: int, code: str) -> HttpResponse:
    context = {"status": status, "code": code, "seat": _seat(request)}
    return render(request, "error.html", context, status=status)


def _seat(request: HttpRequest) -> Seat | None:
    """The seat of a member of the project in the address, who keeps its bar; None for anybody else."""
    match, person = request.resolver_match, getattr(request, "user", None)
    slug = match.kwargs.get("slug") if match else None
    if not slug or person is None:
        return None
    try:
        return seat_in(person, slug)
    except (Http404, PermissionDenied):
        return None
