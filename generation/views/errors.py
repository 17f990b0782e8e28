"""What a person sees when something could not be done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that came without its token: nothing was saved."""
    return render(request, "error.html", {"status": 403, "code": "csrf"}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that leads nowhere, or nowhere for this person."""
    return render(request, "error.html", {"status": 404, "code": "not_found"}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for something that this person's role does not allow."""
    return render(request, "error.html", {"status": 403, "code": "forbidden"}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours. It is made without the request, so that it asks the database for nothing."""
    page = render_to_string("error.html", {"status": 500, "code": "server_error"})
    return HttpResponse(page, status=500)
