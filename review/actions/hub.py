"""Pushing a bundle to the Hugging Face Hub: a job whose token is sealed while it waits, and gone when it is over."""

from __future__ import annotations

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from functools import partial

from django.db import transaction

from generation import secrets
from generation.actions.audit import audit
from generation.actions.jobs import fail_job, finish_job, save_progress, start_job
from generation.models import Job, Person
from review.actions.exports import file_path
from review.exporting.hub import REPO, Client, HubError, open_client, push
from review.exporting.options import ExportOptions
from review.exporting.source import Clock
from review.models import Export

KIND = "review.push_to_hub"
BEAT = 5.0
"""Seconds between two renewals of the lease while a bundle goes up."""
MOST_TOKEN = 200


class PushError(ValueError):
    """The bundle cannot be pushed as it was asked for: "no_bundle", "no_repo", "no_token"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def start_push(export: Export, *, repo: str, private: bool, token: str, by: Person | None, now: datetime) -> Job:
    """A waiting job that uploads the bundle. `PushError`."""
    if not (export.ready and ExportOptions.from_config(export.options).bundle and file_path(export).exists()):
        raise PushError("no_bundle")
    if not REPO.fullmatch(repo):
        raise PushError("no_repo")
    if not (token.isascii() and token.isprintable() and 0 < len(token) <= MOST_TOKEN):
        raise PushError("no_token")
    box = secrets.seal(token, bound_to=_bound(export.pk, repo))
    params = {"export": export.pk, "repo": repo, "private": private}
    with transaction.atomic():
        job = start_job(export.project, kind=KIND, params=params, by=by, now=now)
        job.cursor = {"box": base64.b64encode(box).decode()}
        job.save(update_fields=["cursor"])
        audit("export.push", by=by, now=now, project=export.project, subject=str(export.pk), **params)
    return job


def push_bundle(job: Job, *, clock: Clock, opened: Callable[[str], Client] = open_client) -> None:
    """Uploads the bundle of the job and ends it either way; the token is forgotten first thing after it was read.

    `JobLostError` when somebody else has the job now.
    """
    export = Export.objects.select_related("version__dataset", "project").get(pk=job.params["export"])
    box, repo = job.cursor.get("box"), job.params["repo"]
    if not box:
        # A worker died on the way: whoever wants it up there gives the token again.
        fail_job(job, message="hub_interrupted", now=clock())
        return
    token = secrets.unseal(base64.b64decode(box), bound_to=_bound(export.pk, repo))
    save_progress(job, now=clock(), cursor={name: value for name, value in job.cursor.items() if name != "box"})
    message = f"{export.version.dataset.name}, version {export.version.number}"
    work = partial(
        push, file_path(export), repo=repo, private=job.params["private"], token=token, message=message, opened=opened
    )
    try:
        with ThreadPoolExecutor(1) as pool:
            sent = pool.submit(work)
            while wait([sent], timeout=BEAT).not_done:
                save_progress(job, now=clock())
        address = sent.result()
    except HubError as error:
        fail_job(job, message=error.code, now=clock())
        return
    save_progress(job, now=clock(), cursor=job.cursor | {"address": address})
    finish_job(job, now=clock())


def pushes(export: Export) -> list[Job]:
    """The uploads of this export, newest first."""
    return list(Job.objects.in_project(export.project).filter(kind=KIND, params__export=export.pk)[:5])


def _bound(export: int, repo: str) -> str:
    return f"push:{export}:{repo}"
