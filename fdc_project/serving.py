"""What the supervisor's children do: answer browsers, or work on the rows of one queue."""

from __future__ import annotations

import os
import socket
import warnings
from typing import Any

from celery.apps.worker import Worker
from celery.concurrency import thread as _thread_pool  # noqa: F401 - shared by all processes when loaded here
from celery.platforms import SecurityWarning
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication
from gunicorn.workers import gthread

from fdc_project import broker
from fdc_project.celery import app
from fdc_project.supervisor import die_with_parent, name_process

QUEUES = {"gen": 8, "jobs": 2}
"""Worker processes by the queue that each serves, and how many tasks each does at a time."""


class WebServer(BaseApplication):
    """Gunicorn on a socket that is already bound, so that no visitor is refused while it starts again."""

    def __init__(self, listener: socket.socket, *, processes: int = 1, threads: int = 8) -> None:
        self.settings: dict[str, Any] = {
            "bind": [f"fd://{os.dup(listener.fileno())}"],
            "worker_class": gthread.ThreadWorker,
            "workers": processes,
            "threads": threads,
            "preload_app": True,
            "control_socket_disable": True,
            "graceful_timeout": 8,
            "timeout": 120,
            "keepalive": 15,
            "loglevel": "warning",
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,
            "post_fork": _after_fork,
        }
        super().__init__()

    def load_config(self) -> None:
        """Settings come from the constructor alone, never from files or the command line."""
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        """The application."""
        return get_wsgi_application()


def _after_fork(arbiter: Any, worker: Any) -> None:
    die_with_parent(arbiter.pid)
    name_process("fdc-web-worker")


def serve_web(listener: socket.socket, *, processes: int = 1) -> None:
    """Answers browsers until it is told to stop."""
    WebServer(listener, processes=processes).run()


def serve_queue(queue: str) -> int:
    """Works on one queue until it is told to stop; the worker's exit code."""
    broker.install()
    warnings.simplefilter("ignore", SecurityWarning)  # messages are JSON: root is no danger to them
    worker = Worker(
        app=app,
        hostname=f"{queue}@{socket.gethostname()}",
        pool_cls="threads",
        concurrency=QUEUES[queue],
        queues=[queue],
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)
