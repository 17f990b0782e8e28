"""Task types that people define for few-shot construction: a template with the columns that it shows and asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from generation.actions.audit import audit
from generation.actions.prompts import text_hash
from generation.models import Person, Project, PromptTemplate, PromptVersion
from generation.recipes.few_shot.params import check_custom

SLOT = "few_shot.custom"


class FaultyTypeError(Exception):
    """The declaration does not fit the template; `code` says how and `detail` names what."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.code, _, self.detail = message.partition(": ")


class NameTakenError(Exception):
    """The project has a type of that name in that language."""


def types_in(project: Project, *, language: str | None = None) -> list[PromptVersion]:
    """The newest version of each task type that the project defined, by name."""
    rows = PromptVersion.objects.filter(template__project=project, template__slot=SLOT)
    if language is not None:
        rows = rows.filter(template__language=language)
    return list(rows.newest().select_related("template", "author").order_by("template__name", "template__language"))


def params_of(version: PromptVersion) -> dict[str, Any]:
    """The values of few-shot `Params` that make a run use this type."""
    return {
        "task_type": "custom",
        "custom_template": version.text,
        "custom_fields": list(version.declared["fields"]),
        "custom_answer": version.declared["answer"],
    }


@transaction.atomic
def save_type(
    project: Project,
    *,
    name: str,
    language: str,
    text: str,
    fields: Sequence[str],
    answer: str,
    by: Person | None,
    now: datetime,
    template: PromptTemplate | None = None,
) -> PromptVersion:
    """A new task type, or the next version of `template`. What is the same as the newest makes no version.

    `FaultyTypeError` when template and declaration do not fit, `NameTakenError` for a second type of one name.
    """
    text = text.replace("\r\n", "\n")
    try:
        check_custom(text, fields=list(fields), answer=answer)
    except ValueError as error:
        raise FaultyTypeError(str(error)) from error
    if template is None:
        template, made = PromptTemplate.objects.get_or_create(
            project=project, slot=SLOT, language=language, name=name, defaults={"created_at": now}
        )
        if not made:
            raise NameTakenError(name)
    template = PromptTemplate.objects.select_for_update().get(pk=template.pk)
    declared = {"fields": list(fields), "answer": answer}
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
    audit("prompt.saved", by=by, now=now, project=project, subject=f"{SLOT} {name}", version=version.number)
    return version
