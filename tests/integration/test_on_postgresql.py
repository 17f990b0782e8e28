"""What came in, is mixed, compared and goes out on SQLite does so on PostgreSQL: the same tests, run there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.installation import ROOT
from tests.services import Services
from tests.surroundings import GIVEN_BY_CONTROLLER, OTHER_DATABASE

ROWS = (
    "bulk_rows", "row_imports", "row_kinds", "dataset_kinds", "bundles", "exports", "cost_control", "spend", "rounds",
    "comparing",
)  # fmt: skip
COMPARED = "test_dataset_pages.py::test_000_33_versions_tell_row_by_row_what_differs"
OF_THE_OTHER_RUN = ("PYTEST_", GIVEN_BY_CONTROLLER)


@pytest.mark.services
@pytest.mark.slow
def test_rows_come_in_are_frozen_compared_and_exported_on_postgresql_as_on_sqlite(services: Services) -> None:
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_OTHER_RUN)}
    files = [f"tests/integration/{name}" for name in (*(f"test_{each}.py" for each in ROWS), COMPARED)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *files],
        cwd=ROOT, env=surroundings | {OTHER_DATABASE: services.database_url}, text=True, capture_output=True,
        timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
