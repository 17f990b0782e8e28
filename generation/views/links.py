"""The pages behind one-time links. Looking spends nothing; only the form does."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import render_page
from generation.access import person_of
from generation.actions import links
from generation.forms.people import NewPasswordForm, WelcomeForm, role_labels
from generation.models import OneTimeLink, Person
from generation.views.account import let_in


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """The first person chooses name and password; somebody who lost the password chooses a new one."""
    purposes = [OneTimeLink.Purpose.FIRST, OneTimeLink.Purpose.RECOVERY]
    link = OneTimeLink.objects.of_token(token, timezone.now()).filter(purpose__in=purposes).first()
    if link is None:
        return _spent(request)
    form = (NewPasswordForm if link.person else WelcomeForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        person = _use(request, form, lambda: links.welcome(
            token, username=values.get("username", ""), password=values["password"], now=timezone.now()
        ))  # fmt: skip
        if person:
            return let_in(request, person, resolve_url("projects"))
    context = {"form": form, "link": link}
    return render_page(request, "generation/welcome.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: somebody signed in accepts it, somebody new chooses name and password."""
    link = OneTimeLink.objects.of_token(token, timezone.now()).filter(purpose=OneTimeLink.Purpose.INVITATION).first()
    if link is None or link.project is None:
        return _spent(request)
    home, here = resolve_url("home", link.project.slug), person_of(request) if request.user.is_authenticated else None
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and here:
        links.join(token, person=here, now=timezone.now())
        return let_in(request, here, home)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        person = _use(request, form, lambda: links.join(
            token, username=values["username"], password=values["password"], now=timezone.now()
        ))  # fmt: skip
        if person:
            return let_in(request, person, home)
    context = {"form": form, "link": link, "role": dict(role_labels())[link.role], "here": here}
    return render_page(request, "generation/join.html", context, status=422 if form.errors else 200)


def _use(request: HttpRequest, form: Any, verb: Any) -> Person | None:
    """Runs the verb; what it refuses becomes an error beside the field that it is about."""
    try:
        return verb()
    except links.NameTakenError:
        form.add_error("username", _("Somebody here has this name already. Choose another."))
    except links.SpentLinkError:
        form.add_error(None, _("This link was used a moment ago."))
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {"password": error.messages}
        for field, found in by_field.items():
            form.add_error(field if field in form.fields else None, found)
    return None


def _spent(request: HttpRequest) -> HttpResponse:
    return render_page(request, "error.html", {"status": 410, "code": "spent_link"}, status=410)
