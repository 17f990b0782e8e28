"""The table of promised features, made by a test run. Loaded by `-p tests.rows`; `make rows` writes the table.

A test named `test_000_01_...` answers for row 000-01 of docs/reference/rows.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.house import ROOT, modules

PROMISED = ROOT / "docs" / "reference" / "rows.toml"
TABLE = ROOT / "docs" / "reference" / "rows.md"
_NAME = re.compile(r"^test_(\d{3})_(\d{2})_")
HEAD = """# What is promised, and the tests that answer for it

Made by `make rows` from `rows.toml` and a run of the tests named here; do not edit by hand.

| row | feature | tests | outcome |
|---|---|---|---|
"""


@dataclass
class Proof:
    """The tests of one row and what became of them."""

    tests: set[str] = field(default_factory=set)
    passed: bool = True


def row_of(test_name: str) -> str:
    """The id of the row that a test answers for ("000-01"), empty for other tests."""
    found = _NAME.match(test_name)
    return f"{found[1]}-{found[2]}" if found else ""


def promised() -> dict[str, str]:
    """Feature by row id, in order."""
    return {row["id"]: row["feature"] for row in tomllib.loads(PROMISED.read_text(encoding="utf-8"))["row"]}


def named_in_source() -> dict[str, Proof]:
    """The tests by row as their names stand in the source, taken as passed."""
    found: dict[str, Proof] = {}
    for module in modules("tests"):
        for function in module.functions():
            if row := row_of(function.name):
                found.setdefault(row, Proof()).tests.add(f"{module.where}::{function.name}")
    return found


def table(proofs: Mapping[str, Proof]) -> str:
    """The page as text."""
    return HEAD + "".join(_line(row, feature, proofs.get(row)) for row, feature in promised().items())


def _line(row: str, feature: str, proof: Proof | None) -> str:
    tests = "<br>".join(f"`{test}`" for test in sorted(proof.tests)) if proof else ""
    outcome = ("passed" if proof.passed else "**failed**") if proof else "**no test**"
    return f"| {row} | {feature} | {tests} | {outcome} |\n"


class Recorder:
    """Keeps only the tests of rows, and writes down what became of them."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.proofs: dict[str, Proof] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leaves the other tests out."""
        items[:] = [item for item in items if row_of(item.name)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remembers each outcome; a skip is no proof."""
        where, _, name = report.nodeid.partition("[")[0].rpartition("::")
        proof = self.proofs.setdefault(row_of(name), Proof())
        proof.tests.add(f"{where}::{name}")
        proof.passed = proof.passed and report.passed

    def pytest_sessionfinish(self) -> None:
        """Writes the table."""
        self.target.write_text(table(self.proofs), encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rows FILE`."""
    parser.addoption("--rows", type=Path, help="run the tests of promised features and write the table to this file")


def pytest_configure(config: pytest.Config) -> None:
    """Adds the recorder when it is asked for."""
    if target := config.getoption("--rows"):
        config.pluginmanager.register(Recorder(target))


def missing(rows: Iterable[str]) -> list[str]:
    """The rows among these that no test answers for."""
    found = named_in_source()
    return [row for row in rows if row not in found]
