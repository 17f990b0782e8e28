"""`manage.py generate RECIPE`: any recipe from the command line, with an option for each of its params."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.actions.sources import Choice
from generation.management import bringing
from generation.management.params import add_params, checked_params, given_params
from generation.management.running import RunCommand
from generation.recipes import RECIPES, recipe
from generation.recipes.base import Recipe, reads

_ITS_OWN = {"language", "model", "random_seed"}


class Command(RunCommand):
    """`generate --help` lists the recipes, `generate RECIPE --help` the options of one."""

    help = "Run a recipe here and now: seeds, samples or documents in, samples to review out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word for the recipe; behind it what it draws from, how it runs, and its params."""
        each = parser.add_subparsers(dest="recipe", required=True, metavar="RECIPE", parser_class=ArgumentParser)
        for made in RECIPES:
            one = each.add_parser(made.name, help=str(made.summary), conflict_handler="resolve")
            self.add_run_options(one, project="workshop")
            self.add_part_options(one, made)
            _add_sources(one, made)
            add_params(one.add_argument_group(_("settings of the recipe")), made.Params, but=_ITS_OWN)

    def handle(self, *, recipe: str, **options: Any) -> None:
        """Exit code 0 for a complete run, 3 with failed items, 4 when it waits, 5 for an unagreed cost."""
        made = _recipe(recipe)
        params = checked_params(made.Params, given_params(options, made.Params))
        project = self.project(options["project"], language=options["language"])
        choice = _choice(project, made, options, say=self.stderr.write)
        wish = self.wish(
            project, recipe=made.name, params=params.model_dump(mode="json"), choice=choice, options=options
        )  # fmt: skip
        self.see_through(project, wish, options=options)


def _recipe(name: str) -> Recipe:
    return recipe(name)


def _add_sources(parser: ArgumentParser, made: Recipe) -> None:
    """Options for what the recipe may draw from, and for no other source."""
    say, sources = parser.add_argument, reads(made)
    if "seeds" in sources:
        say("--input-file", type=Path, help="seeds: seed tasks or a table; only these rows are used")
        say("--seed-tag", help="only seeds with this tag")
        say("--only-new", action="store_true", help="leave out what a run like this one has used already")
    if "samples" in sources:
        say("--samples", choices=("approved", "needs_review", "any"), help="draw from the project's samples instead")
        say("--sample-tag", help="only samples with this tag")
        say("--from-run", type=int, help="only samples of this run")
    if "answers" in sources:
        say("--pairs", choices=("ready", "held_back"), help="only prompts with pairs in this state")
        say("--from-run", type=int, help="only prompts with answers of this run")
    if "documents" in sources:
        say("--document", type=Path, action="append", help="text, Markdown, HTML, PDF or DOCX (may be given again)")
    if "vocabulary" in sources:
        say("--vocabulary", help="name of the project's vocabulary")


def _choice(project: Any, made: Recipe, options: dict[str, Any], *, say: Any) -> Choice:
    """What the run draws from; files that were named are brought in first."""
    seeds: dict[str, Any] = {}
    if options.get("input_file"):
        seeds["ids"] = bringing.seeds(project, path=options["input_file"], say=say)
    if options.get("seed_tag"):
        seeds["tag"] = options["seed_tag"]
    asked = {"state": options.get("samples"), "tag": options.get("sample_tag"), "run": options.get("from_run")}
    samples = {name: value for name, value in asked.items() if value is not None}
    documents = bringing.documents(project, paths=options.get("document") or [], say=say)
    vocabulary = bringing.vocabulary(project, name=options["vocabulary"]) if options.get("vocabulary") else None
    take: tuple[Any, ...] = ()
    answers: dict[str, Any] = {}
    if "answers" in reads(made):
        answers = {name: options[key] for name, key in (("pairs", "pairs"), ("run", "from_run")) if options.get(key)}
        samples = {}
    if samples and seeds:
        raise CommandError(_("Draw from seeds or from samples, not from both."))
    if samples or seeds:
        take = tuple(source for source in reads(made) if source != ("seeds" if samples else "samples"))
    if not samples and "seeds" in reads(made):
        bringing.samples_of_ours(project, say=say)
    return Choice(
        take, seeds or None, samples or None, documents, vocabulary, fresh=options.get("only_new", False),
        answers=answers or None,
    )  # fmt: skip
