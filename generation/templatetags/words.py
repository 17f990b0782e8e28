"""Codes in words, for templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext, ngettext

from fdc_project.web.paging import Count
from generation import words
from generation.document_words import DOCUMENT_FAULTS, DOCUMENT_KINDS
from generation.param_words import SCORE_ASPECTS, SHARE_ASPECTS, SHARE_VALUES
from generation.recipe_words import step_of, title_of
from generation.row_words import ROW_FAULTS

register = template.Library()
register.filter("recipe_title", title_of)
register.filter("recipe_step", step_of)


@register.filter
def row_fault(code: str) -> Any:
    """What is wrong with a row of a file."""
    return words.word(ROW_FAULTS, code)


@register.filter
def document_fault(code: str) -> Any:
    """Why a file gives no document."""
    return words.word(DOCUMENT_FAULTS, code)


@register.filter
def document_kind(media_type: str) -> Any:
    """What kind of document it is."""
    return words.word(DOCUMENT_KINDS, media_type)


@register.filter
def row_kind(kind: str, count: int) -> str:
    """So many rows of a kind that files hold."""
    told = {
        "samples": lambda: ngettext("{n} sample", "{n} samples", count),
        "prompts": lambda: ngettext("{n} prompt", "{n} prompts", count),
        "pairs": lambda: ngettext("{n} pair", "{n} pairs", count),
        "rankings": lambda: ngettext("{n} ranking", "{n} rankings", count),
        "feedback": lambda: ngettext("{n} rated answer", "{n} rated answers", count),
        "texts": lambda: ngettext("{n} text", "{n} texts", count),
    }
    return told[kind]().format(n=floatformat(count, "0g"))


@register.filter
def capped(count: Count) -> str:
    """A figure that was counted up to a limit: "10,000+" where there are more."""
    return str(floatformat(count.number, "0g")) + ("+" if count.more else "")


@register.filter
def job_state(code: str) -> Any:
    """How a job stands."""
    return words.word(words.JOB_STATES, code)


@register.filter
def job_fault(code: str) -> Any:
    """Why a job failed."""
    return words.word(words.JOB_FAULTS, code)


@register.filter
def run_state(code: str) -> Any:
    """How a run stands."""
    return words.word(words.RUN_STATES, code)


@register.filter
def drop_reason(code: str) -> Any:
    """Why a draft was dropped, or what a check noted."""
    return words.word(words.DROP_REASONS, code)


@register.filter
def share_aspect(code: str) -> Any:
    """In which aspect a run's drafts are shared out."""
    return words.word(SHARE_ASPECTS, code)


@register.filter
def score_aspect(code: str) -> Any:
    """What a score is about; an aspect of somebody's own stands as it was named."""
    return SCORE_ASPECTS.get(code, code)


@register.filter
def share_value(code: str) -> Any:
    """A value of such an aspect; numbers and names stand as they are."""
    return SHARE_VALUES.get(code, code)


@register.filter
def failure(code: str) -> Any:
    """Why a call failed."""
    return words.word(words.FAILURES, code)


@register.filter
def failure_advice(code: str) -> Any:
    """What to do about it, "" where there is nothing to say."""
    return words.FAILURE_ADVICE.get(code, "")


@register.filter
def pause_reason(code: str) -> Any:
    """Why a run is paused."""
    return words.word(words.PAUSE_REASONS, code)


@register.filter
def turn_role(code: str) -> Any:
    """Who speaks in a conversation."""
    return words.word(words.TURN_ROLES, code)


@register.filter
def in_words(text: str) -> str:
    """A text that pure code marked with `N_`, in the reader's language."""
    return gettext(text) if text else ""


@register.filter
def sample_state(code: str) -> Any:
    """How a sample stands."""
    return words.word(words.SAMPLE_STATES, code)


@register.filter
def call_state(code: str) -> Any:
    """How a call stands."""
    return words.word(words.CALL_STATES, code)


@register.filter
def json_rung(mode: str) -> Any:
    """How JSON is asked for."""
    return words.word(words.JSON_RUNGS, mode) if mode else ""


@register.filter
def run_event(kind: str) -> Any:
    """What happened to a run."""
    return words.word(words.RUN_EVENTS, kind)


@register.filter
def start_fault(code: str) -> Any:
    """Why something cannot be started so."""
    return words.word(words.START_FAULTS, code)
