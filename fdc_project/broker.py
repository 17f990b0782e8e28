"""Celery's in-memory broker for the embedded mode, made to hear sooner that its worker shall end."""

from __future__ import annotations

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, memory

LONGEST_WAIT = 0.2
"""Seconds. Celery's loop waits two seconds for a message, twice, before it looks whether it was told to stop."""


class Transport(memory.Transport):
    """Kombu's own, with shorter waits."""

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Waits for a message; `TimeoutError` when none came."""
        super().drain_events(connection, timeout=min(timeout or LONGEST_WAIT, LONGEST_WAIT))


def install() -> None:
    """Makes `memory://` mean this broker."""
    TRANSPORT_ALIASES["memory"] = f"{__name__}:Transport"
