"""Every method with every kind of judge, whole, by the command; what came of it as figures."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.utils import timezone

from generation.actions.endpoints import create_endpoint
from generation.actions.prices import set_price
from generation.actions.projects import create_project
from generation.models import Call, Draft, Person, PreferencePair, Project, Run
from generation.preferences.likeness import rouge_l
from review.management.pair_files import pairs_of
from tests.chat_server import ChatServer
from tests.judging_server import Desk, key
from tests.recorded.answers import HIGH, JUDGE, LEANING, LOW, MODELS, Row

COMPARED = ("--method", "model_comparison", "--high-model", HIGH, "--low-model", LOW)
WRITTEN = ("--method", "generate_pairs", "--high-model", HIGH, "--low-model", LOW, "--num-candidates", "2")
RANKED = ("--method", "rank_responses", "--strategy", "all_pairs")
G_EVAL = ("--judge", "g_eval", "--samples", "3")
CASES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("pairwise", COMPARED, JUDGE),
    ("pairwise, leaning to the left", COMPARED, LEANING),
    ("pairwise, with scores", (*COMPARED, "--with-scores"), JUDGE),
    ("pairwise, reference shown", (*COMPARED, "--reference"), JUDGE),
    ("single", (*COMPARED, "--judge", "single"), JUDGE),
    ("aspects", (*COMPARED, "--judge", "aspects"), JUDGE),
    ("g_eval", (*COMPARED, *G_EVAL), JUDGE),
    ("heuristics", (*COMPARED, "--judge", "heuristics"), JUDGE),
    ("single", (*WRITTEN, "--judge", "single"), JUDGE),
    ("pairwise", (*WRITTEN, "--judge", "pairwise"), JUDGE),
    ("aspects", (*WRITTEN, "--judge", "aspects"), JUDGE),
    ("g_eval", (*WRITTEN, *G_EVAL), JUDGE),
    ("heuristics", (*WRITTEN, "--judge", "heuristics"), JUDGE),
    ("pairwise", (*RANKED, "--judge", "pairwise"), JUDGE),
    ("single", (*RANKED, "--judge", "single"), JUDGE),
    ("aspects", (*RANKED, "--judge", "aspects"), JUDGE),
    ("g_eval", (*RANKED, *G_EVAL), JUDGE),
    ("uploaded", (*RANKED, "--judge", "uploaded", "--scale", "0", "10"), JUDGE),
    ("heuristics", (*RANKED, "--judge", "heuristics"), JUDGE),
)
"""What the judge is called in the report, the arguments of the command, and the model that judges."""


@dataclass
class Outcome:
    """One run. `agreeing` counts pairs that may leave whose chosen answer is nearer the target by ROUGE-L, of `told`;
    `consistent` of `duels` ended alike in both orders."""

    method: str
    judge: str
    run: int
    state: str
    code: int
    calls: Counter[str] = field(default_factory=Counter)
    pairs: int = 0
    held: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    agreeing: int = 0
    told: int = 0
    consistent: int = 0
    duels: int = 0
    seconds: float = 0.0
    names_seen: int = 0
    error: str = ""


def prepare(server: ChatServer, *, slug: str) -> Project:
    """A project with the three models and the two judges at one endpoint, at 2.00 and 8.00 USD per million tokens."""
    now = timezone.now()
    owner, _ = Person.objects.get_or_create(username="recorded")
    project = create_project(name=slug, language="en", by=owner, now=now)
    names = [*MODELS, JUDGE, LEANING]
    place = create_endpoint(
        project, kind="openai_compatible", key="k" * 20, by=owner, now=now, name="Recorded", models_listed=names,
        base_url=server.base_url, timeout_seconds=30, max_in_flight=16,
    )  # fmt: skip
    for name in names:
        set_price(
            place, model=name, currency="USD", on=now.date(), source="test", input_price=Decimal(2),
            output_price=Decimal(8),
        )  # fmt: skip
    return project


def play(
    server: ChatServer, desk: Desk, found: list[Row], *, prompts: Path, ranked: Path, folder: Path, limit: int = 0,
    cases: tuple[tuple[str, tuple[str, ...], str], ...] = CASES,
) -> Iterator[Outcome]:  # fmt: skip
    """Each case as it ends, in a project of its own: nothing of one is known to the next."""
    by_task = {row.task: row for row in found}
    for at, (told, arguments, judge) in enumerate(cases):
        source = ranked if arguments[1] == "rank_responses" else prompts
        more = ("--limit", str(limit)) if limit else ()
        project = prepare(server, slug=f"recorded-{at}")
        desk.names_seen.clear()
        begun, before = time.monotonic(), Run.objects.order_by("-id").values_list("pk", flat=True).first() or 0
        code, said = _typed(
            "--input-file", str(source), *arguments, *more, "--judge-model", judge, "--provider", "recorded",
            "--project", project.slug, "--yes", "--output-path", str(folder / f"{at}.jsonl"),
        )  # fmt: skip
        run = Run.objects.filter(pk__gt=before, preview=False).order_by("-id").first()
        outcome = Outcome(arguments[1], told, run.pk if run else 0, run.state if run else "", code)
        outcome.seconds, outcome.names_seen = time.monotonic() - begun, len(desk.names_seen)
        outcome.error = "" if run and code in (0, 3) else said[-300:]
        if run:
            count(outcome, run, by_task)
        yield outcome


def _typed(*arguments: str) -> tuple[int, str]:
    said = StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            call_command("rlhf_constructor", *arguments, stdout=said, stderr=said)
    except CommandError as refused:
        return refused.returncode, f"{said.getvalue()}{refused}"
    except SystemExit as ended:
        return int(ended.code or 0), said.getvalue()
    return 0, said.getvalue()


def count(outcome: Outcome, run: Run, by_task: dict[str, Row]) -> None:
    """Counts what the run asked, made and dropped."""
    outcome.calls = Counter(Call.objects.filter(run=run, superseded=False).values_list("model", flat=True))
    outcome.dropped = Counter(
        Draft.objects.filter(run=run, state="dropped", kind="pair").values_list("reason", flat=True)
    )  # fmt: skip
    for pair in pairs_of(run).select_related("sample", "chosen", "rejected"):
        _look(outcome, pair, by_task)


def _look(outcome: Outcome, pair: PreferencePair, by_task: dict[str, Row]) -> None:
    judged: dict[str, Any] = pair.meta.get("judge", {})
    if judged.get("forward") and judged.get("backward"):
        outcome.duels += 1
        outcome.consistent += judged["forward"] == judged["backward"]
    if pair.state != PreferencePair.State.EXPORTABLE:
        outcome.held[pair.reason or pair.state] += 1
        return
    outcome.pairs += 1
    texts = [pair.sample.instruction, pair.sample.input]
    row = by_task.get(key("\n\n".join(text for text in texts if text)))
    if row is None:
        return
    better, worse = (rouge_l(answer.text, row.target) for answer in (pair.chosen, pair.rejected))
    outcome.told += better != worse
    outcome.agreeing += better > worse


if __name__ == "__main__":
    sys.exit("python -m tests.recorded")
