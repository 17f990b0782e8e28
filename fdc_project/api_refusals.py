"""How the API refuses: every error becomes {code, message, path} with the status that fits it."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from fdc_project.api_parser import TextRefusedError
from fdc_project.web.states import TransitionError
from generation.api.door import RefusedError

WORDS = {
    400: ("bad_request", "This could not be read."),
    401: ("unauthorized", "Sign in, or send a token that is still valid."),
    403: ("forbidden", "Your role does not allow this."),
    404: ("not_found", "There is nothing here, or nothing that you may see."),
    409: ("conflict", "This had moved on meanwhile; nothing was changed."),
    422: ("invalid", "Something that was sent cannot be used."),
    500: ("server_error", "This went wrong on our side; the server's log has it."),
}
log = logging.getLogger("fdc.api")


def refusal(status: int, code: str = "", message: str = "", **more: Any) -> HttpResponse:
    """The one shape of every refusal: {code, message, path}, and what else is to be said."""
    usual_code, usual_message = WORDS.get(status, WORDS[400])
    body = {"code": code or usual_code, "message": message or usual_message, "path": more.pop("path", "")} | more
    response = JsonResponse(body, status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("an operation of the API failed", exc_info=error)
    return refusal(500)


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return refusal(404)


def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return refusal(403)


def _unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return refusal(401)


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, TextRefusedError):
        return _text(request, error.__cause__)
    if error.status_code == 403:
        return refusal(403, "csrf", "The CSRF token is missing or wrong.")
    return refusal(error.status_code)


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return refusal(413, "too_large", "The body is larger than this server takes.")


def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return refusal(400)


def _text(request: HttpRequest, error: TextRefusedError) -> HttpResponse:
    return refusal(422, error.code, "The text cannot be stored as it is.", path=error.path)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [{"code": each["type"], "message": each["msg"], "path": _place(each["loc"])} for each in error.errors]
    return refusal(422, path=faults[0]["path"] if faults else "", faults=faults)


def _place(parts: tuple[Any, ...]) -> str:
    """ "body.name" for ("body", "body", "name"): ninja names the argument too, which says nothing to the caller."""
    names = [str(part) for part in parts]
    return ".".join(names[:1] + names[2:]) if len(names) > 2 else ".".join(names)


def _refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    return refusal(error.status, error.code, error.message, path=error.path, **error.more)


def _moved_on(request: HttpRequest, error: TransitionError) -> HttpResponse:
    return refusal(409, state=error.source)


HANDLERS: dict[type[Exception], Any] = {
    Exception: _unexpected,
    Http404: _not_found,
    PermissionDenied: _forbidden,
    AuthenticationError: _unauthorized,
    HttpError: _http,
    RequestDataTooBig: _too_big,
    MultiPartParserError: _unreadable,
    SuspiciousOperation: _unreadable,
    TextRefusedError: _text,
    ValidationError: _invalid,
    RefusedError: _refused,
    TransitionError: _moved_on,
}


def answer_refusals(api: NinjaAPI) -> None:
    """Has the API answer every error of `HANDLERS` in the one shape."""
    for error, handler in HANDLERS.items():
        api.add_exception_handler(error, handler)
