"""Jobs as the API gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema


class JobOut(Schema):
    """A long piece of work."""

    id: int
    kind: str
    state: str
    total: int
    done: int
    accepted: int
    rejected: int
    skipped: int
    errors: list[dict[str, Any]]
    message: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
