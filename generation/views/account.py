"""Coming in and going out, and what people set for themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from fdc_project.web import attempts, keys
from fdc_project.web.htmx import go, is_htmx, render_page
from generation.access import person_of
from generation.actions import people
from generation.forms.people import ChangePasswordForm, SignInForm, TokenForm
from generation.models import ApiToken, Person, Project

THEMES = {"": "system", "light": "light", "dark": "dark"}


def next_url(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is an address of ours; else the projects."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def let_in(request: HttpRequest, person: Person, url: str) -> HttpResponse:
    """Signs the person in and goes on to `url`, in the person's language."""
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return speak(HttpResponseRedirect(url), person.language)


def speak(response: HttpResponse, language: str) -> HttpResponse:
    """Makes the browser remember the language for a year, if it is one of ours."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax", httponly=True,
            secure=request_is_https(),
        )  # fmt: skip
    return response


def request_is_https() -> bool:
    """Whether the installation is served over HTTPS."""
    return bool(getattr(settings, "LANGUAGE_COOKIE_SECURE", False))


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """User name and password. Ten failures within a quarter of an hour shut the door for that name and address."""
    if is_htmx(request):  # a part of a page asked after the session had ended: the whole page must move
        here = urlencode({"next": request.headers.get("HX-Current-URL", "/")}, safe="/:")
        return go(request, f"{resolve_url(settings.LOGIN_URL)}?{here}")
    form, status = SignInForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            name, address = form.cleaned_data["username"], attempts.address_of(request)
            if attempts.shut(name, address):
                form.add_error(None, _("Too many tries. Wait a quarter of an hour, then try again."))
                status = 429
            elif person := authenticate(request, username=name, password=form.cleaned_data["password"]):
                attempts.forget(name, address)
                return let_in(request, person, next_url(request))
            else:
                attempts.count_failure(name, address)
                form.add_error(None, _("This user name and password do not go together."))
    context = {"form": form, "next": next_url(request), "nobody_yet": not Person.objects.exists()}
    return render_page(request, "generation/sign_in.html", context, status=status)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session and has the browser forget what it kept of it."""
    logout(request)
    response = HttpResponseRedirect(resolve_url(settings.LOGIN_URL))
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language of the pages, kept by the browser and, for somebody signed in, with the person."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        people.set_language(person_of(request), language=chosen)
    return speak(HttpResponseRedirect(next_url(request)), chosen)


def account(request: HttpRequest, **more: Any) -> HttpResponse:
    """The person's own page: password, look, keys, API tokens."""
    person, status = person_of(request), 422 if more else 200
    chosen = more.pop("chosen", person.keys)
    context = {
        "password_form": ChangePasswordForm(),
        "token_form": _token_form(request),
        "tokens": ApiToken.objects.filter(person=person).order_by("revoked_at", "-id").select_related("project"),
        "now": timezone.now(),
        "themes": [
            ("", _("As the system")),
            ("light", pgettext("theme", "Light")),
            ("dark", pgettext("theme", "Dark")),
        ],
        "keys": [(action, label, default, chosen.get(action, "")) for action, (default, label) in keys.ACTIONS.items()],
    }
    return render_page(request, "generation/account.html", context | more, status=status)


@require_POST
@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password; other browsers are signed out."""
    form = ChangePasswordForm(request.POST)
    person = person_of(request)
    if form.is_valid() and not person.check_password(form.cleaned_data["current"]):
        form.add_error("current", _("This is not your current password."))
    if form.is_valid():
        try:
            people.set_password(person, password=form.cleaned_data["password"], now=timezone.now())
        except ValidationError as error:
            form.add_error("password", error)
        else:
            update_session_auth_hash(request, person)
            messages.success(request, _("Password changed. Other browsers are signed out."), extra_tags="ok")
            return redirect("account")
    return account(request, password_form=form)


@require_POST
def change_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system."""
    theme = request.POST.get("theme", "")
    people.set_theme(person_of(request), theme=theme if theme in THEMES else "")
    return redirect("account")


@require_POST
def change_keys(request: HttpRequest) -> HttpResponse:
    """The person's own keys; an empty field keeps the shipped one."""
    chosen = {action: request.POST.get(action, "").strip() for action in keys.ACTIONS}
    chosen = {action: key for action, key in chosen.items() if key and key != keys.ACTIONS[action][0]}
    if found := keys.faults(chosen):
        words = {
            "unknown_key": _("{key}: no such key. Write for example b, Shift+b, Ctrl+Enter or Space."),
            "reserved_key": _("{key}: this key has a fixed meaning."),
            "used_twice": _("{key}: two actions would have this key."),
        }
        faults = [words[code].format(key=chosen[action]) for action, code in found]
        return account(request, chosen=chosen, key_faults=faults)
    people.set_keys(person_of(request), keys=chosen)
    messages.success(request, _("Keys saved."), extra_tags="ok")
    return redirect("account")


@require_POST
@never_cache
def make_token(request: HttpRequest) -> HttpResponse:
    """A new API token. The answer shows its text, once."""
    form = _token_form(request, request.POST)
    if not form.is_valid():
        return account(request, token_form=form)
    values, now = form.cleaned_data, timezone.now()
    expires_at = now + timedelta(days=values["days"]) if values["days"] else None
    _token, text = people.make_token(
        person_of(request),
        name=values["name"],
        project=values["project"],
        expires_at=expires_at,
        now=now,
    )
    response = account(request, new_token=text)
    response.status_code = 200
    return response


@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Takes one of the person's own tokens back."""
    token = get_object_or_404(ApiToken, pk=token_id, person=request.user)
    people.revoke_token(token, by=person_of(request), now=timezone.now())
    messages.success(request, _("Token revoked."), extra_tags="ok")
    return redirect("account")


def _token_form(request: HttpRequest, data: Any = None) -> TokenForm:
    form = TokenForm(data)
    form.fields["project"].queryset = Project.objects.for_person(request.user).order_by("name")  # type: ignore[attr-defined]
    return form
