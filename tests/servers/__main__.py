"""`make verify-providers`: our recipes on servers of other people; the report: `docs/reference/providers.md`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

REPORT = Path(__file__).parent.parent.parent / "docs" / "reference" / "providers.md"
HEAD = """# Recipes on servers of other people

Written by `make verify-providers`. Each recipe whose script has no faults was run from start to end against
OpenAI-compatible servers that others wrote, each in an environment of its own. The servers' HTTP, their checks and the
form of their answers are theirs; the words come from `tests/scripted_server`, so that the counts of drafts and samples
could be compared with those that were reckoned by hand. MockLLM calls every answer whole, so where a script cuts one
off only the end of the run is compared. `transformers serve` holds a tiny model made on the spot, with a tokenizer of
its own, that has learnt the script by heart. A recipe is left out where its script tells requests apart by what the
server does not let it know: another model, or the temperature. "test" is what a test of the connection said.

| server | recipe | state | calls answered | compared | test | seconds | good |
|---|---|---|---:|---|---|---:|---|
"""


def main() -> int:
    """0 when every recipe brought what was reckoned on every server; 1 otherwise."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fdc-verify-") as scratch:
        os.environ.update(FDC_DATA_DIR=scratch, DJANGO_SETTINGS_MODULE="fdc_project.settings")
        os.environ.update(FDC_PROVIDER_ALLOW="127.0.0.1:*", FDC_ENCRYPTION_KEY="v" * 40, FDC_SECRET_KEY="v" * 40)
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from tests.servers import playing  # after the settings are there

        outcomes = []
        for each in playing.play(Path(scratch)):
            outcomes.append(each)
            print(_line(each), flush=True)
    good = sum(not each["fault"] for each in outcomes)
    foot = f"\n{good} of {len(outcomes)} good, in {time.monotonic() - begun:.0f} s.\n"
    REPORT.write_text(HEAD + _table(outcomes) + foot, encoding="utf-8")
    return 0 if good == len(outcomes) else 1


def _table(outcomes: Sequence[dict[str, Any]]) -> str:
    return "".join(_line(each) + "\n" for each in outcomes)


def _line(each: dict[str, Any]) -> str:
    names = ("server", "recipe", "state", "calls", "compared", "found", "seconds")
    good = "yes" if not each["fault"] else f"**no**: {each['fault']}"
    cells = [*(str(each[name]) for name in names), good]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(main())
