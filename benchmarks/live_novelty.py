"""`python -m benchmarks.live_novelty [rows]`: what admission pays to hold 20 new instructions against so many approved.

The rows stand in a database of its own, which is gone afterwards.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta

DRAFTS = 20
SLUG = "live-novelty"


def main(rows: int) -> None:
    """Writes the rows in one process and measures in another, so that the peak of memory is that of the index."""
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {
            "FDC_DATA_DIR": folder,
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "fdc_project.settings",
        }
        for step in ("write", "measure"):
            subprocess.run([sys.executable, "-m", "benchmarks.live_novelty", str(rows), step], env=env, check=True)


def write(rows: int) -> None:
    """A project with so many approved rows, English and Chinese."""
    from django.core.management import call_command
    from django.utils import timezone

    from generation.models import Project, Sample

    call_command("migrate", verbosity=0, interactive=False)
    now = timezone.now()
    project = Project.objects.create(slug=SLUG, name=SLUG, created_at=now)
    made = (
        Sample(
            project=project, origin="import", instruction=text, output="said", state="approved", content_hash="",
            decided_at=now - timedelta(seconds=rows - at), created_at=now,
        )
        for at, text in enumerate(_texts(rows)[:rows])
    )  # fmt: skip
    Sample.objects.bulk_create(made, batch_size=2000)


def measure(rows: int) -> None:
    """Prints seconds of CPU for the warm-up, milliseconds for 20 instructions, half of them like an approved one, and
    bytes a row at the peak."""
    from django.utils import timezone

    from generation.actions.approved_novelty import ApprovedTexts
    from generation.models import Project

    now, texts = timezone.now(), _texts(rows)
    kept, rng = texts[:rows], random.Random(7)
    new = [
        " ".join(rng.sample(text.split(), k=len(text.split()) // 2)) + f" about case {at}"
        for at, text in enumerate(kept[:DRAFTS])
    ]
    asked = [rng.choice(kept) + " please" if at % 2 else text for at, text in enumerate(new)]
    index = ApprovedTexts(Project.objects.get(slug=SLUG).pk, with_input=False, compat=False)
    index.nearest("warm", above=0.7, as_of=now)
    before, begun = _memory(), time.process_time()
    index.catch_up(now)
    index.nearest("warm", above=0.7, as_of=now)
    warm, grown = time.process_time() - begun, _memory() - before
    begun = time.process_time()
    like = [index.nearest(text, above=0.7, as_of=now) for text in asked]
    spent = 1000 * (time.process_time() - begun)
    told = f"{len(kept)} rows: warm-up {warm:.1f} s, {len(asked)} instructions {spent:.0f} ms CPU"
    print(f"{told}, {sum(each is not None for each in like)} like an approved one, {grown / len(kept):.0f} bytes a row")


def _texts(rows: int) -> list[str]:
    rng = random.Random(11)
    words = [f"word{number}" for number in range(20_000)]
    characters = [chr(0x4E00 + number) for number in range(3000)]
    return [
        " ".join(rng.choices(words[:2000] if at % 3 else words, k=rng.randint(6, 30)))
        if at % 2
        else "".join(rng.choices(characters, k=rng.randint(8, 40)))
        for at in range(rows)
    ]


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 52_000
    if len(sys.argv) > 2:
        import django

        django.setup()
        {"write": write, "measure": measure}[sys.argv[2]](count)
    else:
        main(count)
