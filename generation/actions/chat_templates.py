"""A project's own chat templates: Jinja texts with immutable versions, kept as prompts keep theirs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from generation.actions.audit import audit
from generation.actions.prompts import text_hash
from generation.models import Person, Project, PromptTemplate, PromptVersion

SLOT = "chat_template"


class TakenNameError(Exception):
    """The project has a chat template of that name."""


def chat_templates_in(project: Project) -> list[PromptVersion]:
    """The newest version of each chat template of the project, by name."""
    rows = PromptVersion.objects.filter(template__project=project, template__slot=SLOT)
    return list(rows.newest().select_related("template", "author").order_by("template__name"))


def chat_template_in(project: Project, *, template_id: int) -> PromptVersion | None:
    """The newest version of one of them."""
    # Looked up by its key, a number beyond all columns finds nothing; as a foreign key it would be an error.
    found = PromptTemplate.objects.filter(project=project, slot=SLOT, pk=template_id)
    rows = PromptVersion.objects.filter(template__in=found)
    return rows.select_related("template").order_by("-number").first()


@transaction.atomic
def save_chat_template(
    project: Project,
    *,
    name: str,
    text: str,
    bos: str,
    eos: str,
    by: Person | None,
    now: datetime,
    template: PromptTemplate | None = None,
) -> PromptVersion:
    """A new chat template, or the next version of `template`. What is the same as the newest makes no version.

    `bos` and `eos` are what the text knows as `bos_token` and `eos_token`. `TakenNameError` for a second one of a name.
    """
    text = text.replace("\r\n", "\n")
    if template is None:
        template, made = PromptTemplate.objects.get_or_create(
            project=project, slot=SLOT, language="", name=name, defaults={"created_at": now}
        )
        if not made:
            raise TakenNameError(name)
    template = PromptTemplate.objects.select_for_update().get(pk=template.pk)
    declared = {"bos": bos, "eos": eos}
    newest = template.versions.first()
    if newest is not None and newest.text == text and newest.declared == declared:
        return newest
    version = PromptVersion.objects.create(
        template=template,
        number=newest.number + 1 if newest else 1,
        text=text,
        text_hash=text_hash(text),
        declared=declared,
        author=by,
        created_at=now,
    )
    audit("prompt.saved", by=by, now=now, project=project, subject=f"{SLOT} {template.name}", version=version.number)
    return version
