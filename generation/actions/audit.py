"""The audit trail: who did what to roles, keys, exports and settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from generation.models import AuditEntry, Person, Project


def audit(
    action: str, *, by: Person | None, now: datetime, project: Project | None = None, subject: str = "", **detail: Any
) -> AuditEntry:
    """One more entry. `action` is "noun.verb"; `subject` names the row that it was done to."""
    return AuditEntry.objects.create(
        action=action, person=by, project=project, subject=subject[:200], detail=detail, created_at=now
    )
