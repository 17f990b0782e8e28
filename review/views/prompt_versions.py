"""The versions of one prompt side by side: their words, what came of them, and both tried on the same ten rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.actions.prompts import LANGUAGES, UnknownSlotError, slot_named, use_version
from generation.actions.starts import StartRefusedError, Wish
from generation.actions.trials import (
    Side,
    by_model,
    by_rules,
    currency_of,
    most_cost,
    rows_of,
    start_trial,
    trial_of,
    trial_wish,
)
from generation.models import Endpoint, Role
from generation.recipes.base import PromptSlot, Recipe
from generation.words import START_FAULTS, word
from review.reports.prompt_versions import VersionLine, version_lines


@dataclass(frozen=True)
class Desk:
    """What the page is about: a slot in a language, its versions, and the two that are compared."""

    seat: Seat
    recipe: Recipe
    slot: PromptSlot
    language: str
    lines: list[VersionLine]
    old: VersionLine
    new: VersionLine
    endpoint: Endpoint | None
    model: str

    def wish(self, line: VersionLine) -> Wish:
        """The run that the line's version is tried in."""
        return trial_wish(
            self.recipe, slot=self.slot.name, language=self.language, version=line.key, endpoint=self.endpoint,
            model=self.model,
        )  # fmt: skip

    @property
    def pair(self) -> tuple[VersionLine, VersionLine]:
        """The older and the newer side."""
        return self.old, self.new


@require_http_methods(["GET", "POST"])
def prompt_versions(request: HttpRequest, slug: str, slot: str, language: str) -> HttpResponse:
    """The versions and the trial of two of them. A POST puts one in use, or pays for a trial whose cost was shown."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    try:
        recipe, known = slot_named(slot, language=language)
    except UnknownSlotError:
        raise Http404 from None
    lines = version_lines(
        seat.project, recipe=recipe.name, slot=slot, language=language, shipped=known.shipped(language)
    )  # fmt: skip
    desk = _desk(request, seat, recipe, known, language, lines)
    if request.POST.get("do") == "use":
        return _use(request, desk)
    if request.POST.get("do") == "try":
        return _try(request, desk)
    context = {
        "seat": seat, "desk": desk, "languages": LANGUAGES, "may_edit": seat.may(Role.EDITOR),
        "endpoints": [each for each in Endpoint.objects.usable_in(seat.project) if not each.offline],
        **_trial(desk),
    }  # fmt: skip
    return render_page(request, "review/prompt_versions.html", context)


def _desk(
    request: HttpRequest, seat: Seat, recipe: Recipe, slot: PromptSlot, language: str, lines: list[VersionLine]
) -> Desk:  # fmt: skip
    asked = request.POST if request.method == "POST" else request.GET
    new = _chosen(lines, asked.get("new"), otherwise=lines[0])
    old = _chosen(lines, asked.get("old"), otherwise=lines[1] if len(lines) > 1 else lines[0])
    wanted, model = number_in(asked.get("endpoint", "")), asked.get("model", "").strip()[:120]
    usable = Endpoint.objects.usable_in(seat.project)
    endpoint = usable.filter(pk=wanted).first() if wanted is not None and model and recipe.needs_model else None
    endpoint = None if endpoint is not None and endpoint.offline else endpoint
    return Desk(seat, recipe, slot, language, lines, old, new, endpoint, model if endpoint else "")


def _chosen(lines: list[VersionLine], key: str | None, *, otherwise: VersionLine) -> VersionLine:
    return next((line for line in lines if str(line.key) == key), otherwise)


def _trial(desk: Desk) -> dict[str, Any]:
    """Both sides by rules; by the model where somebody chose one and paid; what paying would cost at most."""
    project, now = desk.seat.project, timezone.now()
    rows = rows_of(project, wish=desk.wish(desk.new))
    if rows is None:
        return {"sides": None}
    sides: list[Side] = []
    for line in desk.pair:
        side = by_rules(project, wish=desk.wish(line), slot=desk.slot.name, recipe=desk.recipe, rows=rows)
        run = trial_of(project, wish=desk.wish(line)) if desk.endpoint else None
        sides.append(by_model(run, side=side) if run else side)
    most = [most_cost(project, wish=desk.wish(line), recipe=desk.recipe, rows=rows, now=now) for line in desk.pair]
    known = [each for each in most if each is not None]
    return {
        "sides": list(zip(desk.pair, sides, strict=True)), "paid": all(side.run for side in sides),
        "open": any(side.preview and not side.preview.over for side in sides),
        "most": sum(known) if len(known) == len(most) else None, "rows": len(rows["seed_ids"]),
        "currency": currency_of(project, wish=desk.wish(desk.new), now=now),
    }  # fmt: skip


def _use(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Puts the named version in use, as a new one."""
    line = _chosen(desk.lines, request.POST.get("version"), otherwise=desk.new)
    if line.version is None:
        raise Http404
    made = use_version(line.version, by=desk.seat.person, now=timezone.now())
    said = _("The text of version %(old)d is in use again, as version %(n)d.")
    messages.success(request, said % {"old": line.version.number, "n": made.number})
    return go(request, _address(desk, query=""))


def _try(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Pays for both sides, each under the cap that was shown."""
    project, now = desk.seat.project, timezone.now()
    query = f"?old={desk.old.key}&new={desk.new.key}"
    rows = rows_of(project, wish=desk.wish(desk.new))
    if desk.endpoint is None or rows is None:
        messages.warning(request, _("Choose an endpoint and name its model."))
        return go(request, _address(desk, query=query))
    for line in desk.pair:
        wish = desk.wish(line)
        most = most_cost(project, wish=wish, recipe=desk.recipe, rows=rows, now=now)
        if most is None:
            messages.warning(request, _("Write down the price of this model first, so that the trial can keep a cap."))
            break
        try:
            start_trial(project, wish=wish, most=most, by=desk.seat.person, now=now)
        except StartRefusedError as error:
            messages.warning(request, word(START_FAULTS, error.code))
            break
    return go(
        request, _address(desk, query=f"{query}&{urlencode({'endpoint': desk.endpoint.pk, 'model': desk.model})}")
    )


def _address(desk: Desk, *, query: str) -> str:
    return reverse("prompt_versions", args=[desk.seat.project.slug, desk.slot.name, desk.language]) + query
