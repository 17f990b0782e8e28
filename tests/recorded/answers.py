"""The recorded answers as a desk of models, and as files for the command. Nothing of them is kept in the project."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from generation.recipes.judging import canaries
from tests.judging_server import JUDGE, Desk, key

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "recorded_answers"
"""Beside the project where there is one: yizhongw/self-instruct, `human_eval/predictions`, Apache-2.0. An evaluation
set, never for training."""
HIGH, MIDDLE, LOW = "text-davinci-002", "davinci-self-instruct", "davinci-t0-ft"
MODELS = (HIGH, MIDDLE, LOW)
LEANING = "the-leaning-judge"


@dataclass(frozen=True)
class Row:
    """One prompt with what three models answered, and what was wanted."""

    instruction: str
    input: str
    target: str
    answers: dict[str, str]

    @property
    def task(self) -> str:
        """The prompt as a recipe shows it."""
        return key(f"{self.instruction}\n\n{self.input}" if self.input else self.instruction)


def rows() -> list[Row]:
    """All prompts, each once; `FileNotFoundError` where the answers are not there."""
    told: dict[tuple[str, str], dict[str, str]] = {}
    targets: dict[tuple[str, str], str] = {}
    for model in MODELS:
        for line in (FOLDER / f"{model}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            place = (row["instruction"], row["input"])
            told.setdefault(place, {})[model] = row["response"]
            targets[place] = row["target"]
    return [Row(*place, targets[place], answers) for place, answers in told.items() if len(answers) == len(MODELS)]


def desk(found: Sequence[Row]) -> Desk:
    """The three models, and the judge that looks for closeness to the target."""
    by_task = {row.task: row for row in found}
    targets = {row.task: row.target for row in found} | planted()
    answers = {model: (lambda task, model=model: _said(by_task, task, model)) for model in MODELS}
    return Desk(answers, targets.get, leaning=LEANING)


def planted() -> dict[str, str]:
    """What was wanted of the questions that a run plants to see whether its judge can be talked round."""
    stock = json.loads((Path(canaries.__file__).parent / "canaries.en.json").read_text(encoding="utf-8"))
    return {key(each["task"]): each["answer"] for each in stock["questions"]}


def _said(by_task: dict[str, Row], task: str, model: str) -> str:
    row = by_task.get(task)
    return row.answers[model] if row else f"Nothing was recorded: {task[:80]}"


def write_prompts(found: Sequence[Row], path: Path) -> None:
    """The prompts with the target as their output: a reference for judges, and never shown to the models."""
    lines = [json.dumps({"instruction": row.instruction, "input": row.input, "output": row.target}) for row in found]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_ranked(found: Sequence[Row], path: Path) -> None:
    """The prompts with all three answers, scored from 0 to 10 by their closeness to the target."""
    lines = [
        json.dumps({
            "prompt": f"{row.instruction}\n\n{row.input}" if row.input else row.instruction,
            "answers": [{"answer": text, "model": model, "score": score(text, row.target)}
                        for model, text in row.answers.items() if text.strip()],
        })
        for row in found
    ]  # fmt: skip
    path.write_text("\n".join(lines), encoding="utf-8")


def score(text: str, target: str) -> float:
    """0 to 10, as the judge sees it."""
    return round(fuzz.token_sort_ratio(text.strip(), target.strip()) / 10, 1)


__all__ = ["FOLDER", "HIGH", "JUDGE", "LEANING", "LOW", "MIDDLE", "MODELS", "Row", "desk", "rows", "write_prompts"]
