"""Codes of review in words, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from generation.words import JOB_FAULTS
from review.contract_words import CONTRACT_FAULTS
from review.models import Export

EXPORT_FAULTS: Mapping[str, Any] = {
    **JOB_FAULTS,
    "disk_full": _("The disk is full. Nothing was kept of the file; make room and try again."),
    "contract": _("The target would refuse what was asked for, so no file was written. What it refuses stands below."),
    "nothing_approved": _("No approved row was left when the file was to be written."),
}
HUB_FAULTS: Mapping[str, Any] = {
    **JOB_FAULTS,
    "hub_interrupted": _("The worker stopped on the way. Push again; the token was not kept."),
    "hub_missing": _("The Hub's library is not installed on this machine."),
    "hub_repo": _("The Hub knows no such dataset, or it is somebody else's."),
    "hub_token": _("The Hub refused the token. It must be allowed to write."),
    "hub_unreachable": _("The Hub could not be reached, or refused the files."),
    "no_bundle": _("Only a whole bundle can be pushed."),
    "no_repo": _("A dataset on the Hub is named owner/name."),
    "no_token": _("The Hub wants a token that may write."),
}
EXPORT_STATES: Mapping[str, tuple[Any, str]] = {
    "waiting": (pgettext_lazy("export", "waiting"), "acc"),
    "running": (pgettext_lazy("export", "writing"), "acc"),
    "done": (pgettext_lazy("export", "ready"), "ok"),
    "failed": (pgettext_lazy("export", "failed"), "bad"),
    "cancelled": (pgettext_lazy("export", "cancelled"), ""),
}


@dataclass(frozen=True, slots=True)
class ExportWords:
    """How a page names an export's state: the word, the pill's tint, and why it failed."""

    state: Any
    tint: str
    fault: Any
    freezing: bool


def export_words(export: Export) -> ExportWords:
    """The words for one export."""
    job = export.job
    state, tint = EXPORT_STATES[job.state]
    fault = _fault(job.message) if job.state == "failed" else ""
    return ExportWords(state, tint, fault, freezing=not job.over and not export.version.content_hash)


def _fault(message: str) -> Any:
    """Why an export failed; a fault of the writer itself comes as "fault:<code>"."""
    code = message.removeprefix("fault:")
    return CONTRACT_FAULTS.get(code, code) if code != message else EXPORT_FAULTS.get(message, message)
