"""The Celery application. Tasks carry ids only; the rows hold everything else.

Each worker process looks at the rows by itself, on a timer of its own: that is what makes a lost message harmless, and
what lets the embedded mode do without a broker.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import Any

from celery import Celery, Task, bootsteps

from fdc_project.doorbells import DOORBELLS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fdc_project.settings")

log = logging.getLogger("fdc.worker")

EMBEDDED_PERIOD = 0.25
SHARED_PERIOD = 5.0
LONGEST_PAUSE = 10.0


class AnsweringTask(Task):
    """A task that takes its row's ring as answered when it begins."""

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        """The next ring for the same row is a new one."""
        if args:
            DOORBELLS.answered(self.name, args[0])


class Timer(bootsteps.StartStopStep):
    """Looks for due rows of the worker's own queues, and tells the drains when the worker is asked to end.

    It starts after the pool and stops before it, so that a pool that waits for its tasks waits for drains that know.
    """

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        self._ended = threading.Event()

    def start(self, worker: Any) -> None:
        """Starts the timer."""
        queues = sorted(worker.app.amqp.queues.consume_from)
        DOORBELLS.served.update(queues)
        worker.app.tasks["generation.start_worker"].run()
        period = EMBEDDED_PERIOD if worker.app.conf.broker_url.startswith("memory:") else SHARED_PERIOD
        threading.Thread(target=self._look, args=(worker.app, queues, period), name="fdc-timer", daemon=True).start()

    def stop(self, worker: Any) -> None:
        """Stops the timer, and lets the drains come to an end."""
        self._ended.set()
        worker.app.tasks["generation.end_worker"].run()

    terminate = close = stop

    def _look(self, app: Celery, queues: list[str], period: float) -> None:
        pause = period
        while not self._ended.is_set():
            try:
                app.tasks["generation.look_around"].run(queues=queues)
                pause = period
            except Exception as error:  # the database may be away for a while; a later look may find it
                log.warning("the timer could not look at the rows: %s: %s", type(error).__name__, error)
                pause = min(LONGEST_PAUSE, 2 * pause)
            self._ended.wait(pause)


app = Celery("fdc", task_cls=AnsweringTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["generation", "review"])
app.steps["worker"].add(Timer)
