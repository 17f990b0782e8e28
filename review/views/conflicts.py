"""Samples that contradict or repeat each other: the groups, and the page on which one is settled."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, is_htmx, render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.models import Role
from review.actions.conflict_searches import start_conflict_search
from review.actions.conflicts import ConflictError, no_conflict, reopen_group, settle_group
from review.policies import can_measure
from review.reports.conflicts import VIEWS, GroupSeen, counts_of, group_seen, groups_of, newest_search
from review.templatetags.conflict_words import conflict_fault


@require_http_methods(["GET", "POST"])
def conflicts(request: HttpRequest, slug: str) -> HttpResponse:
    """The groups of one kind with what is left to settle. A POST has the samples searched anew."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    if request.method == "POST":
        start_conflict_search(seat, now=timezone.now())
        return go(request, reverse("conflicts", args=[slug]))
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    page, lines = groups_of(seat, view=view, after=request.GET.get("after"))
    search = newest_search(seat)
    at_work = bool(search and search.job and not search.job.over)
    if is_htmx(request) and not at_work:
        return go(request, request.get_full_path())  # it was being searched: counts and buttons have changed, too
    context = {
        "seat": seat, "view": view, "views": VIEWS, "page": page, "lines": lines, "counts": counts_of(seat),
        "search": search, "at_work": at_work,
        "may_settle": can_measure(seat),
    }  # fmt: skip
    return render_page(request, "review/conflicts.html", context)


@require_http_methods(["GET", "POST"])
def conflict_group(request: HttpRequest, slug: str, group_id: int) -> HttpResponse:
    """One group with all its samples as they read now. A POST settles it, or opens it again."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    seen = group_seen(seat, group_id)
    if seen is None:
        raise Http404
    if request.method == "POST":
        return _obey(request, seat, seen)
    context = {"seat": seat, "seen": seen, "group": seen.group, "may_settle": can_measure(seat)}
    return render_page(request, "review/conflict_group.html", context)


def _obey(request: HttpRequest, seat: Seat, seen: GroupSeen) -> HttpResponse:
    group, way, now = seen.group, request.POST.get("do", ""), timezone.now()
    here = reverse("conflict_group", args=[seat.project.slug, group.pk])
    try:
        if way == "undo":
            reopen_group(seat, group_id=group.pk, now=now)
            messages.success(request, _("The group is open again."), extra_tags="ok")
            return go(request, here)
        if way == "no_conflict":
            no_conflict(seat, group_id=group.pk, now=now)
            messages.success(request, _("All of them stay."), extra_tags="ok")
        else:
            dropped = settle_group(seat, group_id=group.pk, keep=_kept(request, seen, way), now=now)
            told = ngettext("%(n)s sample is rejected.", "%(n)s samples are rejected.", dropped)
            messages.success(request, told % {"n": dropped}, extra_tags="ok")
    except ConflictError as error:
        messages.warning(request, str(conflict_fault(error.code)), extra_tags="warn")
        return go(request, here)
    after = reverse("conflict_group", args=[seat.project.slug, seen.next_id]) if seen.next_id else ""
    return go(request, after or reverse("conflicts", args=[seat.project.slug]))


def _kept(request: HttpRequest, seen: GroupSeen, way: str) -> list[int]:
    """What the form keeps: one sample by its button, or all that are marked."""
    if way.startswith("keep-"):
        return [number_in(way.removeprefix("keep-")) or 0]
    return [number for each in request.POST.getlist("keep") if (number := number_in(each))]
