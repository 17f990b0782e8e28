"""The verbs of prompts: which text is in use, and how a new version comes to be. Versions are never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction

from generation.actions.audit import audit
from generation.models import Person, Project, PromptTemplate, PromptVersion
from generation.recipes import RECIPES
from generation.recipes.base import PromptSlot, Recipe, slots
from generation.recipes.faults import Fault, faults

LANGUAGES = ("en", "zh")
"""The languages that templates ship in."""


class UnknownSlotError(LookupError):
    """No recipe has a prompt slot of that name, or not in that language."""


class FaultyPromptError(Exception):
    """The text cannot be a template of its slot; `faults` say where and why."""

    def __init__(self, found: list[Fault]) -> None:
        super().__init__(", ".join(fault.code for fault in found))
        self.faults = found


def all_slots() -> Iterator[tuple[Recipe, PromptSlot]]:
    """Every slot once, in the order of the list of recipes, with the first recipe that asks it."""
    seen: set[str] = set()
    for recipe in RECIPES:
        for slot in slots(recipe):
            if slot.name not in seen:
                seen.add(slot.name)
                yield recipe, slot


def slot_named(name: str, *, language: str) -> tuple[Recipe, PromptSlot]:
    """The slot called `name` and its recipe; `UnknownSlotError` when there is none in that language."""
    for recipe, slot in all_slots():
        if slot.name == name and language in LANGUAGES:
            return recipe, slot
    raise UnknownSlotError(name)


def text_hash(text: str) -> str:
    """SHA-256 of a template's text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def texts_for(
    project: Project, *, recipe: Recipe, language: str, versions: Mapping[str, int] | None = None
) -> dict[str, tuple[int, str]]:
    """Slot -> (version id, text) in use for a recipe in a language; id 0 is the shipped text. Two queries at most.

    `versions` names others of the project's own by slot, which need not be in use; 0 asks for the shipped text.
    """
    names = [slot.name for slot in slots(recipe)]
    own = versions_in_use(project, language=language, names=names)
    for slot, version in (versions or {}).items():
        own.pop(slot, None)
        if version:
            own[slot] = PromptVersion.objects.get(
                pk=version, template__project=project, template__slot=slot, template__language=language
            )
    return {
        slot.name: (own[slot.name].pk, own[slot.name].text) if slot.name in own else (0, slot.shipped(language))
        for slot in slots(recipe)
    }


def versions_in_use(project: Project, *, language: str, names: list[str] | None = None) -> dict[str, PromptVersion]:
    """Slot -> newest version of the project's own templates; slots that the project never edited are left out."""
    rows = PromptVersion.objects.filter(template__project=project, template__language=language, template__name="")
    if names is not None:
        rows = rows.filter(template__slot__in=names)
    return {version.template.slot: version for version in rows.newest().select_related("template", "author")}


@transaction.atomic
def save_version(
    project: Project,
    *,
    slot: str,
    language: str,
    text: str,
    by: Person | None,
    now: datetime,
    name: str = "",
    note: str = "",
) -> PromptVersion:
    """Puts `text` in use as the slot's next version. The same text as the one in use makes no new version.

    `FaultyPromptError` when the text cannot be used, `UnknownSlotError` when there is no such slot. Runs that are at
    work keep the text that they were started with.
    """
    _, known = slot_named(slot, language=language)
    text = text.replace("\r\n", "\n")
    if found := faults(known, text):
        raise FaultyPromptError(found)
    template, made = PromptTemplate.objects.get_or_create(
        project=project, slot=slot, language=language, name=name, defaults={"created_at": now}
    )
    template = PromptTemplate.objects.select_for_update().get(pk=template.pk)
    if made and not name:
        _add(template, number=1, text=known.shipped(language), by=None, now=now, note="")
    newest = template.versions.first()
    if newest is not None and newest.text == text:
        return newest
    number = newest.number + 1 if newest else 1
    version = _add(template, number=number, text=text, by=by, now=now, note=note)
    subject = f"{slot} {language} {name}".strip()
    audit("prompt.saved", by=by, now=now, project=project, subject=subject, version=number)
    return version


def _add(
    template: PromptTemplate, *, number: int, text: str, by: Person | None, now: datetime, note: str
) -> PromptVersion:
    return PromptVersion.objects.create(
        template=template,
        number=number,
        text=text,
        text_hash=text_hash(text),
        note=note[:200],
        author=by,
        created_at=now,
    )


@transaction.atomic
def use_version(version: PromptVersion, *, by: Person, now: datetime) -> PromptVersion:
    """Puts an old version's text in use again, as a new version that says where it came from."""
    template = version.template
    return save_version(
        template.project, slot=template.slot, language=template.language, name=template.name, text=version.text,
        by=by, now=now, note=f"= {version.number}",
    )  # fmt: skip
