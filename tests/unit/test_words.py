"""Every code that pure code gives has its words, so that no page shows a bare code."""

from __future__ import annotations

import re

import pytest

from generation import words
from generation.models import Call, Job, Run, Sample
from generation.recipe_words import STEPS, step_of, title_of
from generation.recipes import RECIPES, offline
from generation.row_words import ROW_FAULTS
from generation.types import FAILURES
from review.contract_words import CONTRACT_FAULTS
from tests.house import ROOT

_DROPS = re.compile(
    r"(?:(?:Finding|placed)\(\s*self\.name, |code(?:, spans)? = |drop_reason=|_dropped\(payload, |fault=|, reason=)"
    r'"([a-z_]+)"'
)
_ROWS = re.compile(r'(?:Fault\(|RowError\(\s*[\w.]+,\s*|code=)"([a-z_]+)"')

OF_FILES = ("few_rows", "file_too_large", "one_class", "too_few_rows")
"""What a contract says of a file as a whole."""


def codes(pattern: re.Pattern[str], *folders: str) -> set[str]:
    """Every code that the sources of these folders give."""
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {code for path in files for code in pattern.findall(path.read_text("utf-8"))}


def test_every_reason_to_drop_a_draft_has_words():
    found = codes(_DROPS, "generation/recipes", "generation/quality")
    assert len(found) > 20
    assert found | {"over_target", "too_similar"} <= set(words.DROP_REASONS)


def test_every_fault_of_a_row_has_words():
    found = codes(_ROWS, "generation/files", "generation/formats", "generation/conversions")
    assert len(found) > 15
    # The rest is said of a target's file, on the export page alone.
    assert found <= set(CONTRACT_FAULTS)
    assert not [code for code in found - set(ROW_FAULTS) if not code.startswith("lf_") and code not in OF_FILES]


def test_every_stage_and_every_prompt_of_a_model_has_words():
    stages = {stage.name for recipe in RECIPES for stage in recipe.stages}
    assert set(STEPS) == stages | set(offline.RULES)
    assert step_of("document_qa.ask.repair") == "questions on a passage, asked once more"
    assert (step_of("gone.by"), title_of("gone")) == ("gone.by", "gone")


@pytest.mark.parametrize(
    ("table", "known"),
    [
        (words.FAILURES, FAILURES),
        (words.RUN_STATES, Run.State.values),
        (words.PAUSE_REASONS, Run.PauseReason.values),
        (words.SAMPLE_STATES, Sample.State.values),
        (words.CALL_STATES, Call.State.values),
        (words.JOB_STATES, Job.State.values),
    ],
)
def test_every_state_and_failure_has_words(table, known):
    assert set(known) == set(table)


def test_a_code_without_words_is_shown_and_never_hidden():
    assert words.word(words.FAILURES, "something_new") == "something new"
