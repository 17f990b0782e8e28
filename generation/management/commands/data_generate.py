"""`manage.py data_generate`: records of a field out of a scenario, one call for each seed and entity that is drawn."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from generation.actions.prompts import FaultyPromptError, texts_for
from generation.actions.scenarios import Loaded, load_scenario
from generation.actions.sources import Choice
from generation.coverage import coverage_of
from generation.management.params import add_params, checked_params, given_params
from generation.management.running import RunCommand
from generation.models import Project, Run
from generation.recipes.base import slots
from generation.recipes.domain_generation import RECIPE
from generation.samples.scenarios import MANIFEST, SCENARIOS, Scenario, ScenarioError, scenario_in, scenario_named
from generation.scenario_words import SCENARIO_FAULTS
from generation.words import PROMPT_ADVICE, template_fault, word


class Command(RunCommand):
    """Works from a clone: brings the scenario into a project of its name, and goes on where it stopped."""

    help = "Generate records of a field from a scenario's seeds, template and vocabulary."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The original's two numbers under their names, and every other setting of the recipe."""
        self.add_run_options(parser, project="")
        named = ", ".join(SCENARIOS)
        parser.add_argument(
            "--scenario", default=SCENARIOS[0], metavar="NAME|FOLDER",
            help=f"one that ships ({named}) or a folder with a {MANIFEST} ({SCENARIOS[0]})",
        )  # fmt: skip
        add_params(parser.add_argument_group(_("settings of the recipe")), RECIPE.Params)

    def handle(self, *, scenario: str, **options: Any) -> None:
        """Exit codes as for `generate`."""
        found = _scenario(scenario)
        language = options["language"] or found.languages[0]
        given = found.manifest.params | given_params(options, RECIPE.Params)
        params = checked_params(RECIPE.Params, given)
        project = self.project(
            options["project"] or slugify(found.name) or "scenario", language=language
        )  # fmt: skip
        loaded = self._load(project, found, language)
        self._advise(project, params, language)
        choice = Choice(
            seeds={"ids": list(loaded.seed_ids)}, vocabulary=loaded.vocabulary.pk if loaded.vocabulary else None
        )
        options |= {"language": language}
        options["output_path"] = options["output_path"] or Path("data") / f"{found.name}_output.jsonl"
        wish = self.wish(
            project, recipe=RECIPE.name, params=params.model_dump(mode="json"), choice=choice, options=options
        )  # fmt: skip
        told = {"rounds": params.generate_times, "calls": params.random_seed_num, "all": params.calls}
        self.stdout.write(_("%(rounds)d rounds of %(calls)d calls: %(all)d calls.") % told)
        self._tell_coverage(self.see_through(project, wish, options=options))

    def _load(self, project: Project, scenario: Scenario, language: str) -> Loaded:
        try:
            loaded = load_scenario(project, name=scenario, language=language, by=None, now=timezone.now())
        except ScenarioError as error:
            raise CommandError(_fault(error)) from None
        except FaultyPromptError as error:
            first = error.faults[0]
            raise CommandError(
                _("The template cannot be used, line %(line)d: %(fault)s")
                % {"line": first.line, "fault": template_fault(first.code, first.name)}
            ) from None
        told = {"new": loaded.seeds, "known": loaded.there, "name": scenario.name}
        self.stdout.write(_("%(name)s: %(new)d new seeds, %(known)d known.") % told)
        for each in loaded.repeated:
            told = {"line": each.line, "id": each.id, "given": each.given}
            self.stderr.write(_("line %(line)d: the id %(id)s stood before; this seed is called %(given)s.") % told)
        return loaded

    def _advise(self, project: Project, params: Any, language: str) -> None:
        """Says what is odd about the template in use; it is the person's to judge."""
        texts = texts_for(project, recipe=RECIPE, language=language)
        for slot in slots(RECIPE):
            for code, name in slot.advises(texts[slot.name][1], params):
                self.stderr.write(str(word(PROMPT_ADVICE, code)) % {"name": name})

    def _tell_coverage(self, run: Run) -> None:
        found = coverage_of(run)
        if found is None:
            return
        draws = found.draws
        told = {"n": draws.terms, "unused": len(draws.unused), "gini": draws.gini}
        self.stdout.write(
            ngettext(
                "%(n)d entity, %(unused)d never used, Gini %(gini).2f",
                "%(n)d entities, %(unused)d never used, Gini %(gini).2f",
                draws.terms,
            )
            % told
        )
        for each in found.types:
            line = {"name": each.name or "–", "calls": each.calls, "kept": each.kept}
            self.stdout.write(_("%(name)s: %(calls)d calls, %(kept)d rows") % line)


def _scenario(text: str) -> Scenario:
    """The one that ships under that name, or the one in that folder."""
    try:
        return scenario_named(text) if text in SCENARIOS else scenario_in(Path(text))
    except ScenarioError as error:
        if error.code == "no_manifest" and not Path(text).is_dir():
            told = {"name": text, "names": ", ".join(SCENARIOS)}
            raise CommandError(
                _("There is no scenario %(name)s and no such folder; these ship: %(names)s") % told
            ) from None
        raise CommandError(_fault(error)) from None


def _fault(error: ScenarioError) -> str:
    return f"{word(SCENARIO_FAULTS, error.code)} {error.detail}".strip()
