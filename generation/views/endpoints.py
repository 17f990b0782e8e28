"""Endpoints: where answers come from. Everybody sees the list; owners make, change and try them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, is_htmx, render_page
from generation.access import Seat, seat_in
from generation.actions.connections import Tested, examine, find_local
from generation.actions.endpoints import create_endpoint, drop_key, edit_endpoint, retire_endpoint, set_key
from generation.actions.model_abilities import endpoint_view_without_key
from generation.actions.prices import price_for, set_price
from generation.forms.endpoints import EndpointForm, KeyForm, NewEndpointForm, PriceForm, filled
from generation.models import Endpoint, Role
from generation.providers.chat_wire import house
from generation.providers.presets import PRESETS, preset
from generation.words import CONNECTION, FAILURES, word


@require_http_methods(["GET", "POST"])
def endpoints(request: HttpRequest, slug: str) -> HttpResponse:
    """The endpoints that this project may use. A POST looks for model servers on this machine and offers them."""
    seat = seat_in(request.user, slug, Role.OWNER if request.method == "POST" else Role.VIEWER)
    searched = request.method == "POST"
    context = {
        "seat": seat,
        "rows": [_row(seat, endpoint) for endpoint in Endpoint.objects.usable_in(seat.project)],
        "may_edit": seat.may(Role.OWNER),
        "searched": searched,
        "found": find_local() if searched else [],
    }
    return render_page(request, "generation/endpoints.html", context)


def _row(seat: Seat, endpoint: Endpoint) -> dict[str, Any]:
    today = timezone.now().date()
    priced = [] if endpoint.offline else [
        (model, price_for(endpoint, model=model, on=today, project=seat.project))
        for model in endpoint.models_listed[:12]
    ]  # fmt: skip
    return {"endpoint": endpoint, "priced": priced, "more": max(0, len(endpoint.models_listed) - 12)}


@require_http_methods(["GET", "POST"])
def endpoint_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A new endpoint, begun from a preset. The address may come from the list of servers that were found."""
    seat = seat_in(request.user, slug, Role.OWNER)
    chosen = preset(request.GET.get("preset", ""))
    offered = filled(chosen)
    for name, given in (("name", "name"), ("base_url", "base_url"), ("models_listed", "models")):
        offered[name] = request.GET.get(given, offered[name])
    if request.GET.get("local"):
        offered["max_in_flight"] = 2
    form = NewEndpointForm(request.POST if request.method == "POST" else None, initial=offered)
    if request.method == "POST" and form.is_valid():
        made = create_endpoint(
            seat.project, kind="openai_compatible", key=form.cleaned_data["key"], secret=form.cleaned_data["secret"],
            by=seat.person, now=timezone.now(), **form.changes(),
        )  # fmt: skip
        messages.success(request, _("The endpoint is saved. Try the connection before you start a run."))
        return go(request, reverse("endpoint", args=[slug, made.pk]))
    context = {"seat": seat, "form": form, "presets": PRESETS, "chosen": chosen}
    return render_page(request, "generation/endpoint_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def endpoint(request: HttpRequest, slug: str, endpoint_id: int) -> HttpResponse:
    """One endpoint of the project: its settings, its key, its prices, and whether it answers."""
    seat = seat_in(request.user, slug, Role.OWNER)
    row = get_object_or_404(Endpoint, project=seat.project, retired_at=None, pk=endpoint_id)
    what = request.POST.get("do", "")
    forms = _forms(request, row, what)
    if request.method == "POST" and what == "check":
        model = request.POST.get("model", "")[:120]
        return _page(request, seat, row, forms, tested=examine(row, now=timezone.now(), model=model))
    if request.method == "POST" and _change(request, seat, row, forms, what):
        done = reverse("endpoints", args=[slug]) if what == "retire" else reverse("endpoint", args=[slug, row.pk])
        return go(request, done)
    return _page(request, seat, row, forms)


def _forms(request: HttpRequest, row: Endpoint, what: str) -> dict[str, Any]:
    """The page's three forms; only the one that was sent is bound."""
    return {
        "form": EndpointForm(request.POST if what == "save" else None, endpoint=row),
        "key_form": KeyForm(request.POST if what == "key" else None),
        "price_form": PriceForm(request.POST if what == "price" else None),
    }


def _change(request: HttpRequest, seat: Seat, row: Endpoint, forms: dict[str, Any], what: str) -> bool:
    """Does what was asked; False when a form has to be shown again."""
    now, by = timezone.now(), seat.person
    if what == "save" and forms["form"].is_valid():
        if edit_endpoint(row, by=by, now=now, **forms["form"].changes()):
            messages.warning(request, _("The address changed, so the key was dropped. Set it again."))
        else:
            messages.success(request, _("The endpoint is saved."))
    elif what == "key" and forms["key_form"].is_valid():
        set_key(row, by=by, now=now, **forms["key_form"].cleaned_data)
        messages.success(request, _("The key is stored, encrypted. Nobody can read it back here."))
    elif what == "drop_key":
        drop_key(row, by=by, now=now)
        messages.success(request, _("The key is forgotten."))
    elif what == "price" and forms["price_form"].is_valid():
        set_price(row, source=by.username, on=now.date(), **forms["price_form"].cleaned_data)
        messages.success(request, _("The price is set. Runs that were started keep theirs."))
    elif what == "retire":
        retire_endpoint(row, by=by, now=now)
        messages.success(request, _("The endpoint is retired and its key forgotten."))
    else:
        return what not in ("save", "key", "price")
    return True


def _page(
    request: HttpRequest, seat: Seat, row: Endpoint, forms: dict[str, Any], *, tested: Tested | None = None
) -> HttpResponse:
    refused = any(form.errors for form in forms.values())
    offered = tested.connection.models if tested else []
    context = {
        "seat": seat, "presets": PRESETS, "tested": _told(tested), "house": house(endpoint_view_without_key(row)),
        "unlisted": [name for name in offered if name not in row.models_listed],
        "abilities": row.abilities.order_by("model"), **_row(seat, row), **forms,
    }  # fmt: skip
    status = 422 if refused and not is_htmx(request) else 200
    return render_page(request, "generation/endpoint.html", context, status=status)


def _told(tested: Tested | None) -> dict[str, Any] | None:
    """A test of the connection in words."""
    if tested is None:
        return None
    found = tested.found
    words = word(FAILURES, found.code) if found and found.code in FAILURES else word(CONNECTION, tested.code)
    return {
        "ok": tested.code == "ok", "words": words, "models": tested.connection.models, "model": tested.model,
        "found": found, "said": found.words if found else "", "listed": tested.connection.code == "ok",
    }  # fmt: skip
