"""`make preferences`: every method with every kind of judge on recorded answers; `docs/reference/preferences.md`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
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
completed with errors. Every line is two runs over the same rows: one of `manage.py rlhf_constructor`, whose figures
stand here, and one by the page. For that one a whole FDC is started, a browser fills in the form of a new run, asks for
the preview where a model is asked, starts, and waits for the page of the run to say that it is over. "by page" says
whether state, calls, pairs, what was held back and what was dropped came out the same, and whether the run's page says
so of its pairs.

The same in the browser (`tests/journeys/test_several_models.py`), with sixty of the prompts: three models are chosen,
and the page of the run tells what each of them had, how often the judge agreed, and whether it could be talked round.

![The form of a run with three models](preferences-new-run.png)

![The page of the run](preferences-run.png)

The report on its pairs:

![The report on the pairs](preferences-report.png)

"""
_COLUMNS = (
    "method", "judge", "state", "calls of the models", "calls of the judge", "pairs that may leave", "held back",
    "dropped", "agrees", "consistent", "seconds", "by page", "seconds by page",
)  # fmt: skip


def main(limit: int = 0) -> int:
    """0 when every run completed, came out the same by the page, and no model's name reached the judge; 1 otherwise, 2
    without the answers."""
    with tempfile.TemporaryDirectory(prefix="fdc-recorded-") as scratch:
        os.environ.update(FDC_DATA_DIR=scratch, DJANGO_SETTINGS_MODULE="fdc_project.settings")
        os.environ.update(FDC_PROVIDER_ALLOW="127.0.0.1:*", FDC_ENCRYPTION_KEY="v" * 40, FDC_SECRET_KEY="v" * 40)
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's loop runs beside ours
        for name in ("DATABASE_URL", "OPENAI_API_KEY", "DASHSCOPE_API_KEY"):
            os.environ.pop(name, None)
        import django

        django.setup()
        from django.core.management import call_command

        from tests.chat_server import chat_server
        from tests.recorded import answers, paging, playing  # after the settings are there

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
        pairs: list[tuple[Any, Any]] = []
        files = {"prompts": prompts, "ranked": ranked, "folder": folder, "limit": limit, "cases": playing.CASES}
        with chat_server(desk, models=[*answers.MODELS, answers.JUDGE, answers.LEANING]) as server:
            typed = list(_told(playing.play(server, desk, found, **files)))
            for one, other in zip(typed, paging.by_page(server, desk, found, **files), strict=True):
                pairs.append((one, other))
                print(_line(one, other), flush=True)
    good = sum(map(_good, typed))
    same = sum(not other.differs(one) and not other.outcome.names_seen for one, other in pairs)
    names = sum(each.names_seen for one, other in pairs for each in (one, other.outcome))
    foot = (
        f"\n{len(found)} prompts. {good} of {len(typed)} runs complete, {same} of {len(pairs)} the same by the page; "
        f"names of models that reached a judge: {names}. {time.monotonic() - begun:.0f} s in all.\n"
    )
    if not limit:
        REPORT.write_text(HEAD + _table(pairs) + foot, encoding="utf-8")
    print(foot)
    return 0 if good == same == len(typed) else 1


def _told(outcomes: Iterable[Any]) -> Iterator[Any]:
    """Each as it ends, said on the way."""
    for each in outcomes:
        print(each.method, each.judge, each.state, each.pairs, _counts(each.held), each.error, flush=True)
        yield each


def _good(each: Any) -> bool:
    return not each.error and each.state.startswith("completed") and not each.names_seen


def _table(pairs: Sequence[tuple[Any, Any]]) -> str:
    rows = [f"| {' | '.join(_COLUMNS)} |", "|---|---|---|---:|---:|---:|---|---|---|---|---:|---|---:|"]
    return "\n".join([*rows, *(_line(one, other) for one, other in pairs)]) + "\n"


def _line(each: Any, paged: Any) -> str:
    judging = sum(count for model, count in each.calls.items() if model.startswith("the-"))
    cells = [
        each.method, each.judge, each.state, sum(each.calls.values()) - judging, judging, each.pairs,
        _counts(each.held), _counts(each.dropped), _share(each.agreeing, each.told),
        _share(each.consistent, each.duels), f"{each.seconds:.0f}", paged.differs(each) or "the same",
        f"{paged.outcome.seconds:.0f}",
    ]  # fmt: skip
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _counts(counts: Any) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in counts.most_common()) or "–"


def _share(some: int, of: int) -> str:
    return f"{100 * some / of:.1f} % of {of}" if of else "–"


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
