"""What every operation of the API shares: who is asking, in which seat, and how a refusal is told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer

from generation.access import Seat, seat_in
from generation.actions.tokens import person_of_token
from generation.models import ApiToken, Project, Role


class RefusedError(Exception):
    """Something that cannot be done as it was asked: HTTP status, a code for programs, words for people, and where."""

    def __init__(self, status: int, code: str, message: str = "", *, path: str = "", **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.path, self.more = status, code, message, path, more


class Bearer(HttpBearer):
    """`Authorization: Bearer <token>`. A header with a token that opens nothing is refused, whatever cookies say."""

    def __call__(self, request: HttpRequest) -> ApiToken | None:
        """The token, or None when there is no such header."""
        if "Authorization" not in request.headers:
            return None
        token = super().__call__(request)
        if token is None:
            raise AuthenticationError
        return token

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The usable token of that text; its person becomes the request's."""
        found = person_of_token(token, now=timezone.now())
        if found is not None:
            request.user = found.person
        return found


class Session(APIKeyCookie):
    """The cookie of somebody who is signed in; everything that writes needs the CSRF token too."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        """The person, None for anybody else; 403 without the CSRF token."""
        return super().__call__(request) if request.user.is_authenticated else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The person that Django found for the cookie."""
        return request.user


def api_seat(request: HttpRequest, slug: str, least: Role = Role.VIEWER) -> Seat:
    """The asking person's seat; a token that is bound to one project opens no other (404)."""
    token = getattr(request, "auth", None)
    if isinstance(token, ApiToken) and token.project is not None and token.project.slug != slug:
        raise Http404
    return seat_in(request.user, slug, least)


def api_projects(request: HttpRequest) -> Any:
    """The projects that the asking person, or the token, may see."""
    rows = Project.objects.for_person(request.user)
    token = getattr(request, "auth", None)
    return rows.filter(pk=token.project_id) if isinstance(token, ApiToken) and token.project_id else rows
