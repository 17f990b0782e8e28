"""The words of review: states, decisions, reasons, conflicts, and the pill that each row carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from generation.models import Sample
from generation.words import DROP_REASONS, word
from review.reports.receipts import WITHOUT_MODEL

register = template.Library()

STATES: Mapping[str, Any] = {
    "generated": pgettext_lazy("sample", "generated"),
    "filtered": pgettext_lazy("sample", "filtered"),
    "needs_review": pgettext_lazy("sample", "to review"),
    "approved": pgettext_lazy("sample", "approved"),
    "rejected": pgettext_lazy("sample", "rejected"),
}
TINTS = {"filtered": "warn", "approved": "ok", "rejected": "bad"}
ACTIONS: Mapping[str, Any] = {
    "approve": _("approved"),
    "reject": _("rejected"),
    "edit": _("edited"),
    "skip": _("skipped"),
    "flag": _("flagged"),
    "unflag": _("took the flag away"),
    "undo": _("took back"),
    "reopen": _("reopened"),
    "restore": _("restored"),
    "drop": _("dropped by a report"),
}
REASONS: Mapping[str, Any] = {
    "incorrect": _("Wrong or made up"),
    "off_task": _("Does not do the task"),
    "poor_language": _("Poor language"),
    "unsafe": _("Unsafe"),
    "not_useful": _("Of no use"),
}
ORIGINS: Mapping[str, Any] = {
    "model": _("by a model"),
    "rules": _("by rules"),
    "template": _("by a template"),
    "import": _("imported"),
    "person": _("by a person"),
}
PAIR_SOURCES: Mapping[str, Any] = {
    "human": _("chosen by a person"),
    "judge": _("chosen by a judge"),
    "model_gap": _("by two models"),
    "score": _("by their scores"),
    "edit": _("from an edit"),
    "rules": _("by rules"),
    "import": _("imported"),
}
EARLIER: Mapping[str, Any] = {
    "user": _("Earlier: user"),
    "assistant": _("Earlier: assistant"),
    "system": _("Earlier: system"),
    "developer": _("Earlier: developer"),
    "tool": _("Tool result"),
}
STEPS: Mapping[str, Any] = {
    "assistant": _("Then: assistant"),
    "tool": _("Tool result"),
    "system": _("Then: system"),
    "developer": _("Then: developer"),
}
LANGUAGES: Mapping[str, Any] = {"en": _("English"), "zh": _("Chinese")}
CONFLICTS: Mapping[str, Any] = {
    "already_decided": _("Somebody else decided first. Nothing of yours was written."),
    "edited_since": _("Somebody edited this row after you saw it. Nothing of yours was written."),
    "key_used": _("This page had sent something else before. Nothing was written: load it again."),
    "changed_since": _("This row was changed after you saw it. Nothing of yours was written."),
}
FAULTS: Mapping[str, Any] = {
    "not_found": _("There is no such row in this project."),
    "nothing_to_undo": _("There is nothing to take back."),
    "already_said": _("You have decided on this row already."),
    "text_missing": _("The text is missing."),
    "text_unexpected": _("A text goes only with an edit or an approval."),
    "nothing_changed": _("Nothing was changed."),
    "instruction_empty": _("The instruction is empty."),
    "nul_character": _("The text holds a NUL character, which cannot be stored."),
    "lone_surrogate": _("The text holds half of a character, which cannot be stored."),
    "too_long": _("The text is too long."),
    "reason_missing": _("Say why: a reason is needed here."),
    "busy": _("Too many people wrote at once. Try again."),
    "unknown_action": _("There is no such decision."),
    "bad_key": _("The page is out of date. Load it again."),
    "bad_version": _("The page is out of date. Load it again."),
}


@register.filter
def step(role: str) -> Any:
    """Whose turn it was on the way to the answer."""
    return word(STEPS, role)


@register.filter
def earlier(role: str) -> Any:
    """Who spoke an earlier turn."""
    return word(EARLIER, role)


@register.filter
def sample_state(code: str) -> Any:
    """How a sample stands."""
    return word(STATES, code)


@register.filter
def sample_tint(sample: Sample) -> str:
    """The tint of its pill; an approved row that was edited is blue."""
    if sample.state == Sample.State.APPROVED and sample.edited:
        return "info"
    return TINTS.get(sample.state, "")


@register.filter
def decided(code: str) -> Any:
    """What somebody did ("approved")."""
    return word(ACTIONS, code)


@register.filter
def reason(code: str) -> Any:
    """Why a sample was rejected or filtered; a project's own words stay as they are."""
    return REASONS.get(code) or DROP_REASONS.get(code) or code


@register.filter
def pair_source(code: str) -> Any:
    """Where a preference comes from."""
    return word(PAIR_SOURCES, code)


@register.filter
def origin(code: str) -> Any:
    """Who wrote the first revision."""
    return word(ORIGINS, code)


@register.filter
def language_name(code: str) -> Any:
    """The name of a sample's language."""
    return LANGUAGES.get(code, code)


@register.filter
def conflict(code: str) -> Any:
    """Why a decision was not written."""
    return word(CONFLICTS, code)


@register.filter
def fault(code: str) -> Any:
    """What is wrong with what was asked for."""
    return word(FAULTS, code)


@register.filter
def without_model(row: Sample) -> bool:
    """Whether the row carries the dashed pill: rules or a template made it."""
    return row.origin in WITHOUT_MODEL
