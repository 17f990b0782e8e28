"""Prompts: the slots of every recipe, the text in use, and new versions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from generation.access import Seat
from generation.actions.prompts import (
    LANGUAGES,
    FaultyPromptError,
    UnknownSlotError,
    all_slots,
    save_version,
    slot_named,
    use_version,
    versions_in_use,
)
from generation.api.door import RefusedError, api_seat
from generation.models import PromptVersion, Role
from generation.recipes.base import PromptSlot, Recipe
from generation.schemas import PromptIn, PromptOut, PromptSlotOut, PromptVersionOut

router = Router(tags=["prompts"])


@router.get("/projects/{slug:slug}/prompts", response=list[PromptSlotOut])
def list_prompts(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """Every slot in every language, with the version in use."""
    project = api_seat(request, slug).project
    in_use = {language: versions_in_use(project, language=language) for language in LANGUAGES}
    return [
        _about(recipe, known, language, in_use[language].get(known.name))
        for recipe, known in all_slots()
        for language in LANGUAGES
    ]


@router.get("/projects/{slug:slug}/prompts/{str:slot}/{str:language}", response=PromptOut)
def get_prompt(request: HttpRequest, slug: str, slot: str, language: str) -> dict[str, Any]:
    """One slot with the text in use and the project's own versions."""
    return _prompt(api_seat(request, slug), slot, language)


@router.post("/projects/{slug:slug}/prompts/{str:slot}/{str:language}", response={201: PromptVersionOut})
def save_prompt(request: HttpRequest, slug: str, slot: str, language: str, body: PromptIn) -> Status[PromptVersion]:
    """Puts a text in use as the next version. Runs that are at work keep theirs. 422 names each faulty line."""
    seat = api_seat(request, slug, Role.EDITOR)
    _slot(slot, language)
    try:
        version = save_version(
            seat.project, slot=slot, language=language, text=body.text, note=body.note, by=seat.person,
            now=timezone.now(),
        )  # fmt: skip
    except FaultyPromptError as refused:
        faults = [{"line": each.line, "code": each.code, "name": each.name} for each in refused.faults]
        raise RefusedError(422, refused.faults[0].code, path="body.text", faults=faults) from None
    return Status(201, version)


@router.post("/projects/{slug:slug}/prompts/versions/{int:version_id}/use", response={201: PromptVersionOut})
def use_prompt_version(request: HttpRequest, slug: str, version_id: int) -> Status[PromptVersion]:
    """Puts an old version's text in use again, as a new version."""
    seat = api_seat(request, slug, Role.EDITOR)
    version = get_object_or_404(PromptVersion, pk=version_id, template__project=seat.project)
    return Status(201, use_version(version, by=seat.person, now=timezone.now()))


def _slot(name: str, language: str) -> tuple[Recipe, PromptSlot]:
    try:
        return slot_named(name, language=language)
    except UnknownSlotError:
        raise Http404 from None


def _prompt(seat: Seat, name: str, language: str) -> dict[str, Any]:
    recipe, known = _slot(name, language)
    in_use = versions_in_use(seat.project, language=language, names=[name]).get(name)
    own = PromptVersion.objects.filter(
        template__project=seat.project, template__slot=name, template__language=language, template__name=""
    )
    text = in_use.text if in_use else known.shipped(language)
    return _about(recipe, known, language, in_use) | {"text": text, "versions": list(own[:200])}


def _about(recipe: Recipe, known: PromptSlot, language: str, in_use: PromptVersion | None) -> dict[str, Any]:
    return {
        "recipe": recipe.name,
        "slot": known.name,
        "language": language,
        "offers": list(known.offers),
        "requires": list(known.requires),
        "version": in_use.number if in_use else 0,
    }
