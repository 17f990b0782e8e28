"""`make trust`: everything that may break FDC, in full counts; the report goes to `docs/reference/trust.md`."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "reference" / "trust.md"
WORKERS = 3
"""Tests at a time: most of them wait for processes that were killed to be missed."""
FAULTS = (
    "tests/faults",
    "tests/journeys/test_hostile_canary.py",
    "tests/journeys/test_hostile_pages.py",
    "tests/journeys/test_hostile_use.py",
    "tests/integration/test_access.py",
    "tests/integration/test_attacks.py",
    "tests/integration/test_obeying_judge.py",
    "tests/integration/test_pair_attacks.py",
    "tests/integration/test_blindness.py",
    "tests/integration/test_odd_input.py",
    "tests/contracts/test_api_robustness.py",
    "tests/contracts/test_conversions.py",
    "tests/contracts/test_hostile_records.py",
    "tests/unit/formats/test_odd_records.py",
)
HEAD = """# Trust report

Written by `make trust`: kills, crowds, hostile texts, races and nonsense in full counts, each against real processes,
a real database and a real browser. Every test below checks rows and logs after the fault, not that something ran.
"""


def main(arguments: list[str]) -> int:
    """Pytest's exit code. Tests append their figures as JSON lines to $FDC_TRUST_REPORT; a run of chosen tests only
    prints, a run of all of them writes the report."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fdc-trust-") as folder:
        figures, results = Path(folder, "figures.jsonl"), Path(folder, "results.xml")
        surroundings = os.environ | {"FDC_TRUST": "1", "FDC_TRUST_REPORT": str(figures)}
        chosen = arguments or [path for path in FAULTS if (ROOT / path).exists()]
        command = [
            sys.executable,
            "-m",
            "pytest",
            f"-n{WORKERS}",
            "--dist=worksteal",
            "--timeout=1800",
            f"--junit-xml={results}",
            *chosen,
        ]
        code = subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode
        lines = [json.loads(line) for line in figures.read_text("utf-8").splitlines()] if figures.exists() else []
        text = "\n".join([HEAD, _circumstances(time.monotonic() - begun), *_tests(results), *_figures(lines)])
    print(text)
    if not arguments:
        REPORT.write_text(text + "\n", encoding="utf-8")
    return code


def _circumstances(seconds: float) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    services = "with" if os.environ.get("FDC_TEST_DATABASE_URL") else "without"
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit.stdout.strip() or 'unknown'}, Python "
        f"{platform.python_version()}, {os.cpu_count()} cores, {services} PostgreSQL and Redis, "
        f"{seconds:.0f} s in all, {WORKERS} tests at a time.\n"
    )


def _tests(results: Path) -> Iterable[str]:
    """One line a test, with the outcomes of all its cases and their seconds together."""
    yield "## Tests\n\n| test | outcome | s |\n|---|---|---:|"
    told: dict[str, tuple[Counter[str], list[float]]] = {}
    for case in ElementTree.parse(results).iter("testcase"):
        faults = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        place = case.get("classname", "").removeprefix("tests.")
        words = case.get("name", "").partition("[")[0].encode("ascii", "backslashreplace").decode()[:100]
        outcomes, seconds = told.setdefault(f"{place}: {_plain(words)}", (Counter(), []))
        outcomes[faults[0] if faults else "passed"] += 1
        seconds.append(float(case.get("time", 0)))
    for name, (outcomes, seconds) in told.items():
        said = ", ".join(f"{count} {outcome}" if len(seconds) > 1 else outcome for outcome, count in outcomes.items())
        yield f"| {name} | {said} | {sum(seconds):.1f} |"


def _plain(words: str) -> str:
    """The words with nothing in them that Markdown obeys: some tests are named after hostile texts."""
    for character in "&|[]<>*`$":
        words = words.replace(character, f"&#{ord(character)};")
    return words


def _figures(lines: list[dict[str, Any]]) -> Iterable[str]:
    yield "\n## Figures\n"
    for line in lines:
        name = line.pop("test", "") or line.pop("name", "") or line.pop("scene", "")
        yield f"- **{name}**: " + ", ".join(f"{key} {value}" for key, value in line.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
