"""Projects: made, named, and told how they are reviewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from generation.actions.audit import audit
from generation.models import Membership, Person, Pool, Project, Role

MOST_REASONS = 5
"""Keys 1 to 5 choose the reason of a rejection."""
_SLUG_LENGTH = 50


def create_project(*, name: str, language: str, now: datetime, by: Person | None, is_demo: bool = False) -> Project:
    """A project with its novelty pool, owned by `by`. The address is made from the name and is unique."""
    with transaction.atomic():
        project = Project.objects.create(
            slug=_free_slug(name), name=name, language=language, is_demo=is_demo, created_at=now
        )
        Pool.objects.create(project=project)
        if by is not None:
            Membership.objects.create(project=project, person=by, role=Role.OWNER, created_at=now)
        audit("project.made", by=by, project=project, subject=name, now=now)
    return project


def save_settings(
    project: Project,
    *,
    name: str,
    language: str,
    guidelines: str,
    reject_reasons: Sequence[str],
    by: Person,
    now: datetime,
    confirm_above: Mapping[str, int] | None = None,
) -> None:
    """Saves what an owner may change about a project. Five reasons are kept; none means the usual ones.

    `confirm_above` (currency -> micro-units) stays as it is where it is not given.
    """
    with transaction.atomic():
        project.name, project.language, project.guidelines = name, language, guidelines
        project.reject_reasons = [reason.strip()[:60] for reason in reject_reasons if reason.strip()][:MOST_REASONS]
        if confirm_above is not None:
            project.confirm_above = dict(confirm_above)
        project.save(update_fields=["name", "language", "guidelines", "reject_reasons", "confirm_above"])
        audit("project.settings", by=by, project=project, subject=name, now=now)


def _free_slug(name: str) -> str:
    """An address that no project has: "pediatrics", "pediatrics-2"; names without Latin letters become "project"."""
    stem = slugify(name)[:_SLUG_LENGTH].strip("-") or "project"
    taken = set(Project.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
