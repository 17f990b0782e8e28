"""The people of a project: roles, invitations, farewells."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fdc_project.web.htmx import render_page
from generation.access import Seat, seat_in
from generation.actions.links import invite as make_invitation
from generation.actions.links import withdraw
from generation.actions.people import LastOwnerError, remove_member, set_role
from generation.forms.people import InviteForm, role_labels
from generation.models import AuditEntry, Membership, OneTimeLink, Role


@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is here, in which role; owners invite and change."""
    return _page(request, seat_in(request.user, slug))


@require_POST
@never_cache
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """A one-time link for one more person. The answer shows it, once."""
    seat = seat_in(request.user, slug, Role.OWNER)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, status=422, form=form)
    role, note = Role(form.cleaned_data["role"]), form.cleaned_data["note"]
    token = make_invitation(seat.project, role=role, note=note, by=seat.person, now=timezone.now())
    return _page(request, seat, new_link=request.build_absolute_uri(reverse("join", args=[token])))


@require_POST
def withdraw_invitation(request: HttpRequest, slug: str, link_id: int) -> HttpResponse:
    """Takes an invitation back."""
    seat = seat_in(request.user, slug, Role.OWNER)
    withdraw(get_object_or_404(OneTimeLink, pk=link_id, project=seat.project), by=seat.person, now=timezone.now())
    messages.success(request, _("Invitation withdrawn."), extra_tags="ok")
    return redirect("people", slug)


@require_POST
def member(request: HttpRequest, slug: str, person_id: int) -> HttpResponse:
    """Gives a member another role, or takes the seat away (`remove`)."""
    seat = seat_in(request.user, slug, Role.OWNER)
    found = get_object_or_404(Membership.objects.select_related("person"), project=seat.project, person_id=person_id)
    role = request.POST.get("role", "")
    try:
        if "remove" in request.POST:
            remove_member(seat.project, person=found.person, by=seat.person, now=timezone.now())
        elif role in Role.values:
            set_role(seat.project, person=found.person, role=Role(role), by=seat.person, now=timezone.now())
        else:
            raise Http404
    except LastOwnerError:
        messages.error(request, _("A project needs an owner. Make somebody else an owner first."), extra_tags="bad")
        return redirect("people", slug)
    messages.success(request, _("Saved."), extra_tags="ok")
    left = "remove" in request.POST and found.person == seat.person and not seat.person.is_superuser
    return redirect("projects") if left else redirect("people", slug)


def _page(request: HttpRequest, seat: Seat, *, status: int = 200, **more: Any) -> HttpResponse:
    owner = seat.may(Role.OWNER)
    invitations = OneTimeLink.objects.still_open(timezone.now()).filter(project=seat.project).order_by("-id")
    context = {
        "seat": seat,
        "members": seat.project.memberships.select_related("person").order_by("id"),
        "roles": role_labels(),
        "may_change": owner,
        "form": InviteForm(),
        "invitations": invitations if owner else [],
        "trail": AuditEntry.objects.filter(project=seat.project).select_related("person").order_by("-id")[:20]
        if owner
        else [],
    }
    return render_page(request, "generation/people.html", context | more, status=status)
