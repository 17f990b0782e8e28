"""`make preferences`: every method with every kind of judge on recorded answers; `docs/reference/preferences.md`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

REPORT = Path(__file__).parent.parent.parent / "docs" / "reference" / "preferences.md"
HEAD = """# Preferences from recorded answers

Written by `make preferences`, from real answers of three models to the same 252 prompts (yizhongw/self-instruct,
`human_eval/predictions`, Apache-2.0; an evaluation set, never for training). A test server answers under the models'
names: `text-davinci-002` is the stronger model, `davinci-t0-ft` the weaker one. Its judge sees texts alone, never a
name: it decides by how close an answer comes to what was wanted (rapidfuzz `token_sort_ratio`; less than one point
apart is a tie). "agrees" measures the pairs that may leave by another yardstick: in how many of them the chosen answer
has the higher ROUGE-L with the target. "consistent" is the share of pairs compared in both orders that ended alike.
Some answers that were recorded are empty: those calls fail after their tries ("call_failed"), the run says so and is
completed with errors. Every line is one run of `manage.py rlhf_constructor`.

The same in the browser (`tests/journeys/test_several_models.py`), with sixty of the prompts: three models are chosen,
and the page of the run tells what each of them had, how often the judge agreed, and whether it could be talked round.

![The form of a run with three models](preferences-new-run.png)

![The page of the run](preferences-run.png)

The report on its pairs:

![The report on the pairs](preferences-report.png)

"""
_COLUMNS = (
    "method", "judge", "state", "calls of the models", "calls of the judge", "pairs that may leave", "held back",
    "dropped", "agrees", "consistent", "seconds",
)  # fmt: skip


def main(limit: int = 0) -> int:
    """0 when every run completed and no model's name reached the judge; 1 otherwise, 2 without the answers."""
    with tempfile.TemporaryDirectory(prefix="fdc-recorded-") as scratch:
        os.environ.update(FDC_DATA_DIR=scratch, DJANGO_SETTINGS_MODULE="fdc_project.settings")
        os.environ.update(FDC_PROVIDER_ALLOW="127.0.0.1:*", FDC_ENCRYPTION_KEY="v" * 40, FDC_SECRET_KEY="v" * 40)
        for name in ("DATABASE_URL", "OPENAI_API_KEY", "DASHSCOPE_API_KEY"):
            os.environ.pop(name, None)
        import django

        django.setup()
        from django.core.management import call_command

        from tests.chat_server import chat_server
        from tests.recorded import answers, playing  # after the settings are there

        try:
            found = answers.rows()
        except FileNotFoundError:
            print("the recorded answers are not beside the project", file=sys.stderr)
            return 2
        call_command("migrate", interactive=False, verbosity=0)
        folder, desk, begun = Path(scratch), answers.desk(found), time.monotonic()
        prompts, ranked = folder / "prompts.jsonl", folder / "ranked.jsonl"
        answers.write_prompts(found, prompts)
        answers.write_ranked(found, ranked)
        outcomes = []
        with chat_server(desk, models=[*answers.MODELS, answers.JUDGE, answers.LEANING]) as server:
            for each in playing.play(
                server, desk, found, prompts=prompts, ranked=ranked, folder=folder, limit=limit
            ):  # fmt: skip
                outcomes.append(each)
                print(_line(each), each.error, flush=True)
    good = sum(not each.error and each.state.startswith("completed") and not each.names_seen for each in outcomes)
    foot = (
        f"\n{len(found)} prompts. {good} of {len(outcomes)} runs complete; names of models that reached a judge: "
        f"{sum(each.names_seen for each in outcomes)}. {time.monotonic() - begun:.0f} s in all.\n"
    )
    if not limit:
        REPORT.write_text(HEAD + _table(outcomes) + foot, encoding="utf-8")
    print(foot)
    return 0 if good == len(outcomes) else 1


def _table(outcomes: Sequence[Any]) -> str:
    rows = [f"| {' | '.join(_COLUMNS)} |", "|---|---|---|---:|---:|---:|---|---|---|---|---:|"]
    return "\n".join([*rows, *map(_line, outcomes)]) + "\n"


def _line(each: Any) -> str:
    judging = sum(count for model, count in each.calls.items() if model.startswith("the-"))
    cells = [
        each.method, each.judge, each.state, sum(each.calls.values()) - judging, judging, each.pairs,
        _counts(each.held), _counts(each.dropped), _share(each.agreeing, each.told),
        _share(each.consistent, each.duels), f"{each.seconds:.0f}",
    ]  # fmt: skip
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _counts(counts: Any) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in counts.most_common()) or "–"


def _share(some: int, of: int) -> str:
    return f"{100 * some / of:.1f} % of {of}" if of else "–"


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
