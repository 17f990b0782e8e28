"""The scripts in `tests/scripted_server/` and what was reckoned by hand that they bring."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from generation.actions.sources import stock_of
from generation.models import Answer, Call, PreferencePair, Run, Sample
from generation.recipes import RECIPES, recipe
from generation.recipes.json_replies import REPAIR
from tests.faults.scene import ROOT

FOLDER = ROOT / "tests" / "scripted_server"
_ENDING = ".expected.json"


@dataclass(frozen=True)
class Scripted:
    """One script with its expected counts; `name` is `<recipe>` or `<recipe>.<what>`."""

    name: str

    @property
    def script(self) -> Path:
        """What the server says."""
        return FOLDER / f"{self.name}.json"

    @property
    def recipe(self) -> str:
        """Whose run it is."""
        return self.name.partition(".")[0]

    @property
    def faulty(self) -> bool:
        """Whether the server errs on purpose: then tries, and with them the order of arrivals, hang on the clock."""
        rules = json.loads(self.script.read_text(encoding="utf-8"))["rules"]
        return any(rule.get("faults") or rule.get("every_fault") for rule in rules)

    @property
    def read_besides(self) -> frozenset[str]:
        """The fields of a request that its rules look at besides the messages."""
        rules = json.loads(self.script.read_text(encoding="utf-8"))["rules"]
        return frozenset(name for rule in rules for name in rule.get("body", {}))

    @cached_property
    def expected(self) -> Mapping[str, Any]:
        """What was reckoned."""
        found: Mapping[str, Any] = json.loads((FOLDER / f"{self.name}{_ENDING}").read_text(encoding="utf-8"))
        return found

    def check(self, *, seen: Mapping[str, Any]) -> None:
        """Counts, and the calls within the plan; `seen` is what `outcome` says of the run."""
        wanted = self.expected
        assert seen["drafts"] == wanted["drafts"]
        assert {name: seen["calls"][name] for name in wanted["calls"]} == wanted["calls"]
        for name in ("samples", "pairs", "scores", "held"):
            assert seen[name] == wanted.get(name, {}), name
        assert seen["answers"] == wanted.get("answers", seen["answers"])
        assert seen["state"] == wanted.get("state", "completed")
        if "planned" in wanted:
            assert seen["planned"] == wanted["planned"]
        least, most = seen["planned"]
        assert least <= seen["calls"]["asked"] - seen["repairs"] <= most


def every_script() -> list[Scripted]:
    """All that belong to a recipe in the list."""
    names = sorted(path.name.removesuffix(_ENDING) for path in FOLDER.glob(f"*{_ENDING}"))
    known = {each.name for each in RECIPES}
    return [each for each in map(Scripted, names) if each.recipe in known]


def outcome(run: Run) -> dict[str, Any]:
    """What came of the run beyond its figures: rows by state, the plan, and how many calls were repairs."""
    made = recipe(run.recipe)
    fields = {"seed_ids": run.seed_ids, "pinned": run.pinned}
    pairs = PreferencePair.objects.filter(run=run)
    given = [
        *Sample.objects.filter(project=run.project).exclude(scores={}).values_list("scores", flat=True),
        *Answer.objects.filter(sample__project=run.project).exclude(scores={}).values_list("scores", flat=True),
    ]
    scores = [aspect for scores in given for aspect, score in scores.items() if score.get("run") == run.pk]
    repairs = Call.objects.filter(run=run, stage__endswith=REPAIR, superseded=False, voided=False)
    return {
        "samples": dict(Counter(Sample.objects.filter(run=run).values_list("state", flat=True))),
        "pairs": dict(Counter(pairs.values_list("state", flat=True))),
        "held": dict(Counter(pairs.exclude(reason="").values_list("reason", flat=True))),
        "answers": Answer.objects.filter(run=run).count(),
        "scores": dict(Counter(scores)),
        "planned": list(made.planned_calls(made.Params(**run.params), stock_of(fields))),
        "repairs": repairs.count(),
    }
