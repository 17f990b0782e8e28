"""Samples as trainers read them, and the chat templates that they can be read in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from generation.actions.chat_templates import chat_templates_in
from generation.api.door import RefusedError, api_seat
from generation.chat.base import UnrenderableError
from generation.chat.catalogue import CHAT_TEMPLATES, UnknownTemplateError
from generation.chat.own_template import TemplateFaultError
from generation.chat_words import CHAT_REFUSALS, OWN_TEMPLATE_FAULTS
from generation.models import Sample
from review.reports.training import OWN, Look, TrainingText, training_text, warnings_of
from review.rows import example_of
from review.schemas import ChatTemplateOut, RenderedFilters, RenderedOut

router = Router(tags=["samples"])


@router.get("/projects/{slug:slug}/chat-templates", response=list[ChatTemplateOut])
def list_chat_templates(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The built-in chat templates and the project's own."""
    project = api_seat(request, slug).project
    known = [
        {"name": each.name, "title": each.title, "own": False, "tools": each.tools, "system": each.system,
         "bos": each.bos, "eos": each.eos}
        for each in CHAT_TEMPLATES
    ]  # fmt: skip
    own = [
        {"name": f"{OWN}{each.template_id}", "title": each.template.name, "own": True, "tools": None, "system": "",
         **each.declared}
        for each in chat_templates_in(project)
    ]  # fmt: skip
    return known + own


@router.get("/projects/{slug:slug}/samples/{int:sample_id}/rendered", response=RenderedOut)
def get_rendered(request: HttpRequest, slug: str, sample_id: int, query: Query[RenderedFilters]) -> dict[str, Any]:
    """The sample in a chat template, with the ranges that are trained. 422 says what the template cannot hold."""
    project = api_seat(request, slug).project
    sample = get_object_or_404(Sample.objects.in_project(project), pk=sample_id)
    look = Look(query.template, query.mask_history, query.as_asked, query.cutoff)
    try:
        return _told(training_text(project, example=example_of(sample), look=look))
    except UnknownTemplateError:
        raise RefusedError(422, "unknown_template", path="query.template") from None
    except UnrenderableError as error:
        raise RefusedError(422, error.code, str(CHAT_REFUSALS[error.code]), path="query.template") from error
    except TemplateFaultError as error:
        raise RefusedError(
            422, error.code, str(OWN_TEMPLATE_FAULTS[error.code]), path="query.template", line=error.line
        ) from error


def _told(seen: TrainingText) -> dict[str, Any]:
    return {
        "template": seen.rendered.template,
        "text": seen.rendered.text,
        "spans": [
            {"start": span.start, "end": span.end, "turn": span.turn, "weight": span.weight}
            for span in seen.rendered.spans
        ],
        "warnings": warnings_of(seen),
        "special_tokens": [
            {"path": place.path, "token": place.found.token, "start": place.found.start, "end": place.found.end,
             "severity": place.found.severity}
            for place in seen.places
        ],
        "tokens": seen.tokens,
        "trained_tokens": seen.trained,
        "cut": seen.cut,
    }  # fmt: skip
