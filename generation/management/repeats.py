"""Options of commands that start runs: what becomes of rows that repeat others."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from generation.actions.starts import Repeats
from generation.models import Run


def add_repeat_options(parser: ArgumentParser) -> None:
    """Near-duplicates, their threshold, and texts kept for evaluation."""
    ways, usual = Run.Repeats.values, Repeats()
    say = parser.add_argument
    say(
        "--near-duplicates", choices=ways, default=usual.near_duplicates,
        help=f"rows that are nearly there already ({usual.near_duplicates})",
    )  # fmt: skip
    say(
        "--near-threshold", type=float, default=usual.threshold,
        help=f"the likeness from which they are, 0.5 to 1 ({usual.threshold})",
    )  # fmt: skip
    say(
        "--contamination", choices=ways, default=usual.contamination,
        help=f"rows that repeat a text kept for evaluation ({usual.contamination})",
    )  # fmt: skip


def repeats_asked(options: Mapping[str, Any]) -> Repeats:
    """What the options say; the usual where a command has none."""
    usual = Repeats()
    return Repeats(
        options.get("near_duplicates", usual.near_duplicates), options.get("near_threshold", usual.threshold),
        options.get("contamination", usual.contamination),
    )  # fmt: skip
