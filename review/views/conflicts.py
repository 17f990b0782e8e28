"""Samples that contradict or repeat each other: the groups, and the page on which one is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

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
from review.actions.conflict_searches import MOST_IN_GROUP, start_conflict_search
from review.actions.conflicts import ConflictError, Wording, no_conflict, reopen_group, settle_group
from review.policies import can_measure
from review.reports.conflict_group import Camp, GroupSeen, group_seen, last_settled
from review.reports.conflicts import VIEWS, counts_of, groups_of, is_cut, newest_search, pairs_of
from review.templatetags.conflict_words import conflict_fault

_NAMED = 12


@dataclass(frozen=True, slots=True)
class Sure:
    """What is asked before samples give way that the page does not show: the button that was pressed, how many give
    way, how many of them nobody saw here, and those by what they answer."""

    way: str
    rejected: int
    unseen: int
    camps: Sequence[Camp]
    wording: Wording | None = None


@require_http_methods(["GET", "POST"])
def conflicts(request: HttpRequest, slug: str) -> HttpResponse:
    """The groups of one kind with what is left to settle. A POST has the samples searched anew."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    if request.method == "POST":
        start_conflict_search(seat, now=timezone.now())
        return go(request, reverse("conflicts", args=[slug]))
    view = request.GET.get("view", "")
    view, after = view if view in VIEWS else VIEWS[0], request.GET.get("after")
    page, lines = pairs_of(seat, after=after) if view == "pairs" else groups_of(seat, view=view, after=after)
    search = newest_search(seat)
    at_work = bool(search and search.job and not search.job.over)
    if is_htmx(request) and not at_work:
        return go(request, request.get_full_path())  # it was being searched: counts and buttons have changed, too
    counts = counts_of(seat)
    context = {
        "seat": seat, "view": view, "views": [(each, counts[each]) for each in VIEWS], "page": page, "lines": lines,
        "counts": counts, "search": search, "at_work": at_work, "cut": is_cut(search, counts.get(view, 0)),
        "may_settle": can_measure(seat), "mine": last_settled(seat) if can_measure(seat) and view != "pairs" else None,
    }  # fmt: skip
    return render_page(request, "review/conflicts.html", context)


@require_http_methods(["GET", "POST"])
def conflict_group(request: HttpRequest, slug: str, group_id: int) -> HttpResponse:
    """One group with its samples as they read now, a page at a time. A POST settles it, or opens it again."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    asked = request.POST if request.method == "POST" else request.GET
    seen = group_seen(seat, group_id, start=number_in(asked.get("from", "")) or 0)
    if seen is None:
        raise Http404
    if request.method == "POST":
        return _obey(request, seat, seen)
    return _page(request, seat, seen, keep=_numbers(request.GET.getlist("keep")))


def _page(
    request: HttpRequest, seat: Seat, seen: GroupSeen, *, keep: Sequence[int] = (), sure: Sure | None = None,
    own: str = "",
) -> HttpResponse:  # fmt: skip
    here = {each.card.sample.pk for each in seen.samples}
    alive = [each.card.sample.pk for each in seen.samples if each.alive]
    may = can_measure(seat) and seen.group.state == "open"
    write = (number_in(request.GET.get("write", "")) or 0) if may else 0
    chosen = write if write in alive else next(iter(alive), 0) if write else 0
    context: dict[str, Any] = {
        "seat": seat, "seen": seen, "group": seen.group, "may_settle": can_measure(seat), "may": may,
        "keep": keep, "elsewhere": [pk for pk in keep if pk not in here], "sure": sure, "own": own, "write": chosen,
        "rendered": request.GET.get("marks") == "0", "one": len(seen.alive) == 1, "most": MOST_IN_GROUP,
    }  # fmt: skip
    return render_page(request, "review/conflict_group.html", context, status=409 if own else 200)


def _obey(request: HttpRequest, seat: Seat, seen: GroupSeen) -> HttpResponse:
    group, way, now = seen.group, request.POST.get("do", ""), timezone.now()
    here = reverse("conflict_group", args=[seat.project.slug, group.pk])
    keep, wording = _kept(request, way), _wording(request, way)
    if way.startswith("page-"):
        return go(request, f"{here}?{urlencode({'from': way.removeprefix('page-'), 'keep': keep}, doseq=True)}")
    try:
        if way == "undo":
            return _reopened(request, seat, group.pk)
        if way == "no_conflict":
            no_conflict(seat, group_id=group.pk, now=now)
            messages.success(request, _("All of them stay."), extra_tags="ok")
        else:
            if group.state == "open" and (sure := _unsure(request, seen, keep)):
                return _page(request, seat, seen, keep=keep, sure=sure)
            dropped = settle_group(seat, group_id=group.pk, keep=keep, wording=wording, now=now)
            told = ngettext("%(n)s sample is rejected.", "%(n)s samples are rejected.", dropped)
            messages.success(request, told % {"n": dropped}, extra_tags="ok")
    except ConflictError as error:
        messages.warning(request, str(conflict_fault(error.code)), extra_tags="warn")
        if wording is not None:
            again = group_seen(seat, group.pk) or seen
            return _page(request, seat, again, own=wording.output)
        return go(request, here)
    after = reverse("conflict_group", args=[seat.project.slug, seen.next_id]) if seen.next_id else ""
    return go(request, after or reverse("conflicts", args=[seat.project.slug]))


def _reopened(request: HttpRequest, seat: Seat, group_id: int) -> HttpResponse:
    back = reopen_group(seat, group_id=group_id, now=timezone.now())
    told = ngettext("Open again: %(n)s sample stands as before.", "Open again: %(n)s samples stand as before.", back)
    messages.success(request, told % {"n": back}, extra_tags="ok")
    return go(request, reverse("conflict_group", args=[seat.project.slug, group_id]))


def _unsure(request: HttpRequest, seen: GroupSeen, keep: Sequence[int]) -> Sure | None:
    """What has to be asked first: samples give way that the page did not show, and nobody has said yes to that many."""
    gone = seen.gives_way(keep)
    shown = {each.card.sample.pk for each in seen.samples}
    unseen = [pk for pk in gone if pk not in shown]
    kept = bool(set(keep) & set(seen.alive))
    if not unseen or not kept or request.POST.get("sure") == str(len(gone)):
        return None
    way = request.POST.get("do", "")
    return Sure(way, len(gone), len(unseen), seen.camps_of(unseen, named=_NAMED), _wording(request, way))


def _kept(request: HttpRequest, way: str) -> list[int]:
    """What the form keeps: one sample by its button, or all that are marked, on this page or on others."""
    for begin in ("keep-", "write-"):
        if way.startswith(begin):
            return _numbers([way.removeprefix(begin)])
    return _numbers(request.POST.getlist("keep"))


def _wording(request: HttpRequest, way: str) -> Wording | None:
    """What somebody wrote for the one that stays. Browsers send line ends as CR LF; texts keep LF."""
    if not way.startswith("write-"):
        return None
    text = request.POST.get("text", "").replace("\r\n", "\n")
    return Wording(text, number_in(request.POST.get("revision", "")) or 0)


def _numbers(values: Sequence[str]) -> list[int]:
    return list(dict.fromkeys(number for each in values[:MOST_IN_GROUP] if (number := number_in(each))))
