"""The page on which people say what stands on a dataset's card."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, render_page
from generation.access import seat_in
from generation.models import Role
from generation.words import word
from review.actions.cards import AboutError, describe
from review.contract_words import ABOUT_FAULTS
from review.exporting.cards.facts import LICENCES, About
from review.models import Dataset


@require_http_methods(["GET", "POST"])
def dataset_card(request: HttpRequest, slug: str, dataset_id: int) -> HttpResponse:
    """Licence, title, description, languages: asked for once, used by every bundle made from now on."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    dataset = get_object_or_404(Dataset, project=seat.project, pk=dataset_id)
    about, fault, field = About.from_config(dataset.about), "", ""
    if request.method == "POST":
        said = request.POST.dict()
        try:
            describe(dataset, said=said, by=seat.person, now=timezone.now())
        except AboutError as error:
            fault, field = word(ABOUT_FAULTS, error.code), error.name
            about = About.from_config({**said, "languages": said.get("languages", "").replace(",", " ").split()})
        else:
            messages.success(request, _("Kept. Every bundle made from now on says so."))
            return go(request, reverse("dataset_card", args=[seat.project.slug, dataset.pk]))
    context = {
        "seat": seat, "dataset": dataset, "about": about, "licences": LICENCES, "fault": fault, "field": field,
    }  # fmt: skip
    return render_page(request, "review/dataset_card.html", context, status=422 if fault else 200)
