"""Where a prompt's text may start from, and what is odd about it: a template file, the LangGPT outline, advice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fdc_project.web.htmx import go
from generation.access import seat_in
from generation.actions.prompts import FaultyPromptError, UnknownSlotError, save_version, slot_named, texts_for
from generation.forms.prompts import in_words
from generation.forms.vocabularies import TemplateFileForm
from generation.models import Project, Role, Vocabulary
from generation.recipes.base import PromptSlot, Recipe, slots
from generation.recipes.langgpt import lint, outline
from generation.words import PROMPT_ADVICE, word

_FEW_TERMS = 40


@require_POST
def prompt_import(request: HttpRequest, slug: str, slot: str, language: str) -> HttpResponse:
    """A template file becomes the slot's next version, placeholders in angle brackets and all."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    try:
        slot_named(slot, language=language)
    except UnknownSlotError:
        raise Http404 from None
    form = TemplateFileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors.get("file", []))))
        return go(request, reverse("prompt", args=[slug, slot, language]))
    name = form.cleaned_data["file"].name or ""
    try:
        version = save_version(
            seat.project, slot=slot, language=language, text=form.text, note=name, by=seat.person, now=timezone.now()
        )
    except FaultyPromptError as error:
        told = " ".join(in_words(fault) for fault in error.faults[:5])
        messages.error(request, _("The file cannot be used: %(faults)s") % {"faults": told})
    else:
        messages.success(request, _("Version %(n)d is in use. Runs at work keep theirs.") % {"n": version.number})
    return go(request, reverse("prompt", args=[slug, slot, language]))


def outline_asked(request: HttpRequest, slot: PromptSlot, language: str) -> str:
    """The LangGPT outline of the slot where the address asks for it (`?outline=langgpt`), else ""."""
    if request.GET.get("outline") != "langgpt":
        return ""
    return outline(slot, language="zh" if language == "zh" else "en")


def advice_on(recipe: Recipe, slot: PromptSlot, text: str, *, params: Any = None) -> list[str]:
    """What is odd about a template, in sentences; nothing of it forbids the text."""
    params = params or recipe.Params(**recipe.params_showing(slot.name))
    found = [(0, code, name) for code, name in slot.advises(text, params)]
    return [_sentence(*each) for each in (*found, *lint(text))]


def advice_for_run(project: Project, recipe: Recipe, *, params: Any, language: str) -> list[tuple[str, str]]:
    """(slot, sentence) of what is odd about the templates in use, given what a run is to be started with."""
    texts = texts_for(project, recipe=recipe, language=language)
    return [
        (slot.name, _sentence(0, code, name))
        for slot in slots(recipe)
        for code, name in slot.advises(texts[slot.name][1], params)
    ]


def preview_terms(project: Project) -> Mapping[str, list[str]]:
    """A few terms of the newest vocabulary, for the preview of a template that shows entities."""
    newest = Vocabulary.objects.filter(project=project).order_by("-id").first()
    if newest is None:
        return {"": [_("a term of your vocabulary"), _("another term")]}
    return {category: terms[:_FEW_TERMS] for category, terms in list(newest.terms.items())[:_FEW_TERMS]}


def _sentence(line: int, code: str, name: str) -> str:
    said = str(word(PROMPT_ADVICE, code)) % {"name": name}
    return str(_("Line %(line)d: %(fault)s") % {"line": line, "fault": said}) if line else said
