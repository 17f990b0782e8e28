"""`manage.py rlhf_constructor`: the tutorial's fourth lesson. Prompts in, preference pairs out, verified by a judge.

The models tell the provider where none is named; without any key it says so and lets rules answer, and every row of
theirs is marked.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from generation.actions.chosen_parts import alike
from generation.actions.sources import Choice
from generation.management import homes, prompt_files
from generation.management.files import LEFT_OUT
from generation.management.params import add_param, checked_params
from generation.management.running import RunCommand
from generation.models import Endpoint, Project, Run
from generation.preference_words import HELD_BACK
from generation.providers.families import maker_at
from generation.recipes import recipe
from generation.recipes.base import Recipe, asks_model
from generation.words import RUN_EVENTS, word
from review.management.pair_files import write_pairs

METHODS = ("model_comparison", "generate_pairs", "rank_responses")
OUTPUT = Path("data/rlhf_preference.jsonl")
USUAL = {"openai": ("gpt-4o", "gpt-4o-mini"), "dashscope": ("qwen-max", "qwen-plus")}
"""The stronger and the weaker model of a maker, where nobody names any."""
_BESIDE = {"model_comparison": "low", "generate_pairs": "second"}
"""The part that the weaker model answers."""
_RENAMED = {"candidates": "--num-candidates", "answer_tokens": "--max-tokens", "most_rows": "--limit"}
_OWN_OPTIONS = {"low", "high", "scored", "wave_size"}


class Command(RunCommand):
    """Goes on where it stopped: the same command finds the same run."""

    help = "Build preference pairs: two models compared, best and worst of several answers, or answers ranked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The tutorial's own option names first, then one option for each setting of the three recipes."""
        say = parser.add_argument
        say("--input-file", type=Path, required=True, help="Alpaca, few-shot or Self-Instruct rows, conversations, "
            "pairs or ranked answers; JSON, JSONL, CSV, TSV or Parquet")  # fmt: skip
        say("--method", choices=METHODS, default=METHODS[0], help=f"({METHODS[0]})")
        self.add_run_options(parser, project="preferences")
        parser.set_defaults(output_path=OUTPUT)
        say("--high-model", help="the stronger model; its answer is the one to be chosen")
        say("--low-model", help="the weaker model; of generate_pairs a second one that writes candidates")
        say("--judge-model", help="the model that judges (the stronger one)")
        say("--judge-provider", help="where the judge is asked, by the endpoint's name (as the models)")
        say("--with-scores", action="store_true", help="have answers scored, and write score_chosen and score_rejected")
        say("--scale", nargs=2, type=int, metavar=("LOW", "HIGH"), help="of the judge's scores (1 10)")
        say("--format", help="how the file is read, where that cannot be told")
        group = parser.add_argument_group(_("settings of the recipes"))
        for name, fields in _settings().items():
            add_param(group, name=name, fields=fields, option=_RENAMED.get(name))

    def handle(self, *, method: str, **options: Any) -> None:
        """Exit code 0 for pairs, 3 for failed items or none that may leave, 4 when it waits, 5 for an unagreed cost."""
        made = recipe(method)
        params = checked_params(made.Params, _given(made, options))
        if options["high_model"] and options["low_model"] and alike(options["high_model"], other=options["low_model"]):
            raise CommandError(_("The same model twice shows no difference: name two."))
        project = self.project(options["project"], language=options["language"])
        asked = self._asked(project, made, params, options)
        choice = self._choice(project, method, params, options)
        wish = self.wish(
            project, recipe=method, params=params.model_dump(mode="json"), choice=choice, options=options | asked
        )  # fmt: skip
        self.see_through(project, wish, options=options)

    def write_out(self, run: Run, *, options: Mapping[str, Any]) -> None:
        """The pairs that may leave; says how many were held back for what reason."""
        path = options["output_path"]
        done = write_pairs(run, path, with_scores=options["with_scores"], source=options["input_file"])
        told = ngettext("%(n)d pair written to %(file)s", "%(n)d pairs written to %(file)s", done.pairs)
        self.stdout.write(told % {"n": done.pairs, "file": path})
        for reason, count in done.held:
            self.stdout.write(_("held back: %(n)d, %(reason)s") % {"n": count, "reason": word(HELD_BACK, reason)})
        for event in run.events.order_by("id"):
            self.stderr.write(str(word(RUN_EVENTS, event.kind)))
        if not done.pairs and run.state == Run.State.COMPLETED:
            sys.exit(LEFT_OUT)

    def _choice(self, project: Project, method: str, params: Any, options: Mapping[str, Any]) -> Choice:
        """The rows of the file: prompts alone, or with the answers that they have."""
        path, name, say = options["input_file"], options["format"], self.stderr.write
        if method == "rank_responses":
            ids = prompt_files.answered(project, path=path, format=name, say=say)
            return Choice(("answers",), answers={"ids": ids})
        ids = prompt_files.prompts(project, path=path, format=name, with_outputs=params.reference, say=say)
        return Choice(("samples",), samples={"ids": ids, "state": "any"})

    def _asked(self, project: Project, made: Recipe, params: Any, options: Mapping[str, Any]) -> dict[str, Any]:
        """The endpoint and the model of each part, as the options of a run name them."""
        high = options["high_model"] or options["model"] or ""
        low, judge = options["low_model"] or "", options["judge_model"] or ""
        if made.name == "rank_responses":
            high, low, judge = judge or high, "", ""
        (endpoint, listed), *_others = self._sources(
            project, options["provider"] or self._inferred(project, high or low)
        )
        if not asks_model(made, params) or endpoint.offline:
            rules = endpoint if endpoint.offline else _rules(project)
            return {"provider": rules, "model": "", "low_model": None, "judge_model": None}
        usual = USUAL.get(maker_at(endpoint.base_url, kind=endpoint.kind), (listed, ""))
        high, beside = high or usual[0], _BESIDE.get(made.name, "")
        low = low or (usual[1] if beside == "low" else "")
        if beside == "low" and (not low or alike(high, other=low)):
            raise CommandError(_("Name two models: --high-model and --low-model."))
        homes.check_serves(endpoint, models=[high])
        asked: dict[str, Any] = {"provider": endpoint, "model": high, "low_model": None, "judge_model": None}
        if low:
            home = self._home(project, low, endpoint, options["provider"])
            asked |= {f"{beside}_model": low, f"{beside}_endpoint": home}
        if judge or options["judge_provider"]:
            home = self._home(project, judge, endpoint, options["judge_provider"])
            asked |= {"judge_model": judge or None, "judge_endpoint": home}
        return asked

    def _inferred(self, project: Project, model: str) -> Endpoint | None:
        """Where a model is asked when nobody says it; None leaves it to the environment's keys, and to the rules."""
        return homes.home_of(project, model=model) if model else None

    def _home(self, project: Project, model: str, own: Endpoint, named: str | None) -> Endpoint:
        """The endpoint of a further model: the named one, else the run's own if it has the model, else one that has."""
        if named:
            endpoint = self._sources(project, named)[0][0]
            homes.check_serves(endpoint, models=[model] if model else [])
            return endpoint
        if not model or homes.serves(own, model=model):
            return own
        return homes.home_of(project, model=model) or own


def _settings() -> dict[str, list[Any]]:
    """Every setting of the three recipes that has no option of its own, with the fields that are called so."""
    found: dict[str, list[Any]] = {}
    for method in METHODS:
        for name, field in recipe(method).Params.model_fields.items():
            if name not in _OWN_OPTIONS:
                found.setdefault(name, []).append(field)
    return found


def _given(made: Recipe, options: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that were typed; `CommandError` for one that the method does not have."""
    fields = made.Params.model_fields
    given = {name: options[name] for name in _settings() if options.get(name) is not None}
    for name in given:
        if name not in fields:
            told = {"option": _RENAMED.get(name, "--" + name.replace("_", "-")), "method": made.name}
            raise CommandError(_("%(option)s is no setting of %(method)s.") % told)
    if options["scale"]:
        given["low"], given["high"] = options["scale"]
    if options["with_scores"] and "scored" in fields:
        given["scored"] = True
    return given


def _rules(project: Project) -> Endpoint:
    return next(each for each in Endpoint.objects.usable_in(project) if each.offline)
