"""Options to choose from: a closed task's labels, or answers of other rows; in an order that chance decides.

An option is one line. A task of labels whose set is not known has none: another task's labels would give it away.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from generation.quality.text import comparison_key
from generation.recipes.flan_templates.cells import Cell
from generation.recipes.flan_templates.params import Params

_HEADINGS = {"en": "Options:", "zh": "选项："}
_TRIES = 40
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Choices:
    """What may stand beside a right answer: for each kind the short answers of its open rows."""

    def __init__(self, cells: Sequence[Cell], params: Params) -> None:
        self._params = params
        self._answers: dict[tuple[str, str], dict[str, str]] = {}
        for cell in cells:
            if not cell.fault and self._open(cell):
                self._answers.setdefault(_form(cell), {}).setdefault(comparison_key(cell.answer).strip(), cell.answer)
        self._lists = {form: list(answers.values()) for form, answers in self._answers.items()}

    def possible(self, cell: Cell) -> bool:
        """Whether the row can have options: its answer is short, and there is at least one other."""
        if cell.labels:
            return cell.answer in cell.labels
        return self._open(cell) and len(self._lists.get(_form(cell), ())) > 1

    def draw(self, cell: Cell, *, rng: random.Random) -> list[str]:
        """The options, the right one among them, shuffled."""
        if cell.labels:
            found = list(cell.labels)
        else:
            found, key = [cell.answer], comparison_key(cell.answer).strip()
            taken, others = {key}, self._lists[_form(cell)]
            for _try in range(_TRIES):
                if len(found) >= min(self._params.max_options, len(others)):
                    break
                other = rng.choice(others)
                if comparison_key(other).strip() not in taken:
                    taken.add(comparison_key(other).strip())
                    found.append(other)
        rng.shuffle(found)
        return found

    def _open(self, cell: Cell) -> bool:
        """Whether the row's answer can stand among answers of other rows."""
        short = len(cell.answer) <= self._params.option_chars and "\n" not in cell.answer.strip()
        return short and not cell.labels and cell.kind != "classification"


def shown(options: Sequence[str], *, marks: str, language: str) -> str:
    """The list as a template shows it; "" for none."""
    if not options:
        return ""
    signs = [f"({LETTERS[at]})" if marks == "letters" else "-" for at in range(len(options))]
    return "\n".join([_HEADINGS[language], *(f"{sign} {option}" for sign, option in zip(signs, options, strict=True))])


def _form(cell: Cell) -> tuple[str, str]:
    """Answers of the same kind and language can stand beside each other."""
    return cell.kind, cell.values.get("target_language", cell.row.language)
