"""A program that asks the API with a token, as a script of somebody's would."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from generation.actions.people import make_token
from generation.models import Person


class Program:
    """One person's program. Calling it gives the status and the parsed answer."""

    def __init__(self, person: Person, **about: Any) -> None:
        self.row, text = make_token(person, name="test", now=timezone.now(), **about)
        self.client = Client(headers={"Authorization": f"Bearer {text}"}, enforce_csrf_checks=True)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Asks, and reads the answer as JSON where it has a body."""
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        answer = self.client.generic(method, path, **sent, headers=headers)
        return answer.status_code, json.loads(answer.content) if answer.content else None
