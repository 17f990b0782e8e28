"""`manage.py self_instruct_workshop`: the tutorial's second lesson in one command, without any argument.

Seeds, new instructions, their kind, examples, filters, a file. With a key it asks a model, without one it says so and
lets rules answer. NUM_INSTRUCTIONS and MAX_TOKENS are read as the tutorial does.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.actions.sources import Choice
from generation.management import bringing
from generation.management.params import checked_params
from generation.management.running import RunCommand
from generation.recipes.self_instruct import RECIPE

OUTPUT = Path("data/self_instruct_output.jsonl")


class Command(RunCommand):
    """Goes on where it stopped: the same command finds the same run."""

    help = "Self-Instruct from seeds to a file, with stored defaults and no argument needed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options win over the environment, the environment over the defaults."""
        self.add_run_options(parser, project="self-instruct-workshop")
        parser.set_defaults(output_path=OUTPUT)
        parser.add_argument("--input-file", type=Path, help="seed tasks (those that ship with FDC)")
        parser.add_argument("--num-instructions", type=int, help="new instructions wanted (NUM_INSTRUCTIONS, else 20)")
        parser.add_argument("--max-tokens", type=int, help="longest example (MAX_TOKENS, else the recipe's)")

    def handle(self, **options: Any) -> None:
        """Exit codes as for `generate`."""
        given = {"target": _number(options, "num_instructions"), "instance_tokens": _number(options, "max_tokens")}
        params = checked_params(RECIPE.Params, {name: value for name, value in given.items() if value is not None})
        project = self.project(options["project"], language=options["language"])
        if options["input_file"]:
            seeds = {"ids": bringing.seeds(project, path=options["input_file"], say=self.stderr.write)}
        else:
            bringing.samples_of_ours(project, say=self.stderr.write)
            seeds = {}
        wish = self.wish(
            project, recipe=RECIPE.name, params=params.model_dump(mode="json"), choice=Choice(seeds=seeds or None),
            options=options,
        )  # fmt: skip
        self.see_through(project, wish, options=options)


def _number(options: dict[str, Any], name: str) -> int | None:
    """The option, or the number in the variable of its name; `CommandError` for a variable that is no number."""
    if options[name] is not None:
        return int(options[name])
    text = os.environ.get(name.upper(), "").strip()
    if text and not text.isdecimal():
        raise CommandError(_("%(name)s is no number: %(text)s") % {"name": name.upper(), "text": text[:40]})
    return int(text) if text else None
