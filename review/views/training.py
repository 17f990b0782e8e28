"""The training view: a sample as a trainer reads it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fdc_project.web.htmx import render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.actions.chat_templates import chat_templates_in
from generation.chat.base import UnrenderableError
from generation.chat.catalogue import UnknownTemplateError
from generation.chat.own_template import TemplateFaultError
from generation.models import Sample
from review.reports.training import OWN, USUAL, USUAL_CUTOFF, Look, fitting_templates, offered_templates, training_text
from review.rows import example_of

MOST_CUTOFF = 1_000_000


@require_GET
def training(request: HttpRequest, slug: str, sample_id: int) -> HttpResponse:
    """One sample in a chat template, with what is trained of it."""
    seat = seat_in(request.user, slug)
    sample = Sample.objects.in_project(seat.project).filter(pk=sample_id).first()
    if sample is None:
        raise Http404
    look = look_from(request)
    context = {
        "seat": seat,
        "sample": sample,
        "look": look,
        "templates": offered_templates(),
        "own": [(f"{OWN}{each.template_id}", each.template.name) for each in chat_templates_in(seat.project)],
        **_seen(seat, sample, look),
    }
    return render_page(request, "review/training.html", context)


def look_from(request: HttpRequest) -> Look:
    """What the address asks for; what makes no sense counts as not said."""
    asked = request.GET
    cutoff = number_in(asked.get("cutoff", ""))
    return Look(
        template=asked.get("template", "")[:60] or USUAL,
        mask_history=bool(asked.get("mask_history")),
        as_asked=bool(asked.get("as_asked")),
        cutoff=USUAL_CUTOFF if cutoff is None else min(cutoff, MOST_CUTOFF),
    )


def _seen(seat: Seat, sample: Sample, look: Look) -> dict[str, Any]:
    try:
        return {"seen": training_text(seat.project, example=example_of(sample), look=look)}
    except UnknownTemplateError as error:
        raise Http404 from error
    except UnrenderableError as error:
        fitting = fitting_templates(example_of(sample))
        return {"refused": {"code": error.code, "detail": error.detail}, "fitting": fitting}
    except TemplateFaultError as error:
        return {"refused": {"code": error.code, "detail": error.message, "line": error.line}}
