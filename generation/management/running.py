"""Commands that start a run and see it through: where its rows come from, what asks, what it may cost, what it brought.

The same command again goes on with the same run, because the run is found by what was asked for.
"""

from __future__ import annotations

import hashlib
import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from fdc_project.starting import migrations_are_due
from generation.actions.chosen_sources import Asked, automatic
from generation.actions.endpoints import ensure_installation_endpoints
from generation.actions.projects import create_project
from generation.actions.runs import StartRefusedError, resume_run, retry_failed, start_wished
from generation.actions.sources import Choice
from generation.actions.starts import Wish
from generation.management.at_work import work
from generation.management.costs import confirmed
from generation.management.files import LEFT_OUT, FileCommand
from generation.management.outcome import Progress, summary, write_samples
from generation.management.repeats import add_repeat_options, repeats_asked
from generation.models import Endpoint, Project, Run
from generation.recipes import recipe as recipe_named
from generation.recipes.base import Recipe, asks_model, parts
from generation.words import START_FAULTS, word

STOPPED = 4
"""The run waits where it is: for a higher budget, for a key, or because somebody pressed Ctrl-C."""

MICRO = 1_000_000


class RunCommand(FileCommand):
    """A command that needs the installation's database and nothing else: no web server, no worker."""

    def add_run_options(self, parser: ArgumentParser, *, project: str) -> None:
        """What every such command takes."""
        say = parser.add_argument
        say("--project", default=project, help=f"address of the project, made when there is none ({project})")
        say("--language", choices=("en", "zh"), help="of the prompts (the project's)")
        say("--provider", help="name of an endpoint: openai, dashscope, offline, or as the project calls it")
        say("--model", help="the model to ask (the first that the endpoint lists)")
        say("--random-seed", type=int, default=42, help="of every random choice (42)")
        say("--budget", type=_amount, help="stop at this cost, in the currency of the model's price")
        say("--max-in-flight", type=int, default=64, help="calls on the wire at once (64)")
        add_repeat_options(parser)
        say("--output-path", type=Path, help="write what the run made as Alpaca JSON lines")
        say("--again", action="store_true", help="start a new run although the same one was run before")
        say("--yes", action="store_true", help="do not ask, whatever it may cost")

    def add_part_options(self, parser: ArgumentParser, recipe: Recipe) -> None:
        """A model and an endpoint for each further model that the recipe asks."""
        for part in parts(recipe):
            told = f"{part.title}: " if part.title else ""
            parser.add_argument(f"--{part.name}-model", help=told + "the model to ask (the run's own)")
            parser.add_argument(f"--{part.name}-endpoint", help=told + "the endpoint's name (the run's own)")

    def project(self, slug: str, *, language: str | None) -> Project:
        """The project, in a database that is ready for it."""
        if migrations_are_due():
            call_command("migrate", interactive=False, verbosity=0)
        now = timezone.now()
        ensure_installation_endpoints(now=now)
        found = Project.objects.filter(slug=slug).first()
        return found or create_project(name=slug, language=language or "en", by=None, now=now)

    def wish(
        self, project: Project, *, recipe: str, params: Mapping[str, Any], choice: Choice, options: Mapping[str, Any]
    ) -> Wish:
        """The run that was asked for; says it when rules will answer because no key is there."""
        (endpoint, listed), *others = self._sources(project, options.get("provider"))
        model, made = options.get("model") or listed, recipe_named(recipe)
        if endpoint.offline and asks_model(made, made.Params(**params)):
            self.stderr.write(_("Rules answer, no language model: what is made says so. It costs nothing."))
        return Wish(
            recipe, params, options.get("language") or project.language[:2], endpoint, model, choice,
            options["random_seed"], options.get("budget"), options["max_in_flight"],
            fallbacks=() if options.get("model") else tuple(others),
            parts={} if endpoint.offline else self._parts(project, made, endpoint, options),
            repeats=repeats_asked(options),
        )  # fmt: skip

    def _parts(self, project: Project, made: Recipe, own: Endpoint, options: Mapping[str, Any]) -> dict[str, Asked]:
        """The further models that were named: at the run's own endpoint where none is named with them."""
        found = {}
        for part in parts(made):
            name, model = options.get(f"{part.name}_endpoint"), options.get(f"{part.name}_model")
            if name or model:
                endpoint, listed = self._sources(project, name)[0] if name else _with_model(own)
                found[part.name] = (endpoint, model or listed)
        return found

    def see_through(self, project: Project, wish: Wish, *, options: Mapping[str, Any]) -> Run:
        """Starts the run or goes on with it, works it to its end, says what it brought and writes it down.

        Ends the command with `LEFT_OUT` when items failed, with `STOPPED` when the run waits for somebody.
        """
        run = self._run(project, wish, options)
        progress = Progress(self.stderr)
        if run.state not in _OVER:
            run = work(run, tell=progress.tell)
            progress.end()
        for line in summary(run, now=timezone.now()):
            self.stdout.write(line)
        if options.get("output_path"):
            self.write_out(run, options=options)
        if run.state == Run.State.PAUSED:
            self.stderr.write(_("The run waits; the same command goes on with it."))
            sys.exit(STOPPED)
        if run.state == Run.State.COMPLETED_WITH_ERRORS:
            sys.exit(LEFT_OUT)
        if run.state != Run.State.COMPLETED:
            raise CommandError(_("The run is %(state)s.") % {"state": run.state})
        return run

    def write_out(self, run: Run, *, options: Mapping[str, Any]) -> None:
        """Writes what the run made to the output path, and says so."""
        told = {"count": write_samples(run, options["output_path"]), "file": options["output_path"]}
        self.stdout.write(_("%(count)d rows written to %(file)s; nobody has reviewed them yet.") % told)

    def _run(self, project: Project, wish: Wish, options: Mapping[str, Any]) -> Run:
        key = _key(wish)
        mine = Run.objects.filter(project=project, start_key__startswith=key, preview=False)
        run = mine.order_by("-id").first()
        if run is None or options["again"]:
            key = f"{key}-{mine.count()}"
            try:
                measured = confirmed(
                    project, wish, key=key, yes=options["yes"], ask=self._ask, say=self.stderr.write,
                    now=timezone.now(),
                )  # fmt: skip
                return start_wished(
                    project, wish=wish, by=None, now=timezone.now(), start_key=key, measured=measured
                )  # fmt: skip
            except StartRefusedError as refused:
                raise CommandError(_why(refused)) from None
        if run.state == Run.State.PAUSED:
            return resume_run(run)
        if run.state == Run.State.COMPLETED_WITH_ERRORS:
            retry_failed(run)
        elif run.state in _OVER:
            self.stderr.write(_("This run is over; --again starts another one."))
        return Run.objects.get(pk=run.pk)

    def _sources(self, project: Project, name: str | Endpoint | None) -> list[Asked]:
        """The endpoint of that name or kind with its first model; without a name those that the environment has keys
        for, in the configured order, else the project's first with a key, else the rules."""
        if isinstance(name, Endpoint):
            return [_with_model(name)]
        usable = list(Endpoint.objects.usable_in(project))
        if name:
            wanted = name.casefold()
            for endpoint in usable:
                if wanted in (endpoint.name.casefold(), endpoint.kind, endpoint.environment.partition("_")[0].lower()):
                    return [_with_model(endpoint)]
            known = ", ".join(endpoint.name for endpoint in usable)
            raise CommandError(
                _("No endpoint is called %(name)s; there are: %(known)s") % {"name": name, "known": known}
            )
        own = [_with_model(each) for each in usable if each.has_key and not each.offline]
        return automatic(project) or own[:1] or [_with_model(each) for each in usable if each.offline]

    def _ask(self, sentence: str) -> bool:
        """Whether somebody at the terminal says yes; False where nobody sits."""
        if not sys.stdin.isatty():
            return False
        self.stderr.write(f"{sentence} [y/N] ", ending="")
        return input().strip().lower() in ("y", "yes", "是")


_OVER = (Run.State.COMPLETED, Run.State.COMPLETED_WITH_ERRORS, Run.State.CANCELLED, Run.State.FAILED)


def _with_model(endpoint: Endpoint) -> Asked:
    return endpoint, next(iter(endpoint.models_listed), "")


def _key(wish: Wish) -> str:
    """The same for the same wish, whatever its budget and pace: those may change when it goes on."""
    plain = replace(wish, endpoint=None, fallbacks=(), budget_micro=None, max_in_flight=0)
    what: list[Any] = [repr(plain), wish.endpoint.pk if wish.endpoint else 0]
    if wish.parts:
        what.append({name: [endpoint.pk, model] for name, (endpoint, model) in wish.parts.items()})
    return "command-" + hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:32]


def _why(refused: StartRefusedError) -> str:
    faults = "; ".join(f"{name}: {code}" for name, code in refused.faults)
    part = f"--{refused.part}-model: " if refused.part else ""
    return f"{part}{word(START_FAULTS, refused.code)} {faults}".strip()


def _amount(text: str) -> int:
    """An amount of money in micro-units."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not Decimal(0) < amount < Decimal(1_000_000):
        raise ValueError(text)
    return int(amount * MICRO)
