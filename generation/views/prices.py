"""Prices of one endpoint's models: what holds now, what held before, and new ones. Owners write them down."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.actions.prices import forget_price, known_prices, price_for, set_price
from generation.forms.prices import PriceTermsForm
from generation.models import Endpoint, ModelPrice, Role, Run

HISTORY = 300


@require_http_methods(["GET", "POST"])
def endpoint_prices(request: HttpRequest, slug: str, endpoint_id: int) -> HttpResponse:
    """Every price that this project knows for an endpoint, newest first. A POST adds or forgets one."""
    seat = seat_in(request.user, slug, Role.OWNER if request.method == "POST" else Role.VIEWER)
    endpoint = get_object_or_404(Endpoint.objects.usable_in(seat.project), pk=endpoint_id)
    if endpoint.offline:
        raise Http404
    done = reverse("endpoint_prices", args=[slug, endpoint.pk])
    if request.POST.get("do") == "forget":
        forget_price(_own(request, seat, endpoint), by=seat.person, project=seat.project, now=timezone.now())
        messages.success(request, _("The price is forgotten. Runs that were started keep it."))
        return go(request, done)
    asked = {"model": request.GET.get("model", "")[:120], "valid_from": timezone.now().date(), "currency": "USD"}
    form = PriceTermsForm(request.POST if request.method == "POST" else None, initial=asked)
    if form.is_bound and form.is_valid():
        set_price(endpoint, project=seat.project, **form.terms())
        messages.success(request, _("The price is set. Runs that were started keep theirs."))
        return go(request, done)
    context = {"seat": seat, "endpoint": endpoint, "form": form, "may_edit": seat.may(Role.OWNER)}
    context |= _prices(seat, endpoint)
    return render_page(request, "generation/endpoint_prices.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest, seat: Seat, endpoint: Endpoint) -> ModelPrice:
    """A price that people of this project set: no shipped one, and nobody else's."""
    wanted = number_in(request.POST.get("price", ""))
    rows = known_prices(endpoint, project=seat.project).filter(endpoint=endpoint)
    mine = rows if endpoint.project_id else rows.filter(project=seat.project)
    return get_object_or_404(mine, pk=wanted if wanted is not None else 0)


def _prices(seat: Seat, endpoint: Endpoint) -> dict[str, Any]:
    """The models of the endpoint with the price in force, and all prices by model."""
    today = timezone.now().date()
    used = Run.objects.filter(project=seat.project, endpoint=endpoint).exclude(model="").order_by()
    names = dict.fromkeys([*endpoint.models_listed[:100], *used.values_list("model", flat=True).distinct()[:100]])
    in_force = [(name, price_for(endpoint, model=name, on=today, project=seat.project)) for name in names]
    history = sorted(known_prices(endpoint, project=seat.project)[:HISTORY], key=lambda price: price.model)
    return {
        "in_force": in_force, "history": history, "today": today, "models": list(names),
        "current": {price.pk for _name, price in in_force if price},
        "mine": {price.pk for price in history if _is_mine(price, seat, endpoint)},
    }  # fmt: skip


def _is_mine(price: ModelPrice, seat: Seat, endpoint: Endpoint) -> bool:
    return price.endpoint_id is not None and (endpoint.project_id is not None or price.project_id == seat.project.pk)
