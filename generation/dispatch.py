"""The only place that names a Celery task.

A message is a doorbell: it carries an id and nothing is lost with it, because the rows say what is due and each worker
process looks at them by itself. In the embedded mode the broker lives in each process's own memory, so there is nobody
to ring for from the web process, and a worker rings for the queues that it serves itself.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction

from fdc_project.celery import app
from fdc_project.doorbells import DOORBELLS

log = logging.getLogger("fdc.dispatch")

DRAIN_RUN = "generation.drain_run"
ADMIT = "generation.admit"
DEFAULT_QUEUE = "jobs"
_PATIENCE = 30.0 if settings.EMBEDDED else 0.5


def queue_of(task_name: str) -> str:
    """The queue that a task's messages go to."""
    route: dict[str, str] = settings.CELERY_TASK_ROUTES.get(task_name, {})
    return route.get("queue", DEFAULT_QUEUE)


def ring(task_name: str, pk: int) -> None:
    """Wakes a worker for the row once the transaction is committed; the same row again, once until it is answered."""
    transaction.on_commit(lambda: ring_now(task_name, pk))


def ring_now(task_name: str, pk: int) -> None:
    """Sends the message, where somebody can hear it. A broker that is away is no error: the rows wait."""
    queue = queue_of(task_name)
    if settings.EMBEDDED and queue not in DOORBELLS.served:
        return
    if not DOORBELLS.may_ring(task_name, pk, patience=_PATIENCE):
        return
    try:
        app.send_task(task_name, args=[pk], queue=queue, retry=False)
    except Exception as error:  # whatever the broker's client raises, the work is not lost
        DOORBELLS.answered(task_name, pk)
        log.warning("the broker did not take the message for %s %s: %s", task_name, pk, type(error).__name__)
