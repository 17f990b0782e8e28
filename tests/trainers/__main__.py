"""`make verify-exports`: our files in the hands of TRL and LLaMA-Factory; the report: `docs/reference/trainers.md`.

Every file is made by FDC itself: rows are imported into a fresh database, frozen, exported. Each is handed over twice,
as it is and broken in one way; the trainer must take the first whole and refuse the second, and so must our own check.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

REPORT = Path(__file__).parent.parent.parent / "docs" / "reference" / "trainers.md"
STEPS = 2
HEAD = """# Exports in the trainers' hands

Written by `make verify-exports`. Rows were imported into a fresh database, frozen and exported as JSON lines by FDC.
TRL loaded each file with `datasets` and trained two real steps on a tiny model made on the spot; LLaMA-Factory's own
loader and preprocessing read each bundle through its `dataset_info.json` (no sound is decoded; pictures are looked up
but not opened). The same file broken in one way was handed over, too: the trainer must refuse it, and so must FDC's own
check before it writes.
"""


def main() -> int:
    """0 when every sound file was taken whole and every broken one refused; 1 otherwise."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fdc-verify-") as scratch:
        os.environ.update(FDC_DATA_DIR=scratch, DJANGO_SETTINGS_MODULE="fdc_project.settings")
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from tests.trainers import checking  # after the settings are there

        outcomes = checking.run(Path(scratch) / "files")
    text = "\n".join([HEAD, *_table(outcomes), "", f"{len(outcomes)} files in {time.monotonic() - begun:.0f} s.", ""])
    REPORT.write_text(text, encoding="utf-8")
    print(text)
    return 0 if all(each["good"] for each in outcomes) else 1


def _table(outcomes: Sequence[dict[str, Any]]) -> Iterable[str]:
    for trainer in dict.fromkeys(each["trainer"] for each in outcomes):
        yield f"## {trainer}\n"
        yield "| rows of | format | stage | rows taken | broken: | the trainer says | FDC says | good |"
        yield "|---|---|---|---:|---|---|---|---|"
        for each in outcomes:
            if each["trainer"] == trainer:
                cells = (each[name] for name in ("material", "format", "stage", "taken", "broken", "said", "ours"))
                cleaned = [str(cell).replace("|", "\\|") for cell in cells]
                yield f"| {' | '.join(cleaned)} | {'yes' if each['good'] else '**no**'} |"
        yield ""


if __name__ == "__main__":
    sys.exit(main())
