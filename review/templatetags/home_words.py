"""The words of the home page: steps, states, money."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from review.reports.next_steps import Step

register = template.Library()

_TINTS = {
    "running": "acc",
    "stopping": "acc",
    "completed": "ok",
    "completed_with_errors": "warn",
    "paused": "warn",
    "failed": "bad",
}
_METERS = {"completed": "ok", "completed_with_errors": "ok", "cancelled": "mut", "failed": "bad", "paused": "warn"}


@dataclass(frozen=True, slots=True)
class StepWords:
    """How the page puts a step: what, why, the button, where it leads and by which key."""

    title: str
    why: str
    button: str
    path: str
    key: str


def _gaps(n: int) -> StepWords:
    title = ngettext("Make {n} row that your targets lack", "Make {n} rows that your targets lack", n)
    why = _("By what rows are about: what there should be, what is there, and a run for each gap.")
    return StepWords(title.format(n=floatformat(n, "0g")), why, _("See the gaps"), "coverage", "v")


@register.simple_tag
def step_words(step: Step) -> StepWords:
    """The words of a step, in the reader's language."""
    n = step.number
    figure = floatformat(n, "0g")
    of_run = f"runs/{n}"
    made = {
        "import_seeds": lambda: StepWords(
            _("Bring in seeds"),
            _("JSONL, JSON, CSV or TSV: instructions, or rows of columns. You see them before anything is saved."),
            _("Import seeds"), "seeds/import", "i",
        ),
        "import_rows": lambda: StepWords(
            _("Bring in rows that you have"),
            _("Examples, chats, pairs, ratings or plain text, in whatever format they are."),
            _("Import training data"), "imports/new", "d",
        ),
        "review": lambda: StepWords(
            ngettext("Review {n} row", "Review {n} rows", n).format(n=figure),
            _("One row at a time, by key: approve, edit, reject. Every decision can be undone."),
            _("Start reviewing"), "review", "r",
        ),
        "compare": lambda: StepWords(
            ngettext("Compare answers {n} time", "Compare answers {n} times", n).format(n=figure),
            _("Blind: which answer is better? By key, and every vote can be undone."),
            _("Start comparing"), f"compare/{step.of}", "c",
        ),
        "fill_coverage": lambda: _gaps(n),
        "export": lambda: StepWords(
            ngettext("Export {n} approved row", "Export {n} approved rows", n).format(n=figure),
            _("They were approved since the latest file was made."), _("Export rows"), "exports/new", "e",
        ),
        "new_run": lambda: StepWords(
            ngettext("Start a run on {n} seed", "Start a run on {n} seeds", n).format(n=figure),
            _("You see three samples and what it will cost before it starts."), _("New run"), "runs/new", "n",
        ),
        "watch_run": lambda: StepWords(
            _("Run {n} is at work").format(n=n), _("Watch its rows come in."), _("Open the run"), of_run, "w"
        ),
        "resume_run": lambda: StepWords(
            _("Run {n} is paused").format(n=n), _("See why, and resume it."), _("Open the run"), of_run, "p"
        ),
        "retry_failed": lambda: StepWords(
            _("Retry what failed in run {n}").format(n=n), _("What was answered is kept."),
            _("Open the run"), of_run, "f",
        ),
        "browse": lambda: StepWords(
            _("Look at the rows"), _("Your role shows you everything."), _("Browse samples"), "samples", "b"
        ),
    }  # fmt: skip
    return made[step.code]()


@register.filter
def state_tint(state: str) -> str:
    """The tint of a run's pill."""
    return _TINTS.get(state, "")


@register.filter
def meter_tint(state: str) -> str:
    """The tint of a run's meter."""
    return _METERS.get(state, "")


@register.filter
def money(micro: int, currency: str) -> str:
    """Micro-units of a currency as people write it: $1.98, ¥12.40."""
    sign = {"USD": "$", "CNY": "¥"}.get(currency, f"{currency} ")
    return f"{sign}{micro / 1_000_000:,.2f}"
