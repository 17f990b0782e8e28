"""Seed files for the tests of runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generation.samples import sample_path

ROOT = Path(__file__).resolve().parents[2]
OWN = sample_path("demo_seeds.en.jsonl")
NAME = "self_instruct_seed_tasks.jsonl"


def published() -> Path:
    """The 175 published seed tasks: in $FDC_SHARED_DATA, or in the folder `shared/data` beside the repository."""
    folder = Path(os.environ.get("FDC_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / NAME).exists():
        pytest.skip(f"{NAME} is not here; set FDC_SHARED_DATA to the folder that holds it")
    return folder / NAME
