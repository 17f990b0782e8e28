"""Hands every case to its trainer, sound and broken, and asks our own contract about the broken file, too."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management import call_command

from generation.formats import format_named
from generation.formats.contract import Contract
from generation.models import Person
from tests.trainers.environments import LLAMA_FACTORY, TRL, Trainer, probe
from tests.trainers.material import LLAMA_FACTORY_CASES, TRL_CASES, Case, Record
from tests.trainers.ours import break_file, bring_in, exported

Outcome = dict[str, Any]


def run(folder: Path) -> list[Outcome]:
    """The outcome of every case of both trainers."""
    call_command("migrate", verbosity=0)
    projects = bring_in(Person.objects.create(username="owner"))
    outcomes: list[Outcome] = []
    for trainer, cases in ((TRL, TRL_CASES), (LLAMA_FACTORY, LLAMA_FACTORY_CASES)):
        bundle, here = trainer is LLAMA_FACTORY, folder / trainer.name
        jobs, refused = [], {}
        for case in cases:
            whole, bad = here / case.name, here / f"{case.name}-broken"
            exported(projects[case.material], case, folder=whole, bundle=bundle)
            shutil.copytree(whole, bad)
            rows = break_file(_data(bad), case)
            refused[case.name] = _ours(case, rows, loaded=bundle)
            jobs += [_job(case, folder=place, below=here) for place in (whole, bad)]
        said = probe(trainer, here, jobs)
        outcomes += [_outcome(trainer, case, said, refused[case.name]) for case in cases]
    return outcomes


def _data(folder: Path) -> Path:
    [path] = [path for path in folder.glob("*.jsonl") if "manifest" not in path.name]
    return path


def _job(case: Case, *, folder: Path, below: Path) -> dict[str, Any]:
    told = {"name": folder.name, "stage": case.stage, "media": case.media}
    info = folder / "dataset_info.json"
    if info.exists():
        [dataset] = json.loads(info.read_text("utf-8"))
        return told | {"folder": str(folder.relative_to(below)), "dataset": dataset}
    return told | {"file": str(_data(folder).relative_to(below))}


def _ours(case: Case, rows: Sequence[Record], *, loaded: bool) -> str:
    """The first code by which our contract refuses the broken rows, empty if it does not."""
    contract = Contract(format_named(case.format), loaded=loaded)
    for line, row in enumerate(rows, start=1):
        contract.take(row, line=line)
    return next((fault.code for fault in contract.findings.first if fault.severity == "error"), "")


def _outcome(trainer: Trainer, case: Case, said: dict[str, Outcome], ours: str) -> Outcome:
    whole, bad = said[case.name], said[f"{case.name}-broken"]
    taken = whole.get("trained_on", whole.get("loaded", whole.get("rows", 0)))
    sound = "error" not in whole and taken == case.rows and whole.get("steps", 2) == 2
    refusal = "" if bad.get("crashed") else bad.get("error", "")
    return {
        "trainer": trainer.title, "material": case.material, "format": case.format, "stage": case.stage,
        "taken": whole.get("error", f"{taken} of {case.rows}"), "broken": case.broken,
        "said": refusal or "**nothing: it went on**", "ours": f"`{ours}`" if ours else "**nothing**",
        "good": bool(sound and refusal and ours),
    }  # fmt: skip
